//! Taking back an earlier entry by a new one with its own sign. Entries never change; what was booked by mistake stays
//! visible beside what mended it.
//!
//! What can be taken back: a reservation not drawn from, a draw not repaid, a repayment, and amounts split, moved or
//! resized. What cannot: a grant and the opening of a part (close it), changes of state (do the opposite), a release or
//! lapse (reserve again, since a reservation ends once), and a correction (do the first thing again).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::using::end;
use super::{LimitAction, enough, is_part_of, less, permit};
use crate::limits::posting::{Effect, EntryKind, Posting};
use crate::limits::refusal::LimitRefusal;
use crate::limits::reservation::{Drawdown, Reservation, ReservationState};
use crate::limits::tree::{Amounts, Limit, LimitState, Moment};
use crate::money::Fen;

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// On which limit.
    pub limit: Uuid,
    /// What it records.
    pub kind: EntryKind,
    /// What it added.
    pub deltas: Amounts,
    /// Whether it was taken back before.
    pub corrected: bool,
}

/// An earlier entry with its limit as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// The entry.
    pub entry: &'a Entry,
}

/// Takes back all the entries that one operation made, `lines`, in the same order; with the reservation and the drawdown
/// that the entry names, as they are now.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn correct(
    lines: &[Line<'_>],
    reservation: Option<&Reservation>,
    drawdown: Option<&Drawdown>,
    at: Moment,
) -> Result<Vec<Posting>, LimitRefusal> {
    let first = lines.first().ok_or(LimitRefusal::NotRelated)?;
    let kind = first.entry.kind;
    for line in lines {
        if line.entry.limit != line.limit.id || line.entry.kind != kind {
            return Err(LimitRefusal::NotRelated);
        }
        if line.entry.corrected {
            return Err(LimitRefusal::AlreadyCorrected);
        }
        permit(line.limit, LimitAction::Correct, at.today())?;
    }
    match (kind, lines, reservation, drawdown) {
        (EntryKind::Reserved, [line], Some(reservation), _) => take_back_reservation(line, reservation),
        (EntryKind::Drawn, [line], Some(reservation), Some(drawdown)) => take_back_draw(line, reservation, drawdown),
        (EntryKind::Repaid, [line], _, Some(drawdown)) => take_back_repayment(line, drawdown),
        (EntryKind::Split | EntryKind::Moved | EntryKind::Resized, ..) => take_back_amounts(lines, kind, at),
        (EntryKind::Reserved | EntryKind::Drawn | EntryKind::Repaid, ..) => Err(LimitRefusal::NotRelated),
        _ => Err(LimitRefusal::NotCorrectable { kind }),
    }
}

fn take_back_reservation(line: &Line<'_>, reservation: &Reservation) -> Result<Vec<Posting>, LimitRefusal> {
    reservation.check()?;
    if line.entry.deltas.reserved != reservation.amount {
        return Err(LimitRefusal::NotRelated);
    }
    if reservation.state != ReservationState::Open {
        return Err(LimitRefusal::ReservationEnded { state: reservation.state });
    }
    if reservation.drawn > Fen::ZERO {
        // what was drawn is taken back first; until then only the rest could go
        return Err(LimitRefusal::AboveReservation { asked: reservation.amount, rest: reservation.rest() });
    }
    end(line.limit, reservation, EntryKind::Corrected, ReservationState::Closed)
}

