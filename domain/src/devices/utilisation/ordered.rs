//! Readings in their order, each once, and how long one stands. Everything after this depends only on the set.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{DAY_S, REACH_S, STAND_S_MAX};
use crate::devices::reading::Reading;
use crate::time::TenantZone;

/// The readings by time, those of one instant by their sequence, each pair of instant and sequence once (see [`merged`]).
pub fn ordered(readings: &[Reading]) -> Vec<Reading> {
    let mut sorted = readings.to_vec();
    // already in order as a rule, and then this costs one pass
    sorted.sort();
    sorted.dedup_by(|later, kept| {
        let same = (later.at, later.sequence) == (kept.at, kept.sequence);
        if same {
            *kept = merged(*kept, *later);
        }
        same
    });
    sorted
}

/// One reading of two with the same instant and sequence: what both say is taken from the smaller one, what one of them does
/// not say from the other, so that neither order nor doubling matters.
#[must_use]
pub fn merged(one: Reading, other: Reading) -> Reading {
    let (first, second) = if one.cmp(&other) == Ordering::Greater { (other, one) } else { (one, other) };
    Reading {
        at: first.at,
        sequence: first.sequence,
        power_mw: first.power_mw.or(second.power_mw),
        voltage_mv: first.voltage_mv.or(second.voltage_mv),
        current_ma: first.current_ma.or(second.current_ma),
        energy: first.energy.or(second.energy),
        relay_on: first.relay_on.or(second.relay_on),
        online: first.online.or(second.online),
    }
}

/// The median time between two readings, milliseconds; nothing with fewer than two instants. It is taken over readings that
/// say power, and where none does, over those that say energy: frames in between that say neither do not make the power
/// that was said before any older. Of an even number the smaller of the two in the middle.
pub fn median_interval(readings: &[Reading]) -> Option<i64> {
    let says = |what: fn(&Reading) -> bool| -> Vec<i64> {
        let mut times: Vec<i64> =
            readings.iter().filter(|one| what(one)).map(|one| one.at.timestamp_millis()).collect();
        times.sort_unstable();
        times.dedup();
        times
    };
    let mut times = says(|one| one.power_mw.is_some());
    if times.len() < 2 {
        times = says(|one| one.energy.is_some());
    }
    let mut apart: Vec<i64> = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.saturating_sub(*a)).collect();
    let middle = apart.len().checked_sub(1)? / 2;
    Some(*apart.select_nth_unstable(middle).1)
}

/// How long a reading stands when no other follows, seconds: three times the median interval, at most a quarter of an hour.
/// One second at least; a quarter of an hour where the interval is not known.
pub fn stand_s(median_interval_ms: Option<i64>) -> i64 {
    median_interval_ms.map_or(STAND_S_MAX, |median| (median.saturating_mul(3) / 1_000).clamp(1, STAND_S_MAX))
}

/// The readings that bear on a business day, in order. A caller that keeps readings elsewhere asks for these: all from
/// [`REACH_S`] before the day to [`REACH_S`] after it; the last one before those, which may have said that the socket went
/// offline; and the two with energy next before and next after, between which a counter moved.
pub fn relevant(ordered: &[Reading], zone: TenantZone, day: NaiveDate) -> Vec<Reading> {
    let Some((from, to)) = reach(zone, day) else { return Vec::new() };
    let first = ordered.partition_point(|one| one.at < from);
    let end = ordered.partition_point(|one| one.at < to).max(first);
    let (before, rest) = ordered.split_at_checked(first).unwrap_or((ordered, &[]));
    let (inside, after) = rest.split_at_checked(end.saturating_sub(first)).unwrap_or((rest, &[]));
    let has_energy = |one: &&Reading| one.energy.is_some();
    // a socket without energy has nothing to look for, however long its history
    let mut chosen: Vec<Reading> =
        before.iter().rev().take(ENERGY_LOOK_MAX).filter(has_energy).take(2).copied().collect();
    chosen.extend(before.last().copied());
    chosen.extend_from_slice(inside);
    chosen.extend(after.iter().take(ENERGY_LOOK_MAX).filter(has_energy).take(2).copied());
    self::ordered(&chosen)
}

/// Most readings looked through for one with energy outside the reach.
const ENERGY_LOOK_MAX: usize = 100_000;

/// The instants between which readings bear on a day's states.
pub(super) fn reach(zone: TenantZone, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let start = zone.start_of(day)?;
    let from = start.checked_sub_signed(TimeDelta::seconds(REACH_S))?;
    let to = start.checked_add_signed(TimeDelta::seconds(DAY_S + REACH_S))?;
    Some((from, to))
}
