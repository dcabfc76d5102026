//! Pieces of time for which something is known: the power a reading said, for as long as it stands; that the socket is
//! offline; and, where no power was said, the mean power between two counter readings. Time without a piece is unknown.

use super::COUNTER_STATE_S_MAX;
use super::energy::Meter;
use super::thresholds::Thresholds;
use crate::devices::reading::Reading;

/// Counter readings are compared over steps of at least this grid, milliseconds: over a few seconds a counter that moves by
/// whole watt-hours would say nothing, then hundreds of watts, then nothing.
const COUNTER_GRID_MS: i64 = 300_000;

/// Milliwatts in a milliwatt-hour over a millisecond.
const MS_PER_HOUR: i128 = 3_600_000;

/// What is known during a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The socket said that it is offline.
    Offline,
    /// Power, milliwatts: as measured, and as it is judged (see [`Thresholds::judged`] and [`average`]).
    Power { measured_mw: i64, judged_mw: i64 },
}

/// Half-open, milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) what: What,
    /// The time between the two readings that it rests on, milliseconds: within it a change may lie anywhere.
    pub(super) grain: i64,
    /// Whether it was read at its end (a counter) and not at its beginning.
    pub(super) read_at_end: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Offline,
    Power(i64, i64),
    /// The socket is off and so is what hangs on it.
    Relay,
    Nothing,
}

/// The pieces of readings in order, up to `until` (milliseconds since the epoch).
pub(super) fn pieces(
    readings: &[Reading],
    meter: &Meter,
    thresholds: &Thresholds,
    stand_ms: i64,
    until: i64,
) -> Vec<Piece> {
    let said = said(readings, thresholds, stand_ms, until);
    if meter.points.is_empty() {
        return said;
    }
    fill(&said, &counted(meter, until))
}

fn marks(readings: &[Reading], thresholds: &Thresholds) -> Vec<(i64, Mark)> {
    let mut marks: Vec<(i64, Mark)> = Vec::with_capacity(readings.len());
    let mut last = Mark::Nothing;
    for reading in readings.iter().filter(|one| one.says_something()) {
        let mark = match (reading.online, reading.power_mw, reading.relay_on) {
            (Some(false), _, _) => Mark::Offline,
            // a relay that is off while power flows is wrong about itself: power was measured
            (_, Some(power), _) => Mark::Power(power.saturating_abs(), thresholds.judged(power, reading.current_ma)),
            (_, None, Some(false)) => Mark::Relay,
            // what hangs on it may draw anything now
            (_, None, Some(true)) if last == Mark::Relay => Mark::Nothing,
            _ if last == Mark::Offline => Mark::Nothing,
            // says nothing about power: what was said before stands as long as it would have
            _ => continue,
        };
        if (mark, last) != (Mark::Offline, Mark::Offline) {
            marks.push((reading.at.timestamp_millis(), mark));
        }
        last = mark;
    }
    marks
}

fn said(readings: &[Reading], thresholds: &Thresholds, stand_ms: i64, until: i64) -> Vec<Piece> {
    let marks = marks(readings, thresholds);
    let ends = marks.iter().skip(1).map(|(at, _)| *at).chain([i64::MAX]);
    let piece = |(from, mark): (i64, Mark), next: i64| {
        let (what, to) = match mark {
            Mark::Nothing => return None,
            Mark::Offline => (What::Offline, next),
            Mark::Relay => (What::Power { measured_mw: 0, judged_mw: 0 }, next.min(from.saturating_add(stand_ms))),
            Mark::Power(measured_mw, judged_mw) => {
                (What::Power { measured_mw, judged_mw }, next.min(from.saturating_add(stand_ms)))
            }
        };
        let to = to.min(until);
        (from < to).then(|| Piece { from, to, what, grain: to.saturating_sub(from), read_at_end: false })
    };
    marks.iter().copied().zip(ends).filter_map(|(mark, next)| piece(mark, next)).collect()
}

