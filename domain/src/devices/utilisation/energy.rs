//! Energy: what counters and increments say, across counters that begin anew; without either, what the power adds up to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::COUNTER_SPREAD_S_MAX;
use super::days::Stay;
use super::ordered::ordered;
use super::pieces::{Piece, What};
use crate::coded::coded;
use crate::devices::reading::{Energy, Reading};

/// Power above which a step of a counter is no consumption but another counter, milliwatts: one megawatt.
const POWER_MW_MAX: i128 = 1_000_000_000;
const MS_PER_HOUR: i128 = 3_600_000;
/// Two readings of a counter closer than this are judged as if they were so far apart, milliseconds: a counter moves in steps.
const STEP_MS_MIN: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

coded! {
    /// What a figure of energy rests on.
    Basis {
        /// The socket's counter.
        Counter "counter" "电表读数" "Counter";
        /// Increments that the socket sent.
        Increment "increment" "电量增量" "Increments";
        /// Power over the time for which it is known.
        Power "power" "功率累计" "Power over time";
        /// Nothing was said.
        None "none" "无数据" "No data";
    }
}

/// Energy of a day in milliwatt-hours; the hours add up to the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayEnergy {
    /// What it rests on.
    pub basis: Basis,
    /// The whole day.
    pub total_mwh: i64,
    /// Each hour.
    pub hours_mwh: [i64; 24],
}

impl Default for DayEnergy {
    fn default() -> Self {
        Self { basis: Basis::None, total_mwh: 0, hours_mwh: [0; 24] }
    }
}

/// How much had been used at a moment, counted from some beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) at: i64,
    pub(super) used_mwh: i64,
}

/// What counters and increments say, as points that never fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meter {
    pub(super) basis: Basis,
    pub(super) points: Vec<Point>,
}

/// Reads the counter, or the increments of a socket without one, from readings in order.
pub(super) fn meter(readings: &[Reading]) -> Meter {
    let energies = || readings.iter().filter_map(|one| one.energy.map(|energy| (one.at.timestamp_millis(), energy)));
    let totals: Vec<(i64, i64)> = energies()
        .filter_map(|(at, energy)| match energy {
            Energy::Total(total) => Some((at, total)),
            Energy::Added(_) => None,
        })
        .collect();
    if !totals.is_empty() {
        return Meter { basis: Basis::Counter, points: counted(&totals) };
    }
    let mut points: Vec<Point> = Vec::new();
    for (at, energy) in energies() {
        let Energy::Added(added) = energy else { continue };
        let before = points.last().map_or(0, |last| last.used_mwh);
        if points.is_empty() {
            points.push(Point { at, used_mwh: 0 });
        }
        points.push(Point { at, used_mwh: before.saturating_add(added.max(0)) });
    }
    let basis = if points.is_empty() { Basis::None } else { Basis::Increment };
    Meter { basis, points }
}

/// A counter that stands lower than before began anew, and what it shows was used since. One that falls for a single reading
/// and then goes on from where it was did not: a broker repeated an old message.
fn counted(totals: &[(i64, i64)]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(totals.len());
    let mut last: Option<(i64, i64)> = None;
    let mut used: i64 = 0;
    let nexts = totals.iter().skip(1).map(Some).chain([None]);
    for (&(at, total), next) in totals.iter().zip(nexts) {
        if let Some((before_at, before)) = last {
            if total < before && next.is_some_and(|(_, after)| *after >= before) {
                continue;
            }
            let step = if total < before { total.max(0) } else { total.saturating_sub(before) };
            let apart = at.saturating_sub(before_at).max(STEP_MS_MIN);
            if i128::from(step) * MS_PER_HOUR <= POWER_MW_MAX * i128::from(apart) {
                used = used.saturating_add(step);
            }
        }
        points.push(Point { at, used_mwh: used });
        last = Some((at, total));
    }
    points
}

