//! The story in parts, each told through the API to its end.
mod admission;
mod application;
mod decision;
mod documents;
mod hands;
mod log_in;
mod messages;
mod notices;
mod person;
mod policies;
mod purge;
mod scope;
mod send_back;
mod sentences;
mod staff;
