//! How a counted day is kept: bands and hours as short rows of numbers, since a machine has thousands of them a year.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::devices::utilisation::{self, Basis, Day, Span, State};
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};

use super::frame::Frame;
use super::store::days::{DayRow, between};
use super::view::{Band, StateSeconds};
use crate::devices::words::MachineStateWord;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// A band: from, to (seconds since the day's first), and the state's place in [`State::ALL`]; null where it is not known.
#[derive(Serialize, Deserialize)]
struct StoredSpan(i64, i64, Option<u8>);

/// An hour: seconds offline, off, standby, working and overload, seconds unknown and to come, and milliwatt-hours.
type StoredHour = ([i64; 5], i64, i64, Option<i64>);

/// An hour of a machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hour {
    states: [i64; 5],
    /// Seconds of which nothing is known.
    pub unknown_s: i64,
    /// Seconds still to come.
    pub ahead_s: i64,
    /// Energy, where anything tells it.
    pub energy_mwh: Option<i64>,
}

impl Hour {
    /// Seconds in each state.
    pub(super) const fn seconds(&self) -> StateSeconds {
        let [offline, off, standby, working, overload] = self.states;
        StateSeconds { offline, off, standby, working, overload }
    }
}

/// The bands as they are kept.
pub(super) fn keep_spans(spans: &[Span]) -> Result<serde_json::Value> {
    let place = |state: State| State::ALL.iter().position(|one| *one == state).and_then(|at| u8::try_from(at).ok());
    let rows: Vec<StoredSpan> =
        spans.iter().map(|span| StoredSpan(span.from_s, span.to_s, span.state.and_then(place))).collect();
    Ok(serde_json::to_value(rows)?)
}

/// The bands of a row.
pub(super) fn spans(row: &DayRow) -> Result<Vec<Band>> {
    let rows: Vec<StoredSpan> = serde_json::from_value(row.spans.clone())?;
    let state = |place: u8| State::ALL.get(usize::from(place)).copied().map(MachineStateWord);
    Ok(rows
        .into_iter()
        .map(|StoredSpan(from_s, to_s, place)| Band { from_s, to_s, state: place.and_then(state) })
        .collect())
}

/// The hours of a day as they are kept.
pub(super) fn keep_hours(day: &Day) -> Result<serde_json::Value> {
    const HOUR_S: i64 = 3_600;
    let energy = |place: usize| match day.energy.basis {
        Basis::None => None,
        _ => day.energy.hours_mwh.get(place).copied(),
    };
    let rows = utilisation::hours(day).into_iter().enumerate().map(|(place, hour)| -> StoredHour {
        let states = [hour.offline, hour.off, hour.standby, hour.working, hour.overload];
        (states, hour.unknown, HOUR_S.saturating_sub(hour.all()), energy(place))
    });
    Ok(serde_json::to_value(rows.collect::<Vec<_>>())?)
}

/// The hours of a row.
pub(super) fn hours(kept: serde_json::Value) -> Result<Vec<Hour>> {
    let rows: Vec<StoredHour> = serde_json::from_value(kept)?;
    let hour = |(states, unknown_s, ahead_s, energy_mwh)| Hour { states, unknown_s, ahead_s, energy_mwh };
    Ok(rows.into_iter().map(hour).collect())
}

/// The bands of a row as the domain has them.
pub(super) fn domain_spans(row: &DayRow) -> Result<Vec<Span>> {
    let bands = spans(row)?.into_iter();
    Ok(bands.map(|band| Span { from_s: band.from_s, to_s: band.to_s, state: band.state.map(|word| word.0) }).collect())
}

/// What a machine did on a day that was counted, as instants with states.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn spans_between(
    tx: &TenantTx,
    frame: &Frame,
    day: NaiveDate,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>, Option<State>)>> {
    let rows = between(tx, frame.machine.id, frame.thresholds_id, (day, super::days::after(day))).await?;
    let Some((row, start)) = rows.first().zip(TenantZone::default().start_of(day)) else { return Ok(vec![]) };
    let at = |second: i64| start.checked_add_signed(Duration::seconds(second)).unwrap_or(start);
    Ok(domain_spans(row)?.into_iter().map(|span| (at(span.from_s), at(span.to_s), span.state)).collect())
}
