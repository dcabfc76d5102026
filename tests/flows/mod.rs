//! The story in parts, each told through the API to its end.

mod admission;
mod application;
mod decision;
mod documents;
mod log_in;
mod messages;
mod policies;
mod purge;
mod staff;
