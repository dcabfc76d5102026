//! What becomes of an alarm: open → acknowledged → cleared. It clears by itself when its condition ends, also before anybody
//! has seen it; a person clears only what they acknowledged, so that nothing vanishes unseen.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::coded::coded;
use crate::words::Words;

/// Longest time for which an alarm is muted, days.
pub const MUTE_DAYS_MAX: i64 = 30;

coded! {
    /// Where an alarm is.
    AlarmState {
        /// Nobody has seen to it.
        Open "open" "未处理" "open";
        /// Somebody has.
        Acknowledged "acknowledged" "已确认" "acknowledged";
        /// It is over.
        Cleared "cleared" "已解除" "cleared";
    }
}

/// An alarm of a machine. Its rule and `began` tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The rule.
    pub rule: Uuid,
    /// When its condition began.
    pub began: DateTime<Utc>,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// Where it is.
    pub state: AlarmState,
    /// Who acknowledged it.
    pub acknowledged_by: Option<Uuid>,
    /// When.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was cleared.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Who cleared it; nobody where its condition ended.
    pub cleared_by: Option<Uuid>,
    /// Until when nobody is told of it.
    pub muted_until: Option<DateTime<Utc>>,
}

/// What happens to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AlarmAction {
    /// Somebody has seen it.
    Acknowledge {
        /// Who.
        by: Uuid,
        /// When.
        at: DateTime<Utc>,
    },
    /// Nobody is to be told of it for a while.
    Mute {
        /// Until when.
        until: DateTime<Utc>,
        /// Now.
        at: DateTime<Utc>,
    },
    /// Its condition ended.
    Ended {
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody closes it although its condition has not ended.
    Clear {
        /// Who.
        by: Uuid,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum AlarmRefusal {
    /// Somebody acknowledged it before.
    AlreadyAcknowledged,
    /// It is over.
    AlreadyCleared,
    /// Nobody has acknowledged it.
    NotAcknowledged,
    /// Not in the future, or too far in it.
    MuteOutOfRange,
}

impl AlarmRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyAcknowledged => "alarm_already_acknowledged",
            Self::AlreadyCleared => "alarm_already_cleared",
            Self::NotAcknowledged => "alarm_not_acknowledged",
            Self::MuteOutOfRange => "alarm_mute_out_of_range",
        }
    }

    /// What is wrong and what to do.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::AlreadyAcknowledged => ("该报警已有人确认", "Somebody acknowledged it before"),
            Self::AlreadyCleared => ("该报警已解除", "It is over"),
            Self::NotAcknowledged => ("请先确认报警，再解除", "Acknowledge it before you clear it"),
            Self::MuteOutOfRange => {
                ("静音截止时间应晚于现在且不超过30天", "It is muted until a time from now to 30 days from now")
            }
        };
        Words::new(zh, en)
    }
}

impl Alarm {
    /// A new alarm.
    pub fn raised(rule: Uuid, began: DateTime<Utc>, raised_at: DateTime<Utc>) -> Self {
        Self {
            rule,
            began,
            raised_at,
            state: AlarmState::Open,
            acknowledged_by: None,
            acknowledged_at: None,
            cleared_at: None,
            cleared_by: None,
            muted_until: None,
        }
    }

    /// The alarm after an action. That a condition ended may be told again, since recomputing tells it again. Acknowledging
    /// what is over is possible once: it says that somebody has seen it.
    ///
    /// # Errors
    /// The [`AlarmRefusal`], and nothing has changed.
    pub fn after(&self, action: &AlarmAction) -> Result<Self, AlarmRefusal> {
        let mut after = *self;
        match (self.state, *action) {
            (_, AlarmAction::Acknowledge { .. }) if self.acknowledged_at.is_some() => {
                return Err(AlarmRefusal::AlreadyAcknowledged);
            }
            (state, AlarmAction::Acknowledge { by, at }) => {
                (after.acknowledged_by, after.acknowledged_at) = (Some(by), Some(at));
                after.state = if state == AlarmState::Open { AlarmState::Acknowledged } else { state };
            }
            (AlarmState::Cleared, AlarmAction::Ended { .. }) => {}
            (_, AlarmAction::Ended { at }) => (after.state, after.cleared_at) = (AlarmState::Cleared, Some(at)),
            (AlarmState::Cleared, _) => return Err(AlarmRefusal::AlreadyCleared),
            (AlarmState::Open, AlarmAction::Clear { .. }) => return Err(AlarmRefusal::NotAcknowledged),
            (AlarmState::Acknowledged, AlarmAction::Clear { by, at }) => {
                (after.state, after.cleared_at, after.cleared_by) = (AlarmState::Cleared, Some(at), Some(by));
            }
            (_, AlarmAction::Mute { until, at }) => {
                let time = until.signed_duration_since(at);
                if time <= TimeDelta::zero() || time > TimeDelta::days(MUTE_DAYS_MAX) {
                    return Err(AlarmRefusal::MuteOutOfRange);
                }
                after.muted_until = Some(until);
            }
        }
        Ok(after)
    }

    /// The alarm as the machine's owner has dealt with it: when they said that they have seen it, and until when they want
    /// quiet. What the firm made of it is the firm's, save that what is over is over for both.
    pub fn of_owner(&self, seen_at: Option<DateTime<Utc>>, muted_until: Option<DateTime<Utc>>) -> Self {
        let state = match (self.state, seen_at) {
            (AlarmState::Cleared, _) => AlarmState::Cleared,
            (_, Some(_)) => AlarmState::Acknowledged,
            (_, None) => AlarmState::Open,
        };
        Self { state, acknowledged_by: None, acknowledged_at: seen_at, muted_until, ..*self }
    }

    /// Whether it is muted at an instant.
    pub fn is_muted(&self, at: DateTime<Utc>) -> bool {
        self.muted_until.is_some_and(|until| at < until)
    }
}
