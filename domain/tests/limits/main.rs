//! The rules of credit limits, as tables and as laws against models written apart from the code.

#![allow(clippy::unwrap_used, reason = "helpers outside #[test] functions are tests too")]

mod balances;
mod edges;
mod groups;
mod lifecycle;
mod model;
mod model_world;
mod operations;
mod parameters;
mod rules;
mod support;
