//! What somebody does with their own data.

pub(super) mod deletion;
pub(super) mod exports;
