//! How often one address may ask: a bucket per address (of IPv6, per subscriber), a narrower one for what costs or guesses
//! (log-in, codes).

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::proxies::bucket;
use crate::error::{Code, Error, Result};

/// The limits as set.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Requests per minute and address.
    pub requests_per_minute: u32,
    /// Log-ins, codes and other guessable things per minute and address.
    pub logins_per_minute: u32,
}

/// The buckets of this process.
pub struct Throttle {
    all: DefaultKeyedRateLimiter<IpAddr>,
    logins: DefaultKeyedRateLimiter<IpAddr>,
}

impl Throttle {
    /// Empty buckets.
    pub fn new(limits: RateLimits) -> Self {
        let quota = |n: u32| Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        Self {
            all: RateLimiter::keyed(quota(limits.requests_per_minute)),
            logins: RateLimiter::keyed(quota(limits.logins_per_minute)),
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// `too_many_requests`, with the seconds to wait.
    pub fn request(&self, from: IpAddr) -> Result<()> {
        check(&self.all, from)
    }

    /// Counts one log-in, code or other thing that could be guessed.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub fn login(&self, from: IpAddr) -> Result<()> {
        check(&self.logins, from)
    }

    /// Forgets addresses whose buckets are full again.
    pub fn tidy(&self) {
        self.all.retain_recent();
        self.logins.retain_recent();
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<IpAddr>, from: IpAddr) -> Result<()> {
    limiter.check_key(&bucket(from)).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs().saturating_add(1);
        Error::new(Code::TooManyRequests).retry_after(wait)
    })
}
