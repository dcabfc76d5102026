//! From what a socket says to what the machine did: states over a day, how much of it the machine worked, and the energy.
//!
//! A day's result follows from the set of readings near it and the thresholds, and from nothing else: late, shuffled and
//! doubled readings give the same bytes, and the past can be computed again when thresholds change.
//!
//! ```text
//! readings ─ ordered ─ pieces (power that stands for a while) ─ spells (states) ─ spans of the day ─ hours, shifts, months
//!                    └ meter (counters, increments) ──────────── energy by hour
//! ```

mod days;
mod energy;
mod histogram;
mod learning;
mod ordered;
mod pieces;
mod shifts;
mod spells;
mod states;
mod sums;
#[cfg(test)]
mod tests;
mod thresholds;

pub use days::{Day, Stay, day, day_of_stays, days_of};
pub use energy::{Basis, DayEnergy, resets};
pub use learning::{Confidence, Suggestion, learn};
pub use ordered::{median_interval, merged, ordered, relevant, stand_s};
pub use shifts::{Shift, ShiftCalendar, ShiftFault, ShiftUse, by_shift};
pub use states::{Seconds, Span, State};
pub use sums::{Sum, hours, sum, within};
pub use thresholds::{Thresholds, ThresholdsFault};

/// How far before and after a day readings still bear on its states, seconds. What lies further away does not, so that one
/// late reading changes the day it belongs to and at most the day beside it.
pub const REACH_S: i64 = 2 * 3_600;

/// Longest that a reading stands, seconds.
pub const STAND_S_MAX: i64 = 900;

/// Longest time between two readings of a counter over which its mean power still tells a state, seconds. Over more than
/// that a mean hides what happened.
pub const COUNTER_STATE_S_MAX: i64 = 2 * 3_600;

/// Longest time between two readings of a counter over which its energy is spread evenly, seconds. What was used in a
/// longer time is booked at the moment it was read: that it was used is certain, when is not.
pub const COUNTER_SPREAD_S_MAX: i64 = 24 * 3_600;

/// Length of a business day, seconds. No zone that a tenant can have changes its clocks.
pub const DAY_S: i64 = 86_400;
