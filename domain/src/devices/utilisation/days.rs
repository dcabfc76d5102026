//! One business day of a machine: its states second by second, and its energy by the hour.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::energy::{self, DayEnergy, Meter};
use super::ordered::{median_interval, ordered, reach, relevant, stand_s};
use super::pieces::{Piece, average, pieces};
use super::spells::{Spell, spells, uncertain_ms};
use super::states::{Seconds, Span, State, ratio_ppm};
use super::thresholds::Thresholds;
use super::{DAY_S, REACH_S};
use crate::devices::reading::Reading;
use crate::time::TenantZone;

/// What a day came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The business day.
    pub day: NaiveDate,
    /// Its states without gaps from its first second to the last that has passed.
    pub spans: Vec<Span>,
    /// Seconds in each state; together with `ahead_s` they are the day's length.
    pub seconds: Seconds,
    /// Seconds of the day that had not passed yet. They are not unknown: nobody could know them.
    pub ahead_s: i64,
    /// How much of the time at work may be otherwise, milliseconds, for want of readings in between.
    pub uncertain_ms: i64,
    /// Energy.
    pub energy: DayEnergy,
    /// Readings in the day itself, each once.
    pub readings: i64,
}

impl Day {
    /// Utilisation in millionths; nothing where no time is known.
    pub fn utilisation_ppm(&self) -> Option<i64> {
        self.seconds.utilisation_ppm()
    }

    /// Half the width of utilisation's error bar, millionths, at most 1,000,000; nothing where no time is known. Each change into
    /// or out of work lies somewhere between two readings, so half of that interval may be wrong.
    pub fn error_ppm(&self) -> Option<i64> {
        error_ppm(self.uncertain_ms, self.seconds.known())
    }
}

/// Uncertain time ÷ known time in millionths.
pub(super) fn error_ppm(uncertain_ms: i64, known_s: i64) -> Option<i64> {
    ratio_ppm(uncertain_ms, known_s.saturating_mul(1_000)).map(|ppm| ppm.min(1_000_000))
}

/// The business days in which there are readings, and those between them.
pub fn days_of(readings: &[Reading], zone: TenantZone) -> Vec<NaiveDate> {
    let with: BTreeSet<NaiveDate> = readings.iter().map(|one| zone.date_of(one.at)).collect();
    let (Some(first), Some(last)) = (with.first(), with.last()) else { return Vec::new() };
    let span = last.signed_duration_since(*first).num_days();
    if span > DAYS_MAX {
        // a clock that was years off: the days in between would say nothing at great length
        return with.into_iter().collect();
    }
    first.iter_days().take_while(|day| day <= last).collect()
}

/// Longest run of days in which days without readings are told, about ten years.
const DAYS_MAX: i64 = 3_660;

/// What one socket said while it was at a machine. Two sockets that were there one after the other are read each by itself:
/// their counters are two, and so is how often they report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// What it said, in any order, possibly doubled.
    pub readings: Vec<Reading>,
    /// How long one of them stands when no other follows, seconds (see [`super::stand_s`]).
    pub stand_s: i64,
    /// When it was taken away: nothing that it said stands longer.
    pub until: Option<DateTime<Utc>>,
}

impl Stay {
    /// Of readings, of which each stands as long as their intervals say.
    pub fn of(readings: Vec<Reading>, until: Option<DateTime<Utc>>) -> Self {
        Self { stand_s: stand_s(median_interval(&readings)), readings, until }
    }
}

/// Computes a business day from what one socket said, in any order and possibly doubled; see [`day_of_stays`].
pub fn day(
    readings: &[Reading],
    zone: TenantZone,
    day: NaiveDate,
    thresholds: &Thresholds,
    stand_s: i64,
    now: Option<DateTime<Utc>>,
) -> Day {
    day_of_stays(&[Stay { readings: readings.to_vec(), stand_s, until: None }], zone, day, thresholds, now)
}

