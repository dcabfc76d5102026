//! Hours of a day, parts of a day, and days together.

use serde::{Deserialize, Serialize};

use super::days::{Day, error_ppm};
use super::energy::Basis;
use super::states::Seconds;

/// Seconds in each state for each of the day's 24 hours; hours that have not passed are empty.
pub fn hours(day: &Day) -> [Seconds; 24] {
    let mut hours = [Seconds::default(); 24];
    for span in &day.spans {
        let mut from = span.from_s;
        while from < span.to_s {
            let hour = from.div_euclid(3_600);
            let to = span.to_s.min(hour.saturating_add(1).saturating_mul(3_600));
            if let Some(slot) = usize::try_from(hour).ok().and_then(|hour| hours.get_mut(hour)) {
                slot.add(span.state, to.saturating_sub(from));
            }
            from = to;
        }
    }
    hours
}

/// Seconds in each state within parts of the day, half-open in seconds since it began. Parts that overlap count twice.
pub fn within(day: &Day, parts: &[(i64, i64)]) -> Seconds {
    let mut seconds = Seconds::default();
    for (from, to) in parts {
        for span in &day.spans {
            let length = span.to_s.min(*to).saturating_sub(span.from_s.max(*from));
            seconds.add(span.state, length.max(0));
        }
    }
    seconds
}

/// Several days together, for instance those of a month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    /// How many days.
    pub days: i64,
    /// Seconds in each state.
    pub seconds: Seconds,
    /// Seconds that had not passed yet.
    pub ahead_s: i64,
    /// How much of the time at work may be otherwise, milliseconds.
    pub uncertain_ms: i64,
    /// Energy, milliwatt-hours.
    pub energy_mwh: i64,
    /// What the energy rests on, each basis once, in their order.
    pub bases: Vec<Basis>,
    /// Readings.
    pub readings: i64,
}

impl Sum {
    /// Utilisation in millionths; nothing where no time is known.
    pub fn utilisation_ppm(&self) -> Option<i64> {
        self.seconds.utilisation_ppm()
    }

    /// Half the width of utilisation's error bar, millionths; nothing where no time is known.
    pub fn error_ppm(&self) -> Option<i64> {
        error_ppm(self.uncertain_ms, self.seconds.known())
    }
}

/// Adds days up; their order does not matter.
pub fn sum<'a>(days: impl IntoIterator<Item = &'a Day>) -> Sum {
    let mut sum = Sum::default();
    for day in days {
        sum.days = sum.days.saturating_add(1);
        sum.seconds = sum.seconds.plus(day.seconds);
        sum.ahead_s = sum.ahead_s.saturating_add(day.ahead_s);
        sum.uncertain_ms = sum.uncertain_ms.saturating_add(day.uncertain_ms);
        sum.energy_mwh = sum.energy_mwh.saturating_add(day.energy.total_mwh);
        sum.readings = sum.readings.saturating_add(day.readings);
        if day.energy.basis != Basis::None && !sum.bases.contains(&day.energy.basis) {
            sum.bases.push(day.energy.basis);
        }
    }
    sum.bases.sort_unstable();
    sum
}
