//! Thresholds learned from a machine's readings: a suggestion that a person confirms.
//!
//! The method. (1) Power that stands is weighed by time. (2) Where a socket counts in steps as large as what the machine draws,
//! power is judged by its mean, since each reading by itself says little. (3) The levels of power are found with the valleys
//! between them. (4) From the highest level down, the machine is at work in the levels that carry a fair part of the energy it
//! uses above its lowest level: energy goes where work is done, a starting current or a stray reading carries none. (5) Between
//! that level and the one below, the threshold is sought near two thirds of what it usually draws at work, as far as the valley allows.
//! A machine tool that idles draws about half of what it draws at work. An overload is not learned: what a machine may draw
//! stands on its plate, and that it never drew more does not say that it may not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::energy::meter;
use super::histogram::{Histogram, Level, lower_mw};
use super::ordered::{median_interval, ordered, stand_s};
use super::pieces::{Piece, What, average, pieces};
use super::thresholds::Thresholds;
use crate::coded::coded;
use crate::devices::reading::Reading;
use crate::words::Words;

/// Noise of a plain meter, milliwatts: many show up to 1.5 W with nothing switched on.
const NOISE_MW: i64 = 3_000;
/// Below this nothing but noise is told apart, milliwatts.
const FLOOR_MW: i64 = 2_000;
/// A machine that was only ever seen at one level is taken to work there if it draws this, milliwatts: the smallest motors do.
const WORK_MW_MIN: i64 = 20_000;
/// Least time with known power, milliseconds: two hours.
const KNOWN_MS_MIN: i64 = 7_200_000;
/// Least share of the energy above the lowest level that work carries, thousandths.
const WORK_PER_MILLE: i128 = 150;
/// Which part of the time at the working level lies below what counts as its usual power, thousandths: products differ, and the
/// lighter ones are work too.
const LOW_PER_MILLE: i64 = 300;
/// Where the threshold of work is sought, thousandths of the working level.
const SOUGHT_PER_MILLE: i128 = 667;
/// Most of the time at the working level that the threshold may cut off, thousandths: idling that no valley parts from work.
const CUT_PER_MILLE: i64 = 150;
/// Steps over which power is averaged where a socket counts coarsely.
const MEAN_READINGS: i64 = 6;
/// Most time over which power is averaged, milliseconds.
const MEAN_MS_MAX: i64 = 3_600_000;
/// Shortest stretch that is learned to be a change of state, seconds.
const MINIMUM_S: i64 = 30;

coded! {
    /// How far a suggestion can be trusted.
    Confidence {
        /// Levels far apart, over several days.
        Good "good" "较高" "Good";
        /// Levels that can be told apart, or few days.
        Fair "fair" "一般" "Fair";
        /// One level, or levels that run into each other.
        Low "low" "较低" "Low";
    }
}

/// Thresholds that a machine's readings suggest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The thresholds.
    pub thresholds: Thresholds,
    /// How far to trust them.
    pub confidence: Confidence,
    /// Why these, for the person who confirms them.
    pub explanation: Words,
    /// The levels of power that were found, milliwatts, rising.
    pub levels_mw: Vec<i64>,
    /// Days (of 24 hours in UTC) with readings.
    pub days: i64,
    /// Readings, each once.
    pub readings: i64,
}

