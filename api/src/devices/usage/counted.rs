//! Counts one day of one machine and writes it down.

use chrono::{DateTime, NaiveDate, Utc};
use domain::devices::reading::Reading;
use domain::devices::utilisation::{self, Basis, median_interval, ordered, relevant, stand_s};
use domain::time::TenantZone;
use uuid::Uuid;

use super::count::around;
use super::frame::Frame;
use super::store::days::{self, DayRow};
use super::stored::{keep_hours, keep_spans};
use crate::devices::{alarms, bindings, readings};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// What a machine's sockets said around a stretch of time, each only while it was at the machine.
pub(super) async fn heard(
    tx: &TenantTx,
    machine: Uuid,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Reading>> {
    let mut all = vec![];
    for bound in bindings::of_equipment(tx, machine, from, to).await? {
        let begin = bound.from.max(from).timestamp_micros();
        let end = bound.to.map_or(to, |ended| ended.min(to)).timestamp_micros();
        let inside = readings::between(tx, bound.socket, begin, end).await?;
        let tells_energy = inside.iter().any(|reading| reading.energy.is_some());
        let whole = (bound.from.timestamp_micros(), bound.to.map_or(i64::MAX, |ended| ended.timestamp_micros()));
        all.extend(inside);
        all.extend(readings::beside(tx, bound.socket, (begin, end), whole, tells_energy).await?);
    }
    Ok(all)
}

/// Counts a day of a machine whose row is locked, and gives the instants at which its counter of energy went down.
pub(super) async fn day(tx: &TenantTx, frame: &Frame, day: NaiveDate) -> Result<Vec<DateTime<Utc>>> {
    let Some(stretch) = around(day) else { return Ok(vec![]) };
    let zone = TenantZone::default();
    let near = relevant(&ordered(&heard(tx, frame.machine.id, stretch).await?), zone, day);
    let stands_s = stand_s(median_interval(&near));
    let counted = utilisation::day(&near, zone, day, &frame.thresholds, stands_s, Some(tx.now()));
    if counted.readings == 0 && counted.seconds.known() == 0 && counted.energy.basis == Basis::None {
        days::remove(tx, frame.machine.id, frame.thresholds_id, day).await?;
        return Ok(vec![]);
    }
    let small = |seconds: i64| i32::try_from(seconds).unwrap_or(i32::MAX);
    let seconds = counted.seconds;
    let row = DayRow {
        tenant_id: tx.tenant(),
        equipment_id: frame.machine.id,
        day,
        thresholds_id: frame.thresholds_id,
        seconds_offline: small(seconds.offline),
        seconds_off: small(seconds.off),
        seconds_standby: small(seconds.standby),
        seconds_working: small(seconds.working),
        seconds_overload: small(seconds.overload),
        seconds_unknown: small(seconds.unknown),
        seconds_ahead: small(counted.ahead_s),
        error_ppm: small(counted.error_ppm().unwrap_or(0)),
        energy_mwh: (counted.energy.basis != Basis::None).then_some(counted.energy.total_mwh),
        energy_basis: counted.energy.basis.code().to_owned(),
        spans: keep_spans(&counted.spans)?,
        hours: keep_hours(&counted)?,
        readings: small(counted.readings),
        computed_at: tx.now(),
    };
    days::put(tx, row).await?;
    Ok(alarms::resets(&near))
}
