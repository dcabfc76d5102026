//! Counts one day of one machine and writes it down.

use chrono::{DateTime, NaiveDate, Utc};
use domain::devices::utilisation::{self, Basis, Stay};
use domain::time::TenantZone;
use uuid::Uuid;

use super::count::{around, first_finished};
use super::frame::{self, Frame};
use super::store::days::{self, DayRow};
use super::stored::{keep_hours, keep_spans};
use crate::devices::bindings;
use crate::devices::readings::{self, Most};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Most readings of a socket from which one day is counted: five a second, all day. A socket that says more is read as far as
/// that, so that one that runs wild costs the others nothing.
const READINGS_MAX: usize = 500_000;
/// The readings of a day.
pub(super) const OF_DAY: Most = Most::First(READINGS_MAX as u64);

/// What the sockets at a machine said around a stretch of time, each only while it was there, with what lies beside it and bears
/// on it.
pub(super) async fn heard(
    tx: &TenantTx,
    machine: Uuid,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    most: Most,
) -> Result<Vec<Stay>> {
    let mut stays = vec![];
    for bound in bindings::of_equipment(tx, machine, from, to).await? {
        let begin = bound.from.max(from).timestamp_micros();
        let end = bound.to.map_or(to, |ended| ended.min(to)).timestamp_micros();
        let mut all = readings::between(tx, bound.socket, (begin, end), most).await?;
        if all.len() == READINGS_MAX {
            tracing::warn!(tenant = %tx.tenant(), socket = %bound.socket, %from, "says more than is counted");
        }
        let tells_energy = all.iter().any(|reading| reading.energy.is_some());
        let whole = (bound.from.timestamp_micros(), bound.to.map_or(i64::MAX, |ended| ended.timestamp_micros()));
        all.extend(readings::beside(tx, bound.socket, (begin, end), whole, tells_energy).await?);
        stays.push(Stay::of(all, bound.to));
    }
    Ok(stays)
}

/// Counts a day of a machine whose row is locked, and gives the instants at which its counter of energy began anew.
pub(super) async fn day(tx: &TenantTx, frame: &Frame, day: NaiveDate) -> Result<Vec<DateTime<Utc>>> {
    let Some(stretch) = around(day) else { return Ok(vec![]) };
    let zone = TenantZone::default();
    let stays = heard(tx, frame.machine.id, stretch, OF_DAY).await?;
    let counted = utilisation::day_of_stays(&stays, zone, day, &frame.thresholds, Some(tx.now()));
    if counted.readings == 0 && counted.seconds.known() == 0 && counted.energy.basis == Basis::None {
        if day < first_finished(frame::today(tx)) {
            // so long ago that what was said may be gone: what was counted from it stays
            return Ok(vec![]);
        }
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
    Ok(utilisation::resets(&stays))
}
