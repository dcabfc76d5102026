//! What is true in the business of financing guarantees: rules without I/O, async, clock or randomness. Every function
//! is total: it answers on any input and never panics.

pub mod access;
pub mod applications;
pub mod assessments;
pub mod clients;
mod coded;
pub mod consent;
pub mod customers;
pub mod devices;
pub mod entitlement;
pub mod id;
pub mod limits;
pub mod money;
pub mod network;
pub mod person;
pub mod policies;
pub mod privacy;
pub mod reference;
pub mod time;
pub mod webhooks;
pub mod words;
