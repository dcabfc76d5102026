//! Machines as evidence: what a socket says, which states follow from it, how much a machine is used, what is wrong with it
//! and what it is worth.

pub mod reading;
pub mod utilisation;
