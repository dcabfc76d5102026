//! How a reading is shown.

use chrono::{DateTime, Utc};
use domain::devices::reading::{Energy, Reading};
use serde::Serialize;
use utoipa::ToSchema;

/// What a socket said at one instant. What it did not say is null, and null is not zero.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadingView {
    /// When.
    pub at: DateTime<Utc>,
    /// Which of those of one instant.
    #[schema(example = 0)]
    pub sequence: i32,
    /// Active power, milliwatts; negative where a machine feeds back.
    #[schema(example = 1_427_000)]
    pub power_mw: Option<i64>,
    /// Voltage, millivolts.
    #[schema(example = 229_800)]
    pub voltage_mv: Option<i64>,
    /// Current, milliamperes.
    #[schema(example = 6_210)]
    pub current_ma: Option<i64>,
    /// What the socket's counter of energy stands at, milliwatt-hours.
    #[schema(example = 6_294_000)]
    pub energy_total_mwh: Option<i64>,
    /// Energy since the message before, milliwatt-hours, of sockets that say it so.
    #[schema(example = 10_000)]
    pub energy_added_mwh: Option<i64>,
    /// Whether the socket lets current through.
    pub relay_on: Option<bool>,
    /// Whether the socket is connected, where a message says so.
    pub online: Option<bool>,
}

impl ReadingView {
    /// A reading.
    pub(in crate::devices) fn of(reading: &Reading) -> Self {
        let (energy_total_mwh, energy_added_mwh) = match reading.energy {
            Some(Energy::Total(mwh)) => (Some(mwh), None),
            Some(Energy::Added(mwh)) => (None, Some(mwh)),
            None => (None, None),
        };
        Self {
            at: reading.at,
            sequence: reading.sequence,
            power_mw: reading.power_mw,
            voltage_mv: reading.voltage_mv,
            current_ma: reading.current_ma,
            energy_total_mwh,
            energy_added_mwh,
            relay_on: reading.relay_on,
            online: reading.online,
        }
    }
}
