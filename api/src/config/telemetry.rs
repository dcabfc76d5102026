//! How much of sockets' messages is taken in, and how long what they said is kept.

use domain::devices::intake::PAST_DAYS_MAX;

use super::{Sections, number};

/// The limits as set.
#[derive(Clone, Copy, Debug)]
pub struct TelemetrySettings {
    /// Messages of one source, per second.
    pub rate_per_second: u32,
    /// Messages of one source at once, after a pause.
    pub burst: u32,
    /// Messages of one firm in work at the same time.
    pub at_once: usize,
    /// How long readings are kept, days.
    pub retention_days: i64,
}

pub(super) fn read(sections: &Sections) -> anyhow::Result<TelemetrySettings> {
    Ok(TelemetrySettings {
        rate_per_second: number(sections, "TELEMETRY__RATE_PER_SECOND", 50, 1..=1_000_000)?,
        burst: number(sections, "TELEMETRY__BURST", 200, 1..=1_000_000)?,
        at_once: number(sections, "TELEMETRY__AT_ONCE", 4, 1..=64)?,
        // what is taken in is kept for a while
        retention_days: number(sections, "TELEMETRY__RETENTION_DAYS", 1100, PAST_DAYS_MAX..=36_500)?,
    })
}
