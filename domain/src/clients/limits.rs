//! How much a client may ask, and how it is told: the fields `RateLimit-Policy` and `RateLimit` of
//! draft-ietf-httpapi-ratelimit-headers-11.

use core::ops::RangeInclusive;

use super::bucket::Level;

/// Requests per second that can be set.
pub const RATE_RANGE: RangeInclusive<u32> = 1..=1_000;
/// Requests at once out of a full bucket that can be set.
pub const BURST_RANGE: RangeInclusive<u32> = 1..=5_000;
/// Requests in hand together that can be set.
pub const AT_ONCE_RANGE: RangeInclusive<u32> = 1..=200;
/// Requests a day that can be set.
pub const PER_DAY_RANGE: RangeInclusive<u64> = 1..=100_000_000;
/// A day, seconds.
const DAY_S: u64 = 86_400;

/// How much one client may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests per second, in the long run.
    pub rate_per_second: u32,
    /// Requests after a rest, one right after the other.
    pub burst: u32,
    /// Requests in hand together.
    pub at_once: u32,
    /// Requests of a business day.
    pub per_day: u64,
}

impl Default for Limits {
    /// What a system of a branch needs, and what does no harm where its loop runs wild.
    fn default() -> Self {
        Self { rate_per_second: 10, burst: 20, at_once: 5, per_day: 100_000 }
    }
}

/// What is left of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayLevel {
    /// Requests.
    pub left: u64,
    /// Seconds until the next day.
    pub reset_s: u64,
}

impl Limits {
    /// `RateLimit-Policy`: the same on every answer.
    pub fn policy(&self) -> String {
        let window_s = self.burst.div_ceil(self.rate_per_second.max(1)).max(1);
        format!(
            "\"rate\";q={};w={window_s}, \"day\";q={};w={DAY_S}, \"concurrent\";q={};qu=\"concurrent-requests\"",
            self.burst, self.per_day, self.at_once
        )
    }
}

/// `RateLimit`: how it stands now.
pub fn standing(rate: Level, day: DayLevel) -> String {
    format!("\"rate\";r={};t={}, \"day\";r={};t={}", rate.left, rate.reset_s, day.left, day.reset_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_lists_of_structured_fields() {
        assert_eq!(
            Limits::default().policy(),
            "\"rate\";q=20;w=2, \"day\";q=100000;w=86400, \"concurrent\";q=5;qu=\"concurrent-requests\""
        );
        let (rate, day) = (Level { left: 3, reset_s: 2 }, DayLevel { left: 99_997, reset_s: 3_600 });
        assert_eq!(standing(rate, day), "\"rate\";r=3;t=2, \"day\";r=99997;t=3600");
        for (rate_per_second, burst, window) in [(10, 1, 1), (1, 10, 10), (3, 10, 4), (0, 0, 1)] {
            let policy = Limits { rate_per_second, burst, ..Limits::default() }.policy();
            assert!(policy.contains(&format!(";w={window}, ")), "{policy}");
        }
    }

    #[test]
    fn what_is_set_without_being_said_can_be_set() {
        let Limits { rate_per_second, burst, at_once, per_day } = Limits::default();
        assert!(RATE_RANGE.contains(&rate_per_second) && BURST_RANGE.contains(&burst));
        assert!(AT_ONCE_RANGE.contains(&at_once) && PER_DAY_RANGE.contains(&per_day));
    }
}
