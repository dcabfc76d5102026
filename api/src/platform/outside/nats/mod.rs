//! A stream of NATS JetStream that holds what came in until it is in the tables: one subject for each partition and tenant,
//! one durable consumer for each partition, which all who work on it share. What the stream has acknowledged is on its
//! server's disk; what a worker has not acknowledged comes again.

mod client;
mod pull;
mod room;
mod settings;

pub use client::{Nats, Refused};
pub use pull::{Body, Hand, Lying, Progress, Pull, Waiting};
pub use settings::{NatsServers, StreamSettings};

use crate::platform::outside::scrub;

/// Why the server did not do what it was asked. It holds no password and nothing of a message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NatsError(String);

impl NatsError {
    fn new(why: impl std::fmt::Display) -> Self {
        Self(scrub(&why.to_string()))
    }
}

type Result<T> = std::result::Result<T, NatsError>;