/// Computes a business day from what the sockets at a machine said, one after the other; readings that do not bear on it (see
/// [`relevant`]) are ignored.
///
/// A reading stands until the next, for as long as its stay says at most. With `now` only what has passed counts, and
/// readings from after it are ignored.
pub fn day_of_stays(
    stays: &[Stay],
    zone: TenantZone,
    day: NaiveDate,
    thresholds: &Thresholds,
    now: Option<DateTime<Utc>>,
) -> Day {
    let Some((start, passed_s)) = passed(zone, day, now) else { return nothing_known(day) };
    let until = start.saturating_add(passed_s.saturating_mul(1_000));
    let end = start.saturating_add(DAY_S.saturating_mul(1_000));
    let mut inside = 0_usize;
    let mut meters: Vec<Meter> = vec![];
    let mut known: Vec<Piece> = vec![];
    for stay in stays {
        let mut near = relevant(&ordered(&stay.readings), zone, day);
        near.retain(|one| now.is_none_or(|now| one.at <= now));
        let meter = energy::meter(&near);
        known.extend(pieces_of(stay, &near, &meter, thresholds, horizon(start, now, stay.until)));
        meters.push(meter);
        inside =
            inside.saturating_add(near.iter().filter(|one| (start..end).contains(&one.at.timestamp_millis())).count());
    }
    let from = start.saturating_sub(REACH_S.saturating_mul(1_000));
    known.retain_mut(|piece| {
        piece.from = piece.from.max(from);
        piece.from < piece.to
    });
    known.sort_by_key(|piece| piece.from);
    average(&mut known, thresholds.mean_over_s.saturating_mul(1_000));
    let spells = spells(&known, thresholds);
    let spans = spans(&spells, start, passed_s);
    let mut seconds = Seconds::default();
    for span in &spans {
        seconds.add(span.state, span.to_s.saturating_sub(span.from_s));
    }
    Day {
        day,
        spans,
        seconds,
        ahead_s: DAY_S.saturating_sub(passed_s),
        uncertain_ms: uncertain_ms(&spells, start, until),
        energy: energy::of_day(&meters, &known, start),
        readings: i64::try_from(inside).unwrap_or(i64::MAX),
    }
}

/// Until when anything that is said bears on the day that begins at `start`, milliseconds since the epoch.
fn horizon(start: i64, now: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> i64 {
    let end = start.saturating_add((DAY_S + REACH_S).saturating_mul(1_000));
    now.into_iter().chain(until).fold(end, |end, at| end.min(at.timestamp_millis()))
}

fn pieces_of(stay: &Stay, near: &[Reading], meter: &Meter, thresholds: &Thresholds, horizon: i64) -> Vec<Piece> {
    let stand_ms = stay.stand_s.clamp(1, super::STAND_S_MAX).saturating_mul(1_000);
    pieces(near, meter, thresholds, stand_ms, horizon)
}

/// When the day begins, milliseconds since the epoch, and how many seconds of it have passed; nothing at the very ends of the
/// calendar.
fn passed(zone: TenantZone, day: NaiveDate, now: Option<DateTime<Utc>>) -> Option<(i64, i64)> {
    reach(zone, day)?;
    let start = zone.start_of(day)?.timestamp_millis();
    let passed = now.map_or(DAY_S, |now| now.timestamp_millis().saturating_sub(start).div_euclid(1_000));
    Some((start, passed.clamp(0, DAY_S)))
}

fn nothing_known(day: NaiveDate) -> Day {
    let (seconds, energy) = (Seconds { unknown: DAY_S, ..Seconds::default() }, DayEnergy::default());
    let spans = vec![Span { from_s: 0, to_s: DAY_S, state: None }];
    Day { day, spans, seconds, ahead_s: 0, uncertain_ms: 0, energy, readings: 0 }
}

/// The spells within the day in whole seconds. Each boundary is rounded by itself, so that the spans meet and add up.
fn spans(spells: &[Spell], start: i64, passed_s: i64) -> Vec<Span> {
    let second = |at: i64| at.saturating_sub(start).saturating_add(500).div_euclid(1_000).clamp(0, passed_s);
    let mut spans: Vec<Span> = Vec::new();
    let mut push = |from_s: i64, to_s: i64, state: Option<State>| {
        if from_s >= to_s {
            return;
        }
        match spans.last_mut() {
            Some(last) if last.state == state => last.to_s = to_s,
            _ => spans.push(Span { from_s, to_s, state }),
        }
    };
    let mut reached = 0;
    for spell in spells {
        let (from, to) = (second(spell.from).max(reached), second(spell.to).max(reached));
        push(reached, from, None);
        push(from, to, Some(spell.state));
        reached = to;
    }
    push(reached, passed_s, None);
    spans
}
