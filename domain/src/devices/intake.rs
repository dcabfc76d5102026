//! What is taken in of what sockets say, and what is set aside until somebody looks at it.

use chrono::{DateTime, Duration, Utc};

use crate::coded::coded;

/// How far back a reading may lie, days: late ones are counted, and what is older than the year that anybody looks at was
/// more likely told by a clock that stands wrong.
pub const PAST_DAYS_MAX: i64 = 400;
/// How far ahead of our clock a reading may lie, minutes: clocks differ, but not by more.
pub const FUTURE_MINUTES_MAX: i64 = 10;

coded! {
    /// How a source proves that a message is its own.
    Verification {
        /// By our own scheme: a keyed hash over time, nonce and body.
        Hmac "hmac" "签名（HMAC-SHA256）" "signature (HMAC-SHA256)";
        /// By sending the secret itself, for platforms that send fixed headers and nothing else.
        Token "token" "固定令牌" "fixed token";
        /// As OneNET does it.
        OneNet "onenet" "OneNET 校验" "as OneNET does it";
    }
}

coded! {
    /// Why something was set aside.
    QuarantineReason {
        /// No socket is known by this name.
        UnknownDevice "unknown_device" "未登记的设备或通道" "device or channel not known";
        /// Its time lies too far back.
        TooOld "too_old" "时间过早" "too long ago";
        /// Its time lies ahead.
        Future "future" "时间在未来" "in the future";
        /// One item that cannot be read.
        BadItem "bad_item" "单条内容无法识别" "an item that cannot be read";
        /// A message that cannot be read at all.
        Unreadable "unreadable" "整条消息无法识别" "a message that cannot be read";
    }
}

coded! {
    /// How it stands with what was set aside.
    QuarantineState {
        /// Nobody has decided.
        Open "open" "待处理" "open";
        /// It was counted after all.
        Replayed "replayed" "已补录" "replayed";
        /// It does not count.
        Dismissed "dismissed" "已忽略" "dismissed";
    }
}

coded! {
    /// What became of one item of a message.
    ItemFate {
        /// It is kept.
        Stored "stored" "已保存" "stored";
        /// It was kept before.
        Duplicate "duplicate" "已有相同读数" "was there already";
        /// It was set aside.
        Quarantined "quarantined" "已放入隔离区" "set aside";
        /// It is kept on its way into the tables, and counted soon.
        Accepted "accepted" "已接收" "accepted";
        /// It says nothing that counts.
        Ignored "ignored" "无需保存" "nothing to keep";
    }
}

/// Why a reading of `at` is not counted without somebody's look at it, if it is not.
pub fn misplaced(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<QuarantineReason> {
    if is_ahead(at, now) {
        return Some(QuarantineReason::Future);
    }
    (now.signed_duration_since(at) > Duration::days(PAST_DAYS_MAX)).then_some(QuarantineReason::TooOld)
}

/// Whether an instant lies further ahead than clocks differ.
pub fn is_ahead(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at.signed_duration_since(now) > Duration::minutes(FUTURE_MINUTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_too_far_off_is_set_aside() {
        let now: DateTime<Utc> = "2026-07-01T00:00:00Z".parse().unwrap();
        for (at, expected) in [
            ("2026-07-01T00:00:00Z", None),
            ("2026-07-01T00:10:00Z", None),
            ("2026-07-01T00:10:00.000001Z", Some(QuarantineReason::Future)),
            ("2025-05-27T00:00:00Z", None),
            ("2025-05-26T23:59:59.999999Z", Some(QuarantineReason::TooOld)),
            ("1970-01-01T00:00:00Z", Some(QuarantineReason::TooOld)),
        ] {
            assert_eq!(misplaced(at.parse().unwrap(), now), expected, "{at}");
        }
        for (at, now) in
            [(DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC), (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC)]
        {
            assert!(misplaced(at, now).is_some());
        }
    }
}
