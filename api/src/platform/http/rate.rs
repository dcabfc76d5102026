//! How often one address may ask: so many requests a minute (of IPv6, per subscriber), and fewer of what costs or guesses (log-in,
//! codes). A process judges by buckets of its own first; where there are several on one database they count together as well, so
//! that whoever is sent to one and the other by a load balancer may not ask more often.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::proxies::bucket;
use super::shared::Shared;
use crate::app::App;
use crate::error::{Code, Error, Result};

/// The limits as set.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Requests per minute and address.
    pub requests_per_minute: u32,
    /// Log-ins, codes and other guessable things per minute and address.
    pub logins_per_minute: u32,
}

/// The buckets of this process, and what all count together.
pub struct Throttle {
    all: Limit,
    logins: Limit,
}

struct Limit {
    own: DefaultKeyedRateLimiter<IpAddr>,
    shared: Shared,
}

impl Limit {
    fn new(kind: &'static str, most: u32, at_once: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN));
        Self { own: RateLimiter::keyed(quota), shared: Shared::new(kind, most, at_once) }
    }

    async fn check(&self, app: &App, from: IpAddr) -> Result<()> {
        let from = bucket(from);
        self.own.check_key(&from).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs().saturating_add(1);
            Error::new(Code::TooManyRequests).retry_after(wait)
        })?;
        self.shared.check(app, from).await
    }
}

/// The part of a limit that a process takes from what all may do before it asks again: what all together do too much is less.
const PARTS: u32 = 40;

impl Throttle {
    /// Empty buckets.
    pub fn new(limits: RateLimits) -> Self {
        let RateLimits { requests_per_minute, logins_per_minute } = limits;
        Self {
            all: Limit::new("requests", requests_per_minute, (requests_per_minute / PARTS).max(1)),
            logins: Limit::new("logins", logins_per_minute, (logins_per_minute / PARTS).max(1)),
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// `too_many_requests`, with the seconds to wait.
    pub async fn request(&self, app: &App, from: IpAddr) -> Result<()> {
        self.all.check(app, from).await
    }

    /// Counts one log-in, code or other thing that could be guessed.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub async fn login(&self, app: &App, from: IpAddr) -> Result<()> {
        self.logins.check(app, from).await
    }

    /// Forgets addresses whose buckets are full again, and minutes that are over.
    pub async fn tidy(&self, app: &App) {
        for limit in [&self.all, &self.logins] {
            limit.own.retain_recent();
            limit.shared.tidy(app).await;
        }
    }
}