fn take_back_draw(
    line: &Line<'_>,
    reservation: &Reservation,
    drawdown: &Drawdown,
) -> Result<Vec<Posting>, LimitRefusal> {
    reservation.check()?;
    drawdown.check()?;
    let amount = drawdown.amount;
    if drawdown.reversed {
        return Err(LimitRefusal::DrawdownReversed);
    }
    if line.entry.deltas.drawn != amount || reservation.drawn < amount {
        return Err(LimitRefusal::NotRelated);
    }
    if drawdown.repaid > Fen::ZERO {
        return Err(LimitRefusal::DrawdownRepaid { repaid: drawdown.repaid });
    }
    let is_open = reservation.state == ReservationState::Open;
    // both results lie between 0 and the reservation's amount
    let drawn = reservation.drawn.minus(amount).unwrap_or_default();
    let released = if is_open { Fen::ZERO } else { reservation.released.plus(amount).unwrap_or(reservation.amount) };
    let reserved = if is_open { amount } else { Fen::ZERO };
    let deltas = Amounts { reserved, drawn: less(amount), ..Amounts::ZERO };
    let after = Reservation { drawn, released, ..reservation.clone() };
    let posting = Posting::new(line.limit, EntryKind::Corrected, deltas)?.with_reservation(Effect::Changes(after))?;
    Ok(vec![posting.with_drawdown(Effect::Changes(Drawdown { reversed: true, ..drawdown.clone() }))?])
}

fn take_back_repayment(line: &Line<'_>, drawdown: &Drawdown) -> Result<Vec<Posting>, LimitRefusal> {
    drawdown.check()?;
    let amount = less(line.entry.deltas.drawn);
    if drawdown.reversed {
        return Err(LimitRefusal::DrawdownReversed);
    }
    if amount <= Fen::ZERO || amount > drawdown.repaid {
        return Err(LimitRefusal::NotRelated);
    }
    if line.limit.revolving {
        enough(line.limit, amount)?;
    }
    let spent = if line.limit.revolving { Fen::ZERO } else { less(amount) };
    let posting = Posting::new(line.limit, EntryKind::Corrected, Amounts { drawn: amount, spent, ..Amounts::ZERO })?;
    let repaid = drawdown.repaid.minus(amount).unwrap_or_default();
    Ok(vec![posting.with_drawdown(Effect::Changes(Drawdown { repaid, ..drawdown.clone() }))?])
}

fn take_back_amounts(lines: &[Line<'_>], kind: EntryKind, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    if !are_whole(lines) {
        return Err(LimitRefusal::NotRelated);
    }
    // what the part has left is asked first: of a part that was cut since, the whole cannot take back what it handed out
    for Line { limit, entry } in lines {
        let state = limit.state_on(at.today());
        if state != LimitState::Active {
            return Err(LimitRefusal::NotInThisState { state, action: LimitAction::Correct });
        }
        enough(limit, entry.deltas.free())?;
    }
    let mut postings = Vec::with_capacity(lines.len());
    for Line { limit, entry } in lines {
        let deltas = entry.deltas.negated().map_err(|_| LimitRefusal::NotRelated)?;
        let posting = Posting::new(limit, EntryKind::Corrected, deltas)?;
        if kind == EntryKind::Split && posting.after().amounts.granted == Fen::ZERO {
            return Err(LimitRefusal::NotCorrectable { kind });
        }
        postings.push(posting);
    }
    Ok(postings)
}

/// Whether the lines are all that the operation wrote: otherwise a part would change and its parent not.
fn are_whole(lines: &[Line<'_>]) -> bool {
    let only = |line: &Line<'_>, allowed: Amounts| line.entry.deltas == allowed;
    match lines {
        [one] => one.limit.parent.is_none() && only(one, granted(one.entry.deltas.granted)),
        [a, b] => {
            let (given, got) = (a.entry.deltas, b.entry.deltas);
            let down = is_part_of(b.limit, a.limit)
                && only(a, Amounts { allocated: got.granted, ..Amounts::ZERO })
                && only(b, granted(got.granted));
            let across = a.limit.id != b.limit.id
                && a.limit.parent.is_some()
                && a.limit.parent == b.limit.parent
                && given.granted.plus(got.granted) == Ok(Fen::ZERO)
                && only(a, granted(given.granted))
                && only(b, granted(got.granted));
            down || across
        }
        _ => false,
    }
}

fn granted(amount: Fen) -> Amounts {
    Amounts { granted: amount, ..Amounts::ZERO }
}
