//! What this process remembers between one message and the next: sources, sockets, and how much each source and firm sends,
//! so that whoever floods slows nobody but themselves.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::readings::KnownSockets;
use super::sources::{KnownSource, KnownSources};
use crate::config::TelemetrySettings;
use crate::error::{Code, Error, Result};

/// Longest that a message waits for others of its firm: platforms that want an answer within two seconds get one.
const TURN_WAIT_MAX: Duration = Duration::from_secs(1);
/// When to come back for whoever waited in vain, seconds.
const RETRY_AFTER_S: u64 = 2;
const FIRMS_KEPT: u64 = 10_000;
const FIRMS_IDLE: Duration = Duration::from_secs(600);

/// The memory of one process.
pub struct Intake {
    pub(super) sources: KnownSources,
    pub(super) sockets: KnownSockets,
    rates: DefaultKeyedRateLimiter<Uuid>,
    turns: Cache<Uuid, Arc<Semaphore>>,
    at_once: usize,
}

impl Intake {
    /// Remembers nothing yet.
    pub fn new(settings: TelemetrySettings) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(settings.rate_per_second)).allow_burst(at_least_one(settings.burst));
        Self {
            sources: KnownSources::default(),
            sockets: KnownSockets::default(),
            rates: RateLimiter::keyed(quota),
            turns: Cache::builder().max_capacity(FIRMS_KEPT).time_to_idle(FIRMS_IDLE).build(),
            at_once: settings.at_once,
        }
    }

    /// Counts a message of a source and waits for the firm's turn, which ends when what is given back is dropped.
    ///
    /// # Errors
    /// `too_many_requests`, with the seconds to wait.
    pub(super) async fn turn(&self, source: &KnownSource) -> Result<OwnedSemaphorePermit> {
        self.rates.check_key(&source.id).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs().saturating_add(1);
            Error::new(Code::TooManyRequests).retry_after(wait)
        })?;
        let turn = self.turns_of(source).acquire_owned();
        match tokio::time::timeout(TURN_WAIT_MAX, turn).await {
            Ok(turn) => turn.map_err(Error::internal),
            Err(_) => Err(Error::new(Code::TooManyRequests).retry_after(RETRY_AFTER_S)),
        }
    }

    /// Waits for the firm's turn however long it takes: whoever hands over from a queue waits with the queue.
    ///
    /// # Errors
    /// None, while this process runs.
    pub(super) async fn turn_in_time(&self, source: &KnownSource) -> Result<OwnedSemaphorePermit> {
        self.turns_of(source).acquire_owned().await.map_err(Error::internal)
    }

    fn turns_of(&self, source: &KnownSource) -> Arc<Semaphore> {
        self.turns.get_with(source.tenant, || Arc::new(Semaphore::new(self.at_once)))
    }

    /// Forgets sources that have not sent for a while.
    pub fn tidy(&self) {
        self.rates.retain_recent();
    }
}
