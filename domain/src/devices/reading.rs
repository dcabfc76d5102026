//! What a socket says at one moment. Quantities are whole thousandths, so that sums do not hang on the order in which
//! readings came; what a message does not say is absent, and absent is not zero.

use chrono::{DateTime, Utc};

/// Energy as a socket tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Energy {
    /// What its counter stands at, milliwatt-hours; counters may begin anew.
    Total(i64),
    /// What was used since the message before, milliwatt-hours.
    Added(i64),
}

/// One reading. Of two with the same instant the sequence tells which the socket sent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    /// When, by the socket's clock; by the server's where the socket has none.
    pub at: DateTime<Utc>,
    /// Which of those of one instant.
    pub sequence: i32,
    /// Active power, milliwatts; negative where a machine feeds back.
    pub power_mw: Option<i64>,
    /// Voltage, millivolts.
    pub voltage_mv: Option<i64>,
    /// Current, milliamperes.
    pub current_ma: Option<i64>,
    /// Energy.
    pub energy: Option<Energy>,
    /// Whether the socket lets current through.
    pub relay_on: Option<bool>,
    /// Whether the socket is connected, where a message says so.
    pub online: Option<bool>,
}

impl Reading {
    /// A reading of an instant that says nothing yet.
    pub const fn at(at: DateTime<Utc>) -> Self {
        Self {
            at,
            sequence: 0,
            power_mw: None,
            voltage_mv: None,
            current_ma: None,
            energy: None,
            relay_on: None,
            online: None,
        }
    }

    /// Whether it says anything at all.
    pub const fn says_something(&self) -> bool {
        self.power_mw.is_some()
            || self.voltage_mv.is_some()
            || self.current_ma.is_some()
            || self.energy.is_some()
            || self.relay_on.is_some()
            || self.online.is_some()
    }
}
