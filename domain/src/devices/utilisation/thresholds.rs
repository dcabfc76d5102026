//! Where the states of a machine begin. Thresholds belong to a kind of equipment or to one machine; a person confirms them.

use serde::{Deserialize, Serialize};

use super::states::State;

/// Highest power that a threshold may name, milliwatts: ten megawatts.
const POWER_MW_MAX: i64 = 10_000_000_000;
/// Longest minimum duration and longest mean, seconds: within the reach of a day's readings.
const DURATION_S_MAX: i64 = 3_600;
/// Current from which a socket that says 0 W is believed to feed a machine that is switched on, milliamperes. Plain meters
/// lose a small or a badly phased load in their watts before they lose it in their amperes; a filter alone draws less.
const STANDBY_CURRENT_MA: i64 = 100;

/// Thresholds of power. Power counts by its absolute value, since a clamp that sits the wrong way round tells it negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Below this the machine is off, milliwatts.
    pub off_below_mw: i64,
    /// From this it is at work, milliwatts.
    pub working_from_mw: i64,
    /// From this it is overloaded, milliwatts; nothing where nobody said.
    #[serde(default)]
    pub overload_from_mw: Option<i64>,
    /// How far below its threshold power must fall before a state is left, thousandths of the threshold.
    #[serde(default = "hysteresis")]
    pub hysteresis_per_mille: i64,
    /// A stretch shorter than this is no change of state, seconds.
    #[serde(default = "minimum")]
    pub minimum_s: i64,
    /// Power is judged by its mean over this time, half before and half after, seconds; 0 judges each reading by itself. For
    /// sockets that count in steps as large as what the machine draws: whole kilowatts say the truth only on average.
    #[serde(default)]
    pub mean_over_s: i64,
    /// Where they come from, for people: the standard, a kind of equipment, learned on such days, entered by hand.
    #[serde(default)]
    pub basis: String,
}

fn hysteresis() -> i64 {
    100
}

fn minimum() -> i64 {
    60
}

/// Why thresholds make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ThresholdsFault {
    /// Not 0 < off ≤ working ≤ overload ≤ ten megawatts.
    #[error("thresholds_order")]
    Order,
    /// Hysteresis is not from 0 to 900 thousandths.
    #[error("thresholds_hysteresis")]
    Hysteresis,
    /// A duration is not from 0 seconds to an hour.
    #[error("thresholds_duration")]
    Duration,
}

impl Thresholds {
    /// Thresholds for a machine of which nothing is known: off up to the noise of a plain meter (3 W), at work from 50 W, which
    /// is above what electronics and lamps of a machine draw and below its smallest motor.
    pub fn standard() -> Self {
        Self {
            off_below_mw: 3_000,
            working_from_mw: 50_000,
            overload_from_mw: None,
            hysteresis_per_mille: hysteresis(),
            minimum_s: minimum(),
            mean_over_s: 0,
            basis: "standard".to_owned(),
        }
    }

    /// Whether they make sense.
    ///
    /// # Errors
    /// The first [`ThresholdsFault`] found.
    pub fn check(&self) -> Result<(), ThresholdsFault> {
        let overload = self.overload_from_mw.unwrap_or(POWER_MW_MAX);
        let rises = self.off_below_mw <= self.working_from_mw && self.working_from_mw <= overload;
        if self.off_below_mw <= 0 || !rises || overload > POWER_MW_MAX {
            return Err(ThresholdsFault::Order);
        }
        if !(0..=900).contains(&self.hysteresis_per_mille) {
            return Err(ThresholdsFault::Hysteresis);
        }
        let durations = [self.minimum_s, self.mean_over_s];
        if durations.iter().all(|one| (0..=DURATION_S_MAX).contains(one)) {
            Ok(())
        } else {
            Err(ThresholdsFault::Duration)
        }
    }

    /// The state at a power, coming from another state or from none: a higher state is left only below its threshold less
    /// the hysteresis. Thresholds out of order are read as if the higher one were at least the lower one.
    pub(super) fn state_at(&self, power_mw: i64, before: Option<State>) -> State {
        let power = power_mw.saturating_abs();
        let working = self.working_from_mw.max(self.off_below_mw);
        let overload = self.overload_from_mw.map(|from| from.max(working));
        let rank = |state| match state {
            State::Offline | State::Off => 0,
            State::Standby => 1,
            State::Working => 2,
            State::Overload => 3,
        };
        let held = before.map_or(0, rank);
        let reaches = |state, from: i64| power >= if rank(state) <= held { self.eased(from) } else { from };
        if overload.is_some_and(|from| reaches(State::Overload, from)) {
            State::Overload
        } else if reaches(State::Working, working) {
            State::Working
        } else if reaches(State::Standby, self.off_below_mw) {
            State::Standby
        } else {
            State::Off
        }
    }

    /// The power by which a reading is judged. A machine that draws current is not off even where the watts say 0, and
    /// nobody can say that it works: it stands by.
    pub(super) fn judged(&self, power_mw: i64, current_ma: Option<i64>) -> i64 {
        let power = power_mw.saturating_abs();
        if power < self.off_below_mw && current_ma.is_some_and(|current| current.saturating_abs() >= STANDBY_CURRENT_MA)
        {
            return self.off_below_mw.min(self.working_from_mw.saturating_sub(1)).max(power);
        }
        power
    }

    fn eased(&self, from_mw: i64) -> i64 {
        let keep = 1_000_i64.saturating_sub(self.hysteresis_per_mille.clamp(0, 1_000));
        i64::try_from(i128::from(from_mw) * i128::from(keep) / 1_000).unwrap_or(from_mw)
    }
}