/// Learns thresholds from readings in any order, for instance those of a machine's first days. Nothing where less than two hours
/// are known or the machine never drew more than what electronics do.
pub fn learn(readings: &[Reading]) -> Option<Suggestion> {
    let readings = ordered(readings);
    let median_ms = median_interval(&readings)?;
    let raw = Thresholds { off_below_mw: 0, ..Thresholds::standard() };
    let stand_ms = stand_s(Some(median_ms)).saturating_mul(1_000);
    let mut pieces = pieces(&readings, &meter(&readings), &raw, stand_ms, i64::MAX);
    pieces.retain(|piece| piece.what != What::Offline);
    let step_mw = coarse_step(&pieces);
    let mean_ms = step_mw.map_or(0, |_| median_ms.saturating_mul(MEAN_READINGS).min(MEAN_MS_MAX));
    average(&mut pieces, mean_ms);
    let samples = samples(&pieces, median_ms);
    if samples.iter().fold(0_i64, |known, (_, held)| known.saturating_add(*held)) < KNOWN_MS_MIN {
        return None;
    }
    let floor_mw = step_mw.map_or(FLOOR_MW, |step| (step / 16).max(FLOOR_MW));
    let found = Found::in_samples(&samples, floor_mw)?;
    let days: BTreeSet<_> = readings.iter().map(|one| one.at.date_naive()).collect();
    let days = i64::try_from(days.len()).unwrap_or(i64::MAX);
    let thresholds = Thresholds {
        off_below_mw: found.off_below_mw,
        working_from_mw: found.working_from_mw,
        // half the time between readings: one reading is enough, a message in between is not
        minimum_s: (median_ms / 2_000).clamp(MINIMUM_S, 600),
        mean_over_s: mean_ms / 1_000,
        // a running mean is steady by itself
        hysteresis_per_mille: if mean_ms > 0 { 50 } else { 100 },
        basis: "learned".to_owned(),
        ..Thresholds::standard()
    };
    Some(Suggestion {
        explanation: found.explanation(days, mean_ms / 1_000),
        confidence: found.confidence(days),
        thresholds,
        levels_mw: found.levels_mw,
        days,
        readings: i64::try_from(readings.len()).unwrap_or(i64::MAX),
    })
}

fn power_of(piece: &Piece) -> Option<i64> {
    match piece.what {
        What::Power { judged_mw, .. } => Some(judged_mw),
        What::Offline => None,
    }
}

/// The step in which a socket counts, where that is at least a tenth of what the machine draws and single readings jump by
/// one step and back again: 0, 1, 0, 1 kW is what 0.5 kW looks like in whole kilowatts.
fn coarse_step(pieces: &[Piece]) -> Option<i64> {
    let powers: Vec<i64> = pieces.iter().filter_map(power_of).collect();
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for power in &powers {
        let count = counts.entry(*power).or_default();
        *count = count.saturating_add(1);
    }
    // a value that hardly occurs does not make the step finer
    let usual: Vec<i64> =
        counts.iter().filter(|(_, count)| count.saturating_mul(500) >= powers.len()).map(|(power, _)| *power).collect();
    let step = usual.iter().zip(usual.iter().skip(1)).map(|(below, above)| above.saturating_sub(*below)).min()?;
    // the mean of power weighed by itself, so that idle time does not count
    let sums = powers.iter().fold((0_i128, 0_i128), |(sum, squares), power| {
        let power = i128::from(*power);
        (sum.saturating_add(power), squares.saturating_add(power.saturating_mul(power)))
    });
    if sums.1 / sums.0.max(1) > i128::from(step).saturating_mul(10) {
        return None;
    }
    let triples = powers.iter().zip(powers.iter().skip(1)).zip(powers.iter().skip(2));
    let jumps = triples.filter(|((a, b), c)| a == c && a.saturating_sub(**b).saturating_abs() == step).count();
    (jumps.saturating_mul(50) >= powers.len()).then_some(step)
}

/// Powers and how long each was held. Of a socket that reports regularly a reading out of its rhythm is left out: after a gap it
/// may hold what the gap held, after a few seconds only what those held.
fn samples(pieces: &[Piece], median_ms: i64) -> Vec<(i64, i64)> {
    let sample = |piece: &Piece| power_of(piece).map(|power| (power, piece.to.saturating_sub(piece.from)));
    let regular = |before: &Piece, piece: &Piece| {
        let apart = piece.from.saturating_sub(before.from);
        apart.saturating_mul(2) >= median_ms && apart.saturating_mul(2) <= median_ms.saturating_mul(3)
    };
    let pairs = || pieces.iter().zip(pieces.iter().skip(1));
    let in_rhythm: Vec<(i64, i64)> =
        pairs().filter(|(before, piece)| regular(before, piece)).filter_map(|(_, piece)| sample(piece)).collect();
    if in_rhythm.len().saturating_mul(10) >= pieces.len().saturating_mul(7) {
        in_rhythm
    } else {
        pieces.iter().filter_map(sample).collect()
    }
}

