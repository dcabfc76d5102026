//! Third parties' systems that call the interface by themselves: what they may be given, how they prove who they are, and how
//! much they may ask.

pub mod assertion;
pub mod bucket;
pub mod key;
pub mod limits;
pub mod scope;
pub mod standing;
