//! The rules of applications and policies through the crate's public doors: tables for what is fixed, properties and an
//! independent model for what must always hold.

#![allow(clippy::unwrap_used, reason = "helpers outside #[test] functions are tests too")]

mod completeness;
mod entitlement;
mod forms;
mod machine;
mod machine_model;
mod policies;
mod progress;
mod support;
