//! Whether somebody is told of an alarm: once per alarm, not while it is muted or over, and no more often per rule than the
//! rule allows, since whoever gets thirty messages in an hour reads none.

use chrono::{DateTime, TimeDelta, Utc};

use super::alarm::{Alarm, AlarmState};
use super::rule::{Rule, Way};
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

impl Way {
    /// Whether it tells the machine's owner; the others tell the firm.
    pub const fn is_owners(self) -> bool {
        match self {
            Self::InApp | Self::Sms => true,
            Self::Mail | Self::Url => false,
        }
    }
}

/// Whether the machine's owner is told of an alarm now, `owners` being the alarm as the owner has dealt with it. Nobody is
/// whom the firm would not have told; of whom it would, the owner may have quiet for themselves. That the firm was told
/// already is no reason, since an owner's quiet may end later; the caller tells nobody of one alarm twice.
pub fn owners_message(
    rule: &Rule,
    alarm: &Alarm,
    owners: &Alarm,
    sent: &[DateTime<Utc>],
    now: DateTime<Utc>,
) -> Message {
    match message(rule, alarm, false, sent, now) {
        Message::Send => message(rule, owners, false, &[], now),
        other => other,
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