/// Mean power between counter readings: the first of each step of the grid, and the last of all.
fn counted(meter: &Meter, until: i64) -> Vec<Piece> {
    let cell = |at: i64| at.div_euclid(COUNTER_GRID_MS);
    let mut kept: Vec<(i64, i64)> = Vec::new();
    let mut last = None;
    for point in meter.points.iter().filter(|point| point.at <= until) {
        last = Some((point.at, point.used_mwh));
        match kept.last() {
            Some((at, _)) if cell(*at) == cell(point.at) => {}
            _ => kept.push((point.at, point.used_mwh)),
        }
    }
    if let (Some(last), Some(before)) = (last, kept.last().copied()) {
        if last.0.saturating_sub(before.0) < COUNTER_GRID_MS / 2 && kept.len() > 1 {
            kept.pop();
        }
        kept.push(last);
    }
    let longest = COUNTER_STATE_S_MAX.saturating_mul(1_000);
    kept.iter()
        .zip(kept.iter().skip(1))
        .filter_map(|((from, before), (to, after))| {
            let grain = to.saturating_sub(*from);
            if !(1..=longest).contains(&grain) {
                return None;
            }
            let used = i128::from(after.saturating_sub(*before));
            let power = i64::try_from(used * MS_PER_HOUR / i128::from(grain)).unwrap_or(i64::MAX);
            let what = What::Power { measured_mw: power, judged_mw: power };
            Some(Piece { from: *from, to: *to, what, grain, read_at_end: true })
        })
        .collect()
}

/// The pieces of `first`, and those of `second` in the time that the first leave unknown.
fn fill(first: &[Piece], second: &[Piece]) -> Vec<Piece> {
    let mut all = Vec::with_capacity(first.len().saturating_add(second.len()));
    let mut known = first.iter().peekable();
    let mut gap_from = i64::MIN;
    let mut fillers = second.iter().copied().peekable();
    loop {
        let gap_to = known.peek().map_or(i64::MAX, |piece| piece.from);
        while let Some(filler) = fillers.peek_mut() {
            let (from, to) = (filler.from.max(gap_from), filler.to.min(gap_to));
            if from < to {
                all.push(Piece { from, to, ..*filler });
            }
            if filler.to > gap_to {
                break;
            }
            fillers.next();
        }
        let Some(piece) = known.next() else { return all };
        all.push(*piece);
        gap_from = piece.to;
    }
}

/// Judges each piece by the mean of the power around its middle, `over_ms` long, as far as it is known.
pub(super) fn average(pieces: &mut [Piece], over_ms: i64) {
    if over_ms <= 0 {
        return;
    }
    // area under the judged power and known time, up to each piece
    let mut sums: Vec<(i128, i128)> = Vec::with_capacity(pieces.len().saturating_add(1));
    let (mut area, mut time) = (0_i128, 0_i128);
    sums.push((0, 0));
    for piece in pieces.iter() {
        if let What::Power { judged_mw, .. } = piece.what {
            let length = i128::from(piece.to.saturating_sub(piece.from));
            area += length * i128::from(judged_mw);
            time += length;
        }
        sums.push((area, time));
    }
    let upto = |pieces: &[Piece], at: i64| {
        let index = pieces.partition_point(|piece| piece.to <= at);
        let (mut area, mut time) = sums.get(index).copied().unwrap_or_default();
        if let Some(Piece { from, what: What::Power { judged_mw, .. }, .. }) = pieces.get(index)
            && *from < at
        {
            let length = i128::from(at.saturating_sub(*from));
            area += length * i128::from(*judged_mw);
            time += length;
        }
        (area, time)
    };
    let mean = |piece: &Piece| {
        let middle = piece.from.saturating_add(piece.to.saturating_sub(piece.from) / 2);
        let (from, to) = (middle.saturating_sub(over_ms / 2), middle.saturating_add(over_ms / 2));
        let ((area_from, time_from), (area_to, time_to)) = (upto(pieces, from), upto(pieces, to));
        let time = (time_to - time_from).max(1);
        i64::try_from((area_to - area_from) / time).unwrap_or(i64::MAX)
    };
    let means: Vec<i64> = pieces.iter().map(mean).collect();
    for (piece, mean) in pieces.iter_mut().zip(means) {
        if let What::Power { judged_mw, .. } = &mut piece.what {
            *judged_mw = mean;
        }
        piece.grain = piece.grain.max(over_ms / 2);
    }
}
