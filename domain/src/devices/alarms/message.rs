//! Whether somebody is told of an alarm: once per alarm, not while it is muted or over, and no more often per rule than the
//! rule allows, since whoever gets thirty messages in an hour reads none.

use chrono::{DateTime, TimeDelta, Utc};

use super::alarm::{Alarm, AlarmState};
use super::rule::Rule;
use crate::coded::coded;

coded! {
    /// Whether a message goes out.
    Message {
        /// Now.
        Send "send" "发送" "send";
        /// Not now: the rule's messages of this hour are used up.
        Limited "limited" "已达每小时上限" "the hour's messages are used up";
        /// Not now: the alarm is muted.
        Muted "muted" "已静音" "muted";
        /// Never: it was told, is over or has been seen, or the rule tells nobody.
        Done "done" "无需发送" "not needed";
    }
}

/// Whether a message about an alarm goes out now. `told` says whether one about this alarm did; `sent` are the instants of
/// the rule's messages about the machine (more than an hour's are allowed, in any order).
pub fn message(rule: &Rule, alarm: &Alarm, told: bool, sent: &[DateTime<Utc>], now: DateTime<Utc>) -> Message {
    if told || alarm.state != AlarmState::Open || !rule.enabled || rule.ways.is_empty() {
        return Message::Done;
    }
    if alarm.is_muted(now) {
        return Message::Muted;
    }
    let lately = sent.iter().filter(|at| now.signed_duration_since(**at) < TimeDelta::hours(1)).count();
    if lately >= usize::from(rule.messages_per_hour) { Message::Limited } else { Message::Send }
}
