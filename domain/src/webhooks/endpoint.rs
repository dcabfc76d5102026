//! How it stands with an address: whether it is told, and what its failures one after the other lead to. A dead address
//! must cost little, and somebody must learn that it is dead.

use chrono::{DateTime, Duration, Utc};

use crate::coded::coded;

/// An address that has failed for so long without a success in between is told no more, days.
pub const FAILING_DAYS_MAX: i64 = 5;
/// Longest rest that we give an address by ourselves, seconds.
const REST_S_MAX: i64 = 60;
/// Longest rest of the whole address that it may ask for, seconds.
const ASKED_REST_S_MAX: i64 = 3_600;

coded! {
    /// Where an address is.
    EndpointState {
        /// It is told.
        Active "active" "启用" "active";
        /// Somebody stopped it for a while: what happens meanwhile is kept for it.
        Paused "paused" "已暂停" "paused";
        /// It is told no more: what happens meanwhile is not kept for it.
        Disabled "disabled" "已停用" "disabled";
    }
}

coded! {
    /// Why an address was disabled.
    DisabledReason {
        /// It answered 410.
        Gone "gone" "对方应答410，表示地址已永久失效" "it answered 410: gone for good";
        /// It failed for days on end.
        Failing "failing" "连续五天推送失败" "it failed for five days on end";
    }
}

coded! {
    /// Where a delivery is.
    DeliveryState {
        /// It is to be sent, for the first time or again.
        Queued "queued" "待推送" "queued";
        /// The address has taken it.
        Delivered "delivered" "已送达" "delivered";
        /// It was given up.
        Failed "failed" "推送失败" "failed";
    }
}

/// How an address has answered of late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Rounds of sending since the last success, without any.
    pub failures: u32,
    /// When the first of them was.
    pub failing_since: Option<DateTime<Utc>>,
}

impl Health {
    /// After a round in which nothing arrived.
    pub fn after_failure(self, now: DateTime<Utc>) -> Self {
        Self { failures: self.failures.saturating_add(1), failing_since: self.failing_since.or(Some(now)) }
    }

    /// Whether it has failed for so long that it is told no more.
    pub fn is_spent(self, now: DateTime<Utc>) -> bool {
        self.failing_since.is_some_and(|since| now - since >= Duration::days(FAILING_DAYS_MAX))
    }

    /// How long the address is left alone after its latest failure: ever longer, up to a minute, or as long as it asked,
    /// up to an hour. Meanwhile others have their turn.
    pub fn rest(self, asked: Option<Duration>) -> Duration {
        let own_s = match self.failures {
            0 => 0,
            failures => {
                1_i64.checked_shl(failures - 1).filter(|rest| (1..=REST_S_MAX).contains(rest)).unwrap_or(REST_S_MAX)
            }
        };
        let asked = asked.unwrap_or_default().min(Duration::seconds(ASKED_REST_S_MAX));
        Duration::seconds(own_s).max(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_rests_ever_longer() {
        let rests = [0, 1, 2, 3, 4, 5, 6, 7, 8, 63, 64, 65, u32::MAX]
            .map(|failures| Health { failures, failing_since: None }.rest(None).num_seconds());
        assert_eq!(rests, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]);
        let failing = Health { failures: 1, failing_since: None };
        for (asked, expected) in [(0, 1), (30, 30), (100_000, 3_600)] {
            assert_eq!(failing.rest(Some(Duration::seconds(asked))).num_seconds(), expected);
        }
    }

    #[test]
    fn five_days_on_end_are_too_long() {
        let begin = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let failing = Health::default().after_failure(begin).after_failure(begin + Duration::days(4));
        assert_eq!((failing.failures, failing.failing_since), (2, Some(begin)));
        assert!(!failing.is_spent(begin + Duration::days(5) - Duration::seconds(1)));
        assert!(failing.is_spent(begin + Duration::days(5)));
        assert!(!Health::default().is_spent(begin));
    }
}
