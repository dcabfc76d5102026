//! How often one client may ask: a bucket that fills at a steady rate and holds a burst (the generic cell rate algorithm, ITU-T
//! I.371). One number says all of it: the instant at which the bucket will be full again.

use super::limits::Limits;

const NS_PER_S: i64 = 1_000_000_000;
const NS_PER_US: i64 = 1_000;

/// The bucket of one client. A new one is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When it is full again, nanoseconds since 1970.
    full_at_ns: i64,
}

/// What is in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Requests that could be asked at once.
    pub left: u32,
    /// Seconds until it is full, rounded up; of an empty one, until there is one more.
    pub reset_s: u64,
}

/// Seconds, rounded up.
fn seconds(ns: i64) -> u64 {
    let whole = ns.max(0).saturating_add(NS_PER_S - 1) / NS_PER_S;
    whole.unsigned_abs()
}

fn every_ns(limits: &Limits) -> i64 {
    NS_PER_S / i64::from(limits.rate_per_second.max(1))
}

impl Bucket {
    /// Takes one request at `now_us` (microseconds since 1970).
    ///
    /// # Errors
    /// Where there is none, how it stands; nothing is taken then.
    pub fn take(&mut self, limits: &Limits, now_us: i64) -> Result<Level, Level> {
        let now_ns = now_us.saturating_mul(NS_PER_US);
        let next = self.full_at_ns.max(now_ns).saturating_add(every_ns(limits));
        let room_ns = every_ns(limits).saturating_mul(i64::from(limits.burst.max(1)));
        let beyond = next.saturating_sub(now_ns).saturating_sub(room_ns);
        if beyond > 0 {
            return Err(Level { left: 0, reset_s: seconds(beyond).max(1) });
        }
        self.full_at_ns = next;
        Ok(self.level(limits, now_us))
    }

    /// How it stands at `now_us`.
    pub fn level(&self, limits: &Limits, now_us: i64) -> Level {
        let now_ns = now_us.saturating_mul(NS_PER_US);
        let (every, burst) = (every_ns(limits), i64::from(limits.burst.max(1)));
        let lacking_ns = self.full_at_ns.saturating_sub(now_ns).max(0);
        let lacking = lacking_ns.saturating_add(every - 1) / every;
        let left = u32::try_from(burst.saturating_sub(lacking).max(0)).unwrap_or(u32::MAX);
        let reset_ns = if left == 0 { lacking_ns.saturating_sub(every.saturating_mul(burst - 1)) } else { lacking_ns };
        Level { left, reset_s: seconds(reset_ns) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits(rate_per_second: u32, burst: u32) -> Limits {
        Limits { rate_per_second, burst, ..Limits::default() }
    }

    #[test]
    fn a_burst_is_let_in_and_then_the_rate() {
        let (mut bucket, limits, second) = (Bucket::default(), limits(2, 3), 1_000_000);
        let begin = 1_800_000_000 * second;
        for (after_us, expected) in [
            (0, Ok(Level { left: 2, reset_s: 1 })),
            (0, Ok(Level { left: 1, reset_s: 1 })),
            (0, Ok(Level { left: 0, reset_s: 1 })),
            (0, Err(Level { left: 0, reset_s: 1 })),
            (499_999, Err(Level { left: 0, reset_s: 1 })),
            (500_000, Ok(Level { left: 0, reset_s: 1 })),
            (500_000, Err(Level { left: 0, reset_s: 1 })),
            (10 * second, Ok(Level { left: 2, reset_s: 1 })),
        ] {
            assert_eq!(bucket.take(&limits, begin + after_us), expected, "after {after_us} µs");
        }
    }

    #[test]
    fn limits_of_nothing_and_times_out_of_all_bounds_do_no_harm() {
        let nothing = Limits { rate_per_second: 0, burst: 0, at_once: 0, per_day: 0 };
        for now in [i64::MIN, -1, 0, 1, i64::MAX] {
            let mut bucket = Bucket::default();
            let _ = bucket.take(&nothing, now);
            let _ = bucket.level(&nothing, now);
        }
    }

    proptest! {
        /// However they come, in no span are there more than the burst and what the rate gives in it.
        #[test]
        fn no_span_has_more_than_the_burst_and_the_rate(
            rate in 1_u32..50, burst in 1_u32..20, gaps in prop::collection::vec(0_i64..400_000, 1..120)
        ) {
            let limits = limits(rate, burst);
            let (mut bucket, mut now, mut taken) = (Bucket::default(), 1_800_000_000_000_000_i64, vec![]);
            for gap in gaps {
                now += gap;
                let before = bucket.level(&limits, now);
                match bucket.take(&limits, now) {
                    Ok(level) => { prop_assert_eq!(level.left + 1, before.left); taken.push(now); }
                    Err(level) => { prop_assert_eq!((level.left, before.left), (0, 0)); prop_assert!(level.reset_s >= 1); }
                }
            }
            for (first, from) in taken.iter().enumerate() {
                for (last, to) in taken.iter().enumerate().skip(first) {
                    let most = i64::from(burst) + (to - from) * i64::from(rate) / 1_000_000 + 1;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= most);
                }
            }
        }
    }
}
