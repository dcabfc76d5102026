//! What an answer means, and when a message is sent again: the schedule of the Standard Webhooks specification, three days
//! from the first try to the last.

use chrono::{DateTime, Duration, Utc};

use crate::coded::coded;

/// Longest that an address may take to answer, seconds.
pub const ANSWER_S_MAX: u64 = 15;
/// Waits after each failure, seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
pub const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// How often a message is sent at most.
pub const ATTEMPTS_MAX: u32 = WAITS_S.len() as u32 + 1;
/// Longest wait that an address may ask for, seconds: a day, the longest of ours.
const ASKED_S_MAX: i64 = 86_400;

coded! {
    /// Why an attempt failed.
    Failure {
        /// It answered, but not with success.
        Status "status" "对方返回的不是成功状态" "the answer was no success";
        /// It did not answer in time.
        Timeout "timeout" "对方未在限定时间内应答" "no answer in time";
        /// No connection could be made, or it broke.
        Connection "connection" "无法连接对方" "no connection";
        /// The address leads where nothing is sent.
        AddressRefused "address_refused" "地址指向非公网，未发送" "the address leads to no public network; nothing was sent";
    }
}

/// What came of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It answered with this HTTP status, and perhaps said when to come again.
    Answered(u16, Option<Duration>),
    /// It did not.
    Failed(Failure),
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The message has arrived.
    Delivered,
    /// The address says that it is gone for good: nothing is sent there any more.
    Gone,
    /// It is sent again, as long as its schedule goes.
    Again(Failure),
}

impl Attempt {
    /// What follows. Only 2xx is success; whoever answers with a redirect has not taken the message.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Answered(200..=299, _) => Verdict::Delivered,
            Self::Answered(410, _) => Verdict::Gone,
            Self::Answered(..) => Verdict::Again(Failure::Status),
            Self::Failed(failure) => Verdict::Again(failure),
        }
    }

    /// How long the address asked to be left alone, within what is granted.
    pub fn asked(self) -> Option<Duration> {
        match self {
            Self::Answered(_, asked) => asked.map(|wait| wait.clamp(Duration::zero(), Duration::seconds(ASKED_S_MAX))),
            Self::Failed(_) => None,
        }
    }

    /// When a message is sent again that has now been tried `tried` times; nothing after the last time. `spread` (0 to
    /// 255) lengthens a wait by up to a tenth, so that what failed together does not come back together.
    pub fn again(self, tried: u32, now: DateTime<Utc>, spread: u8) -> Option<DateTime<Utc>> {
        let place = usize::try_from(tried.checked_sub(1)?).ok()?;
        let wait_s = WAITS_S.get(place)?;
        let wait = Duration::milliseconds(wait_s.saturating_mul(1_000 + i64::from(spread) * 100 / 255));
        now.checked_add_signed(wait.max(self.asked().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn only_2xx_is_success_and_410_is_the_end() {
        for (status, verdict) in [
            (200, Verdict::Delivered),
            (204, Verdict::Delivered),
            (299, Verdict::Delivered),
            (199, Verdict::Again(Failure::Status)),
            (301, Verdict::Again(Failure::Status)),
            (308, Verdict::Again(Failure::Status)),
            (400, Verdict::Again(Failure::Status)),
            (404, Verdict::Again(Failure::Status)),
            (410, Verdict::Gone),
            (429, Verdict::Again(Failure::Status)),
            (500, Verdict::Again(Failure::Status)),
            (503, Verdict::Again(Failure::Status)),
        ] {
            assert_eq!(Attempt::Answered(status, None).verdict(), verdict, "{status}");
        }
        for failure in Failure::ALL {
            assert_eq!(Attempt::Failed(*failure).verdict(), Verdict::Again(*failure));
        }
    }

    #[test]
    fn a_message_is_sent_ten_times_in_three_days() {
        let attempt = Attempt::Failed(Failure::Timeout);
        let (mut now, mut tried) = (at(0), 1);
        let mut waits = vec![];
        while let Some(next) = attempt.again(tried, now, 0) {
            waits.push((next - now).num_seconds());
            (now, tried) = (next, tried + 1);
        }
        assert_eq!((tried, waits.as_slice()), (ATTEMPTS_MAX, WAITS_S.as_slice()));
        assert_eq!((now - at(0)).num_hours(), 75);
        assert_eq!(attempt.again(0, now, 0), None);
        assert_eq!(attempt.again(u32::MAX, now, 0), None);
    }

    #[test]
    fn waits_are_spread_by_a_tenth_and_what_is_asked_for_is_granted_within_a_day() {
        let failed = Attempt::Answered(503, None);
        assert_eq!(failed.again(2, at(0), 255), Some(at(330)));
        let asks = |seconds| Attempt::Answered(429, Some(Duration::seconds(seconds)));
        for (asked, expected) in [(-5, 300), (0, 300), (120, 300), (900, 900), (10_000_000, 86_400)] {
            assert_eq!(asks(asked).again(2, at(0), 0), Some(at(expected)), "{asked}");
        }
        assert_eq!(asks(900).again(ATTEMPTS_MAX, at(0), 0), None);
        assert_eq!(asks(1).again(1, DateTime::<Utc>::MAX_UTC, 0), None);
    }
}
