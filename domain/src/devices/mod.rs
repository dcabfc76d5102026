//! Machines as evidence: what a socket says, which states follow from it, how much a machine is used, what is wrong with it
//! and what it is worth.

pub mod alarms;
pub mod category;
pub mod document;
pub mod fault;
pub mod intake;
pub mod life;
pub mod listing;
pub mod messages;
pub mod reading;
mod rounding;
pub mod score;
pub mod upkeep;
pub mod utilisation;
pub mod value;