struct Found {
    levels_mw: Vec<i64>,
    off_below_mw: i64,
    working_from_mw: i64,
    work_mw: i64,
    /// How high the valley is in parts of the lower of the two levels beside it, thousandths; nothing with one level.
    valley_per_mille: Option<i64>,
}

impl Found {
    fn in_samples(samples: &[(i64, i64)], floor_mw: i64) -> Option<Self> {
        let histogram = Histogram::new(samples, floor_mw);
        let levels = histogram.levels();
        let mean_of = |level: &Level| mean(samples, lower_mw(level.from), lower_mw(level.to.saturating_add(1)));
        let levels_mw: Vec<i64> = levels.iter().map(mean_of).collect();
        let base_mw = *levels_mw.first()?;
        let Some(place) = work_begins(samples, &levels, base_mw) else {
            return Self::one_level(base_mw, levels_mw);
        };
        let (lower, upper) = (levels.get(place.checked_sub(1)?)?, levels.get(place)?);
        let work_mw = quantile(samples, lower_mw(upper.from), LOW_PER_MILLE);
        let working_from_mw =
            between(&histogram, (lower, upper), work_mw, quantile(samples, lower_mw(upper.from), CUT_PER_MILLE));
        // what stands at the bottom of a large machine is its meter's noise, not its electronics
        let noise = base_mw <= NOISE_MW.max(work_mw / 200) || base_mw <= histogram.floor_mw();
        let off_below_mw = if noise { base_mw.saturating_mul(2).max(NOISE_MW) } else { NOISE_MW.min(base_mw / 2) };
        let off_below_mw = off_below_mw.max(if noise { histogram.floor_mw() } else { 1 });
        let height = histogram.height(lower.peak).min(histogram.height(upper.peak)).max(1);
        let valley = histogram.height(histogram.valley(lower.peak, upper.peak)) * 1_000 / height;
        Some(Self {
            levels_mw,
            off_below_mw: off_below_mw.min(working_from_mw / 2).max(1),
            working_from_mw,
            work_mw,
            valley_per_mille: i64::try_from(valley).ok(),
        })
    }

    /// A machine that was only ever seen at one level: at work there, if that is more than electronics draw.
    fn one_level(work_mw: i64, levels_mw: Vec<i64>) -> Option<Self> {
        let working_from_mw = work_mw / 2;
        (work_mw >= WORK_MW_MIN).then_some(Self {
            levels_mw,
            off_below_mw: NOISE_MW.min(working_from_mw / 2),
            working_from_mw,
            work_mw,
            valley_per_mille: None,
        })
    }

    fn confidence(&self, days: i64) -> Confidence {
        match self.valley_per_mille {
            Some(..=100) if days >= 3 => Confidence::Good,
            Some(..=300) => Confidence::Fair,
            _ => Confidence::Low,
        }
    }

    fn explanation(&self, days: i64, mean_s: i64) -> Words {
        let levels: Vec<String> = self.levels_mw.iter().map(|level| watts(*level)).collect();
        let (work, from, off) = (watts(self.work_mw), watts(self.working_from_mw), watts(self.off_below_mw));
        let mut zh = format!(
            "依据 {days} 天读数，功率集中在 {} W；工作时通常不低于 {work} W，故 {from} W 起判为工作，低于 {off} W 判为关机。",
            levels.join("、")
        );
        let mut en = format!(
            "From {days} days of readings, power keeps to {} W; at work it is usually {work} W or more, so work begins at {from} W and \
             below {off} W the machine is off.",
            levels.join(", ")
        );
        if self.valley_per_mille.is_none() {
            zh.push_str("只见到一个功率水平，请核对设备当时是否在工作。");
            en.push_str(" Only one level was seen: please check whether the machine was at work.");
        }
        if mean_s > 0 {
            zh.push_str(&format!("插座按较大的步长计数，故按 {} 分钟平均功率判断。", mean_s / 60));
            en.push_str(&format!(
                " The socket counts in large steps, so power is judged by its mean over {} minutes.",
                mean_s / 60
            ));
        }
        Words::new(zh, en)
    }
}

