//! How much a machine is used, as it is shown: seconds in each state, and what follows from them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::days::DayRow;
use super::store::months::MonthRow;
use crate::devices::words::MachineStateWord;

/// Seconds in each state.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct StateSeconds {
    /// The socket said that it was not connected.
    #[schema(example = 0, minimum = 0)]
    pub offline: i64,
    /// Switched off.
    #[schema(example = 43_200, minimum = 0)]
    pub off: i64,
    /// On, but idle.
    #[schema(example = 7_200, minimum = 0)]
    pub standby: i64,
    /// Working.
    #[schema(example = 28_800, minimum = 0)]
    pub working: i64,
    /// Working beyond its rating.
    #[schema(example = 600, minimum = 0)]
    pub overload: i64,
}

impl StateSeconds {
    /// In all.
    pub(super) const fn known(&self) -> i64 {
        self.offline + self.off + self.standby + self.working + self.overload
    }

    /// At work.
    pub(super) const fn busy(&self) -> i64 {
        self.working + self.overload
    }

    /// Both together.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            offline: self.offline + other.offline,
            off: self.off + other.off,
            standby: self.standby + other.standby,
            working: self.working + other.working,
            overload: self.overload + other.overload,
        }
    }
}

/// How much a machine was used in some stretch of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MachineUse {
    /// Seconds in each state.
    pub seconds: StateSeconds,
    /// Seconds of which nothing is known: no socket, or one that said nothing.
    #[schema(example = 6_600, minimum = 0)]
    pub unknown_s: i64,
    /// Seconds that are still to come.
    #[schema(example = 0, minimum = 0)]
    pub ahead_s: i64,
    /// Utilisation 设备使用率: (working + overload) ÷ known time, 0 to 1. Null where nothing is known.
    #[schema(example = 0.368421, minimum = 0, maximum = 1)]
    pub utilisation: Option<f64>,
    /// By how much it may be wrong either way, since a change of state lies somewhere between two readings.
    #[schema(example = 0.0125, minimum = 0)]
    pub error: Option<f64>,
    /// Energy, kilowatt-hours. Null where nothing tells it.
    #[schema(example = 41.25)]
    pub energy_kwh: Option<f64>,
}

#[allow(clippy::cast_precision_loss, reason = "seconds and milliwatt-hours of a machine are far below 2^53")]
pub(super) fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 1e6).round() / 1e6)
}

#[allow(clippy::cast_precision_loss, reason = "as above")]
pub(super) fn kwh(mwh: i64) -> f64 {
    mwh as f64 / 1e6
}

impl MachineUse {
    /// From counted parts; `error_weighed` is the error in parts per million times known seconds.
    pub(super) fn of(
        seconds: StateSeconds,
        (unknown_s, ahead_s): (i64, i64),
        error_weighed: i64,
        mwh: Option<i64>,
    ) -> Self {
        let known = seconds.known();
        let error = ratio(error_weighed.checked_div(known.max(1)).unwrap_or(0), 1_000_000).filter(|_| known > 0);
        Self { seconds, unknown_s, ahead_s, utilisation: ratio(seconds.busy(), known), error, energy_kwh: mwh.map(kwh) }
    }

    /// Of a month; of one of which no day is known nothing is.
    pub(super) fn of_month(row: &MonthRow) -> Self {
        let Some(row) = &row.month else { return Self::of(StateSeconds::default(), (0, 0), 0, None) };
        let seconds = StateSeconds {
            offline: row.seconds_offline,
            off: row.seconds_off,
            standby: row.seconds_standby,
            working: row.seconds_working,
            overload: row.seconds_overload,
        };
        Self::of(seconds, (row.seconds_unknown, row.seconds_ahead), row.error_weighed, row.energy_mwh)
    }
}

/// A day of a machine.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayView {
    /// The day, in the firm's zone.
    #[schema(example = "2026-11-28")]
    pub day: NaiveDate,
    /// How much the machine was used.
    #[serde(flatten)]
    pub used: MachineUse,
    /// What the energy is from: `counter`, `increment`, `power` or `none`.
    #[schema(example = "counter")]
    pub energy_basis: String,
    /// Readings that it was counted from.
    #[schema(example = 1440, minimum = 0)]
    pub readings: i32,
    /// When it was counted.
    pub computed_at: DateTime<Utc>,
}

pub(super) fn seconds_of(row: &DayRow) -> StateSeconds {
    StateSeconds {
        offline: row.seconds_offline.into(),
        off: row.seconds_off.into(),
        standby: row.seconds_standby.into(),
        working: row.seconds_working.into(),
        overload: row.seconds_overload.into(),
    }
}

impl DayView {
    /// Of a row.
    pub(super) fn of(row: &DayRow) -> Self {
        let seconds = seconds_of(row);
        let rest = (row.seconds_unknown.into(), row.seconds_ahead.into());
        let weighed = i64::from(row.error_ppm).saturating_mul(seconds.known());
        Self {
            day: row.day,
            used: MachineUse::of(seconds, rest, weighed, row.energy_mwh),
            energy_basis: row.energy_basis.clone(),
            readings: row.readings,
            computed_at: row.computed_at,
        }
    }
}

/// A stretch of a day in one state: a band of its picture.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Band {
    /// When it begins, seconds since the day's first.
    #[schema(example = 28_800, minimum = 0, maximum = 86_400)]
    pub from_s: i64,
    /// When it ends.
    #[schema(example = 41_400, minimum = 0, maximum = 86_400)]
    pub to_s: i64,
    /// The state; null where it is not known.
    pub state: Option<MachineStateWord>,
}
