//! Everything that a score is taken from: the papers that people filled in, what the system saw itself, how much the machine
//! was used, and the day. It is kept with the score, so that the score can be taken again to the same result.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::papers::Papers;
use crate::time::DayInterval;

/// A whole, in parts per million.
pub const WHOLE_PPM: i64 = 1_000_000;

/// What a score is taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What people stated.
    pub papers: Papers,
    /// What the system saw itself.
    pub observed: Observed,
    /// How much it was used; nothing before a socket has told anything.
    pub usage: Option<Usage>,
    /// The business date of the score, from which ages count.
    pub as_of: NaiveDate,
}

/// What the system sees itself and nobody has to state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Photos that were uploaded, passed their checks and are still there; the same picture twice is one.
    pub photos: u32,
    /// Whether a socket is bound to it now.
    pub socket_bound: bool,
    /// Share of the last 30 days on which the socket was connected, parts per million; nothing without a socket.
    pub online_share_ppm: Option<i64>,
    /// Days of the past year on which it was offered and not sold; nothing if it was never offered.
    pub unsold_days: Option<u32>,
}

/// How much it was used over the last 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// The days looked at.
    pub period: DayInterval,
    /// (Working + overload) ÷ known time, parts per million.
    pub utilisation_ppm: i64,
    /// Standard deviation ÷ mean of the utilisation of single days, per mille; nothing where the mean is 0.
    pub variation_per_mille: Option<i64>,
    /// Days of which anything is known.
    pub days_known: u32,
    /// Share of the period of which nothing is known, parts per million.
    pub unknown_share_ppm: i64,
    /// Share of the known time in overload, parts per million.
    pub overload_share_ppm: i64,
}
