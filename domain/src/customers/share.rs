//! A customer's record shared with a channel: an authorisation for a purpose, from a day to a day or until it is withdrawn
//! (PIPL art. 15, 23: whoever passes personal information on does so under a consent that can be withdrawn).

use chrono::NaiveDate;

use super::is_plausible;
use crate::coded::coded;
use crate::words::Words;

coded! {
    /// How it stands with a share.
    ShareState {
        /// The channel may look at the record.
        InForce "in_force" "有效" "in force";
        /// Its time is over.
        Ended "ended" "已到期" "ended";
        /// It was withdrawn.
        Revoked "revoked" "已收回" "withdrawn";
    }
}

/// A share as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day after, if any.
    pub valid_to: Option<NaiveDate>,
    /// Whether it was withdrawn.
    pub revoked: bool,
}

impl Share {
    /// Whether the channel may look at the record on a day.
    pub fn in_force(&self, day: NaiveDate) -> bool {
        !self.revoked && self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }

    /// How it stands today; a share holds from the day on which it was granted.
    pub fn state(&self, today: NaiveDate) -> ShareState {
        match self.valid_to {
            _ if self.revoked => ShareState::Revoked,
            Some(to) if to <= today => ShareState::Ended,
            _ => ShareState::InForce,
        }
    }
}

/// A share before it is granted.
#[derive(Debug, Clone, Copy)]
pub struct NewShare {
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day after, if any.
    pub valid_to: Option<NaiveDate>,
    /// Whether the customer is the channel's own.
    pub own: bool,
    /// Whether the channel works.
    pub channel_active: bool,
    /// Whether it was shared with this channel already.
    pub shared_already: bool,
}

/// What is wrong with a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum ShareFault {
    /// The channel has the record anyhow.
    OwnChannel,
    /// The channel's people cannot log in to it.
    ChannelInactive,
    /// A share with it is in force.
    SharedAlready,
    /// It would end before it begins, or in no plausible year.
    Period,
}

impl ShareFault {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnChannel => "own_channel",
            Self::ChannelInactive => "channel_inactive",
            Self::SharedAlready => "shared_already",
            Self::Period => "share_period_invalid",
        }
    }

    /// What to do about it.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::OwnChannel => {
                ("该客户本就属于此渠道，无需授权", "The customer is this channel's own; nothing needs sharing")
            }
            Self::ChannelInactive => ("该渠道已停用，请选择其他渠道", "The channel is not active; choose another"),
            Self::SharedAlready => (
                "已授权该渠道查看，如需更改请先收回原授权",
                "It is shared with this channel already; withdraw that first to change it",
            ),
            Self::Period => ("截止日须晚于今天，且不晚于2999年", "The end is later than today, and not after 2999"),
        };
        Words::new(zh, en)
    }
}

impl NewShare {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<ShareFault> {
        let period_wrong = self.valid_to.is_some_and(|to| to <= self.valid_from || !is_plausible(to));
        let rows = [
            (self.own, ShareFault::OwnChannel),
            (!self.channel_active, ShareFault::ChannelInactive),
            (self.shared_already, ShareFault::SharedAlready),
            (period_wrong, ShareFault::Period),
        ];
        rows.into_iter().filter(|(wrong, _)| *wrong).map(|(_, fault)| fault).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_share_holds_from_its_first_day_until_it_ends_or_is_withdrawn() {
        let rows = [
            (None, false, "2026-01-01", true, ShareState::InForce),
            (None, false, "2025-12-31", false, ShareState::InForce),
            (None, true, "2026-01-01", false, ShareState::Revoked),
            (Some("2026-02-01"), false, "2026-01-31", true, ShareState::InForce),
            (Some("2026-02-01"), false, "2026-02-01", false, ShareState::Ended),
            (Some("2026-02-01"), true, "2026-02-01", false, ShareState::Revoked),
        ];
        for (to, revoked, on, in_force, state) in rows {
            let share = Share { valid_from: day("2026-01-01"), valid_to: to.map(day), revoked };
            assert_eq!((share.in_force(day(on)), share.state(day(on))), (in_force, state), "{to:?} {revoked} {on}");
        }
    }

    #[test]
    fn a_new_share_is_judged() {
        let good = NewShare {
            valid_from: day("2026-01-01"),
            valid_to: None,
            own: false,
            channel_active: true,
            shared_already: false,
        };
        let rows = [
            (good, vec![]),
            (NewShare { valid_to: Some(day("2026-01-02")), ..good }, vec![]),
            (NewShare { valid_to: Some(day("2026-01-01")), ..good }, vec![ShareFault::Period]),
            (NewShare { valid_to: Some(NaiveDate::MAX), ..good }, vec![ShareFault::Period]),
            (
                NewShare { own: true, channel_active: false, ..good },
                vec![ShareFault::OwnChannel, ShareFault::ChannelInactive],
            ),
            (NewShare { shared_already: true, ..good }, vec![ShareFault::SharedAlready]),
        ];
        for (new, expected) in rows {
            assert_eq!(new.faults(), expected, "{new:?}");
        }
    }
}