/// The instants at which a socket's counter began anew. A counter is known to have done so by the reading after it: one that
/// falls for a single reading and goes on from where it was is an old message again.
pub fn resets(stays: &[Stay]) -> Vec<DateTime<Utc>> {
    let mut found = vec![];
    for stay in stays {
        let totals: Vec<(DateTime<Utc>, i64)> = ordered(&stay.readings)
            .into_iter()
            .filter_map(|reading| match reading.energy {
                Some(Energy::Total(total)) => Some((reading.at, total)),
                _ => None,
            })
            .collect();
        let mut stood: Option<i64> = None;
        for (place, (at, total)) in totals.iter().enumerate() {
            let next = totals.get(place.saturating_add(1)).map(|(_, next)| *next);
            match stood {
                Some(before) if *total < before => {
                    if next.is_some_and(|next| next < before) {
                        found.push(*at);
                        stood = Some(*total);
                    }
                }
                _ => stood = Some(*total),
            }
        }
    }
    found
}

/// The energy of the day that begins at `start` (milliseconds since the epoch), by the meters of the sockets that were there.
pub(super) fn of_day(meters: &[Meter], pieces: &[Piece], start: i64) -> DayEnergy {
    from_meters(meters, start).or_else(|| from_power(pieces, start)).unwrap_or_default()
}

/// Nothing where no two readings of a counter reach into the day. Between two meters nothing is known to have been used.
fn from_meters(meters: &[Meter], start: i64) -> Option<DayEnergy> {
    let end = start.saturating_add(24 * HOUR_MS);
    let basis = meters.iter().map(|meter| meter.basis).min()?;
    let mut day = DayEnergy { basis, ..DayEnergy::default() };
    let mut any = false;
    let pairs = meters.iter().flat_map(|meter| meter.points.iter().zip(meter.points.iter().skip(1)));
    for (one, two) in pairs {
        let (step, apart) = (two.used_mwh.saturating_sub(one.used_mwh), two.at.saturating_sub(one.at));
        if apart == 0 || apart > COUNTER_SPREAD_S_MAX.saturating_mul(1_000) {
            any |= add(&mut day, start, two.at, step);
            continue;
        }
        let upto = |at: i64| {
            let part = i128::from(step) * i128::from(at.saturating_sub(one.at).clamp(0, apart)) / i128::from(apart);
            i64::try_from(part).unwrap_or(step)
        };
        let (mut from, to) = (one.at.max(start), two.at.min(end));
        // shares are differences of what was used up to a boundary, so that they add up whatever the rounding
        while from < to {
            let hour_end =
                start.saturating_add((from.saturating_sub(start) / HOUR_MS + 1).saturating_mul(HOUR_MS)).min(to);
            any |= add(&mut day, start, from, upto(hour_end).saturating_sub(upto(from)));
            from = hour_end;
        }
    }
    any.then_some(day)
}

/// Books energy in the hour of an instant; whether that lies in the day.
fn add(day: &mut DayEnergy, start: i64, at: i64, mwh: i64) -> bool {
    let hour = at.saturating_sub(start).div_euclid(HOUR_MS);
    let Some(slot) = usize::try_from(hour).ok().and_then(|hour| day.hours_mwh.get_mut(hour)) else { return false };
    *slot = slot.saturating_add(mwh);
    day.total_mwh = day.total_mwh.saturating_add(mwh);
    true
}

/// Power over the time for which it is known; the rest of the day adds nothing.
fn from_power(pieces: &[Piece], start: i64) -> Option<DayEnergy> {
    let end = start.saturating_add(24 * HOUR_MS);
    let mut areas = [0_i128; 24];
    let mut any = false;
    for piece in pieces {
        let What::Power { measured_mw, .. } = piece.what else { continue };
        let (mut from, to) = (piece.from.max(start), piece.to.min(end));
        while from < to {
            let hour = from.saturating_sub(start) / HOUR_MS;
            let hour_end = start.saturating_add((hour + 1).saturating_mul(HOUR_MS)).min(to);
            if let Some(area) = usize::try_from(hour).ok().and_then(|hour| areas.get_mut(hour)) {
                *area += i128::from(measured_mw) * i128::from(hour_end.saturating_sub(from));
                any = true;
            }
            from = hour_end;
        }
    }
    let mut day = DayEnergy { basis: Basis::Power, ..DayEnergy::default() };
    let (mut area, mut booked) = (0_i128, 0_i64);
    for (slot, part) in day.hours_mwh.iter_mut().zip(areas) {
        area += part;
        let upto = i64::try_from(area / MS_PER_HOUR).unwrap_or(i64::MAX);
        *slot = upto.saturating_sub(booked);
        booked = upto;
    }
    day.total_mwh = booked;
    any.then_some(day)
}
