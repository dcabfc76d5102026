//! Spells: stretches of one state, by thresholds with hysteresis and minimum duration.

use super::pieces::{Piece, What};
use super::states::State;
use super::thresholds::Thresholds;

/// Half-open, milliseconds since the epoch. Time between spells is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spell {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) state: State,
    /// How far after its begin the change may lie in truth, milliseconds; 0 where its begin was read.
    pub(super) begin_grain: i64,
    /// How far before its end the change may lie in truth, milliseconds.
    pub(super) end_grain: i64,
}

/// The spells of pieces in order.
pub(super) fn spells(pieces: &[Piece], thresholds: &Thresholds) -> Vec<Spell> {
    let mut raw: Vec<Spell> = Vec::new();
    for piece in pieces {
        let before = raw.last().filter(|last| last.to == piece.from).map(|last| last.state);
        let state = match piece.what {
            What::Offline => State::Offline,
            What::Power { judged_mw, .. } => thresholds.state_at(judged_mw, before),
        };
        let grain = if piece.read_at_end { piece.grain } else { 0 };
        let spell = Spell { from: piece.from, to: piece.to, state, begin_grain: grain, end_grain: piece.grain };
        join(&mut raw, spell);
    }
    lasting(&raw, thresholds.minimum_s.saturating_mul(1_000))
}

/// Appends a spell, or lengthens the last one where it goes on in the same state.
fn join(spells: &mut Vec<Spell>, next: Spell) {
    match spells.last_mut() {
        Some(last) if last.to == next.from && last.state == next.state => {
            last.to = next.to;
            last.end_grain = next.end_grain;
        }
        _ => spells.push(next),
    }
}

/// Gives each stretch shorter than the minimum to the state before it; the first after unknown time or offline to the state
/// after it. Offline and unknown are what the socket said and did not say, no matter of power: they are never given away, and
/// nothing is given across them.
fn lasting(raw: &[Spell], minimum_ms: i64) -> Vec<Spell> {
    let mut kept: Vec<Spell> = Vec::with_capacity(raw.len());
    for spell in raw {
        let length = |one: &Spell| one.to.saturating_sub(one.from);
        let follows =
            |last: &&mut Spell| last.to == spell.from && last.state != State::Offline && spell.state != State::Offline;
        match kept.last_mut().filter(follows) {
            // the first of a run, too short to stand by itself
            Some(last) if length(last) < minimum_ms => {
                last.to = spell.to;
                (last.state, last.end_grain) = (spell.state, spell.end_grain);
            }
            Some(last) if length(spell) < minimum_ms || last.state == spell.state => {
                last.to = spell.to;
                last.end_grain = spell.end_grain;
            }
            _ => kept.push(*spell),
        }
    }
    kept
}

/// How much of the time at work between two instants may in truth have been none or the other way round, milliseconds: half
/// the interval between the two readings around each change into or out of work, and half the last interval where work ran
/// into unknown time. Where work comes out of unknown time it was read at once, and nothing before it is counted.
pub(super) fn uncertain_ms(spells: &[Spell], from: i64, until: i64) -> i64 {
    let nexts = spells.iter().skip(1).map(Some).chain([None]);
    let half = |(spell, next): (&Spell, Option<&Spell>)| {
        if spell.to <= from || spell.to >= until {
            return 0;
        }
        match next.filter(|next| next.from == spell.to) {
            Some(next) if next.state.is_busy() != spell.state.is_busy() => spell.end_grain.max(next.begin_grain) / 2,
            Some(_) => 0,
            None if spell.state.is_busy() => spell.end_grain / 2,
            None => 0,
        }
    };
    spells.iter().zip(nexts).map(half).fold(0, i64::saturating_add)
}
