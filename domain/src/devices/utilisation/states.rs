//! The states of a machine and how long it was in each.

use serde::{Deserialize, Serialize};

use crate::coded::coded;

coded! {
    /// What a machine does, as far as its socket can tell. Unknown is none of these.
    State {
        /// The socket itself says that it lost its connection.
        Offline "offline" "离线" "Offline";
        /// No power beyond the meter's noise.
        Off "off" "关机" "Off";
        /// Switched on, not at work.
        Standby "standby" "待机" "Standby";
        /// At work.
        Working "working" "工作" "Working";
        /// At work beyond what it should draw.
        Overload "overload" "过载" "Overload";
    }
}

impl State {
    /// Whether the machine is at work.
    pub const fn is_busy(self) -> bool {
        matches!(self, Self::Working | Self::Overload)
    }
}

/// A stretch of a day in one state, from `from_s` (included) to `to_s` (not included), seconds since the day began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its first second.
    pub from_s: i64,
    /// The first second after it.
    pub to_s: i64,
    /// The state; nothing where it is unknown.
    pub state: Option<State>,
}

/// Seconds in each state and without a known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seconds {
    /// Offline.
    pub offline: i64,
    /// Off.
    pub off: i64,
    /// Standby.
    pub standby: i64,
    /// Working.
    pub working: i64,
    /// Overload.
    pub overload: i64,
    /// Nobody knows.
    pub unknown: i64,
}

impl Seconds {
    /// Adds time in a state, or without one.
    pub fn add(&mut self, state: Option<State>, seconds: i64) {
        let slot = match state {
            None => &mut self.unknown,
            Some(State::Offline) => &mut self.offline,
            Some(State::Off) => &mut self.off,
            Some(State::Standby) => &mut self.standby,
            Some(State::Working) => &mut self.working,
            Some(State::Overload) => &mut self.overload,
        };
        *slot = slot.saturating_add(seconds);
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            offline: self.offline.saturating_add(other.offline),
            off: self.off.saturating_add(other.off),
            standby: self.standby.saturating_add(other.standby),
            working: self.working.saturating_add(other.working),
            overload: self.overload.saturating_add(other.overload),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }

    /// Time at work: working and overload.
    pub fn busy(&self) -> i64 {
        self.working.saturating_add(self.overload)
    }

    /// Time with a known state; offline is one.
    pub fn known(&self) -> i64 {
        self.offline.saturating_add(self.off).saturating_add(self.standby).saturating_add(self.busy())
    }

    /// All of it.
    pub fn all(&self) -> i64 {
        self.known().saturating_add(self.unknown)
    }

    /// Utilisation in millionths: time at work ÷ time with a known state, rounded half up. Nothing where no time is known:
    /// a machine of which nothing is known is not an idle one.
    pub fn utilisation_ppm(&self) -> Option<i64> {
        ratio_ppm(self.busy(), self.known())
    }
}

/// `part ÷ whole` in millionths, rounded half up; nothing without a whole.
pub(super) fn ratio_ppm(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * 2_000_000 + whole).div_euclid(whole * 2)).ok()
}
