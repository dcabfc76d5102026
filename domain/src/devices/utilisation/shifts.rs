//! Shifts: utilisation within the hours in which a machine is meant to work. A night shift belongs to the day on which it
//! begins.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::days::Day;
use super::states::Seconds;
use super::sums::within;

const MINUTES_PER_DAY: i64 = 1_440;
/// Most shifts of a calendar.
const SHIFTS_MAX: usize = 24;

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Its name, for people.
    pub name: String,
    /// The weekdays on which it begins, 1 (Monday) to 7.
    pub weekdays: Vec<u8>,
    /// When it begins, minutes since midnight.
    pub from_min: i64,
    /// When it ends, minutes since midnight; not after its begin where it ends on the next day.
    pub to_min: i64,
}

/// The shifts of a workshop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftCalendar {
    /// The shifts.
    pub shifts: Vec<Shift>,
}

/// Why a calendar makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShiftFault {
    /// A weekday is not from 1 to 7, or stands twice.
    #[error("shift_weekday")]
    Weekday,
    /// A minute does not lie in the day.
    #[error("shift_minute")]
    Minute,
    /// More than 24 shifts.
    #[error("shift_count")]
    Count,
}

/// What a shift came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftUse {
    /// The shift's place in the calendar.
    pub shift: usize,
    /// The day on which it began.
    pub day: NaiveDate,
    /// Seconds in each state. What lies on a day that was not given is missing.
    pub seconds: Seconds,
}

impl ShiftCalendar {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// The first [`ShiftFault`] found.
    pub fn check(&self) -> Result<(), ShiftFault> {
        if self.shifts.len() > SHIFTS_MAX {
            return Err(ShiftFault::Count);
        }
        for shift in &self.shifts {
            let mut days = shift.weekdays.clone();
            days.sort_unstable();
            days.dedup();
            if days.len() != shift.weekdays.len() || days.iter().any(|day| !(1..=7).contains(day)) {
                return Err(ShiftFault::Weekday);
            }
            let (from, to) = (0..MINUTES_PER_DAY, 0..=MINUTES_PER_DAY);
            if !from.contains(&shift.from_min) || !to.contains(&shift.to_min) {
                return Err(ShiftFault::Minute);
            }
        }
        Ok(())
    }
}

impl Shift {
    fn begins_on(&self, weekday: Weekday) -> bool {
        self.weekdays.iter().any(|day| u32::from(*day) == weekday.number_from_monday())
    }

    /// Its parts on the day of its begin and on the next, seconds since each began.
    fn parts(&self) -> [(i64, i64); 2] {
        let (from, to) = (self.from_min.saturating_mul(60), self.to_min.saturating_mul(60));
        let midnight = MINUTES_PER_DAY * 60;
        if from < to { [(from, to), (0, 0)] } else { [(from, midnight), (0, to)] }
    }
}

/// What each shift that begins on one of the days came to, by day and then by shift.
pub fn by_shift(days: &[Day], calendar: &ShiftCalendar) -> Vec<ShiftUse> {
    let mut sorted: Vec<&Day> = days.iter().collect();
    sorted.sort_by_key(|day| day.day);
    let mut uses = Vec::new();
    for (place, day) in sorted.iter().enumerate() {
        let next = sorted.get(place.saturating_add(1)).filter(|next| day.day.succ_opt() == Some(next.day));
        for (shift, rule) in calendar.shifts.iter().enumerate().filter(|(_, rule)| rule.begins_on(day.day.weekday())) {
            let [today, tomorrow] = rule.parts();
            let after = next.map(|next| within(next, &[tomorrow])).unwrap_or_default();
            uses.push(ShiftUse { shift, day: day.day, seconds: within(day, &[today]).plus(after) });
        }
    }
    uses
}