/// The place of the lowest level that is work: from the top down until the levels carry a fair part of the energy above the
/// lowest one. Nothing with one level.
fn work_begins(samples: &[(i64, i64)], levels: &[Level], base_mw: i64) -> Option<usize> {
    let above = |from_mw: i64| -> i128 {
        let excess = |power: i64| i128::from(power.saturating_sub(base_mw).max(0));
        let counted = samples.iter().filter(|(power, _)| *power >= from_mw);
        counted.fold(0, |sum: i128, (power, held)| sum.saturating_add(excess(*power).saturating_mul(i128::from(*held))))
    };
    let all = above(0);
    let carries =
        |level: &Level| above(lower_mw(level.from)).saturating_mul(1_000) >= all.saturating_mul(WORK_PER_MILLE);
    levels.iter().enumerate().skip(1).rev().find(|(_, level)| carries(level)).map(|(place, _)| place)
}

/// The power nearest to two thirds of the working level, from the valley below it to where it would cut off too much of the
/// working level's time (`cut_mw`). The valley is where hardly any time is spent: about its lowest, or a tenth of the peak.
fn between(histogram: &Histogram, (lower, upper): (&Level, &Level), work_mw: i64, cut_mw: i64) -> i64 {
    let valley = histogram.valley(lower.peak, upper.peak);
    let most = (histogram.height(valley).saturating_mul(13) / 10).max(histogram.height(upper.peak) / 10);
    let low = (lower.peak..=valley).rev().take_while(|bin| histogram.height(*bin) <= most).last().unwrap_or(valley);
    let high = (valley..=upper.peak).take_while(|bin| histogram.height(*bin) <= most).last().unwrap_or(valley);
    let sought = i64::try_from(i128::from(work_mw) * SOUGHT_PER_MILLE / 1_000).unwrap_or(work_mw);
    // the middle of a bin, so that what lies exactly on a bound is on neither side by chance
    let middle = |bin: usize| lower_mw(bin).saturating_add(lower_mw(bin.saturating_add(1))) / 2;
    let (low, high) = (middle(low), middle(high).max(cut_mw));
    sought.clamp(low.min(high), high)
}

/// The mean power of the time in a range.
fn mean(samples: &[(i64, i64)], from_mw: i64, below_mw: i64) -> i64 {
    let inside = samples.iter().filter(|(power, _)| *power < below_mw && (*power >= from_mw || from_mw <= 1));
    let (sum, time) = inside.fold((0_i128, 0_i128), |(sum, time), (power, held)| {
        (
            sum.saturating_add(i128::from(*power).saturating_mul(i128::from(*held))),
            time.saturating_add(i128::from(*held)),
        )
    });
    i64::try_from(sum / time.max(1)).unwrap_or(i64::MAX)
}

/// The power below which `per_mille` thousandths of the time from `from_mw` on are spent.
fn quantile(samples: &[(i64, i64)], from_mw: i64, per_mille: i64) -> i64 {
    let mut inside: Vec<(i64, i64)> = samples.iter().filter(|(power, _)| *power >= from_mw).copied().collect();
    inside.sort_unstable();
    let all = inside.iter().fold(0_i128, |sum, (_, held)| sum.saturating_add(i128::from(*held)));
    let mut passed = 0_i128;
    for (power, held) in &inside {
        passed = passed.saturating_add(i128::from(*held));
        if passed.saturating_mul(1_000) >= all.saturating_mul(i128::from(per_mille)) {
            return *power;
        }
    }
    from_mw
}

/// Watts with at most one decimal, for people.
fn watts(mw: i64) -> String {
    let tenths = mw.saturating_add(50) / 100;
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}
