//! Using a limit: reserve, draw in parts, give the rest back, repay.

use chrono::{DateTime, TimeDelta, Utc};

use super::{LimitAction, enough, less, permit, permit_use, positive};
use crate::limits::posting::{Effect, EntryKind, Posting};
use crate::limits::refusal::LimitRefusal;
use crate::limits::reservation::{Drawdown, Reservation, ReservationState};
use crate::limits::tree::{Amounts, Limit, Moment, RESERVATION_DAYS_MAX};
use crate::money::Fen;

/// Sets an amount aside until `lapses_at`.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn reserve(
    above: &[Limit],
    limit: &Limit,
    amount: Fen,
    lapses_at: DateTime<Utc>,
    at: Moment,
) -> Result<Vec<Posting>, LimitRefusal> {
    positive(amount)?;
    permit_use(above, limit, LimitAction::Reserve, at.today())?;
    let waits = lapses_at.signed_duration_since(at.now());
    if waits <= TimeDelta::zero() || waits > TimeDelta::days(RESERVATION_DAYS_MAX) {
        return Err(LimitRefusal::LapseInvalid);
    }
    enough(limit, amount)?;
    let reservation =
        Reservation { amount, drawn: Fen::ZERO, released: Fen::ZERO, state: ReservationState::Open, lapses_at };
    let posting = Posting::new(limit, EntryKind::Reserved, Amounts { reserved: amount, ..Amounts::ZERO })?;
    Ok(vec![posting.with_reservation(Effect::Opens(reservation))?])
}

fn open(reservation: &Reservation) -> Result<(), LimitRefusal> {
    reservation.check()?;
    match reservation.state {
        ReservationState::Open => Ok(()),
        state => Err(LimitRefusal::ReservationEnded { state }),
    }
}

/// Draws from a reservation, in part or whole; drawing the whole ends it.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn draw(
    above: &[Limit],
    limit: &Limit,
    reservation: &Reservation,
    amount: Fen,
    at: Moment,
) -> Result<Vec<Posting>, LimitRefusal> {
    positive(amount)?;
    permit_use(above, limit, LimitAction::Draw, at.today())?;
    open(reservation)?;
    if reservation.is_due(at.now()) {
        return Err(LimitRefusal::ReservationLapsed { at: reservation.lapses_at });
    }
    let rest = reservation.rest();
    if amount > rest {
        return Err(LimitRefusal::AboveReservation { asked: amount, rest });
    }
    let state = if amount == rest { ReservationState::Closed } else { ReservationState::Open };
    // at most the reservation's amount, since amount ≤ rest
    let drawn = reservation.drawn.plus(amount).unwrap_or(reservation.amount);
    let after = Reservation { drawn, state, ..reservation.clone() };
    let deltas = Amounts { reserved: less(amount), drawn: amount, ..Amounts::ZERO };
    let posting = Posting::new(limit, EntryKind::Drawn, deltas)?.with_reservation(Effect::Changes(after))?;
    let drawdown = Drawdown { amount, repaid: Fen::ZERO, reversed: false };
    Ok(vec![posting.with_drawdown(Effect::Opens(drawdown))?])
}

/// Gives the rest of a reservation back and ends it.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn release(limit: &Limit, reservation: &Reservation, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    permit(limit, LimitAction::Release, at.today())?;
    open(reservation)?;
    end(limit, reservation, EntryKind::Released, ReservationState::Closed)
}

/// The same when its time has run out.
///
/// # Errors
/// The [`LimitRefusal`]; [`LimitRefusal::ReservationNotDue`] before its time.
pub fn lapse(limit: &Limit, reservation: &Reservation, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    permit(limit, LimitAction::Lapse, at.today())?;
    open(reservation)?;
    if !reservation.is_due(at.now()) {
        return Err(LimitRefusal::ReservationNotDue { at: reservation.lapses_at });
    }
    end(limit, reservation, EntryKind::Lapsed, ReservationState::Lapsed)
}

pub(super) fn end(
    limit: &Limit,
    reservation: &Reservation,
    kind: EntryKind,
    state: ReservationState,
) -> Result<Vec<Posting>, LimitRefusal> {
    let rest = reservation.rest();
    let after = Reservation { released: rest, state, ..reservation.clone() };
    let posting = Posting::new(limit, kind, Amounts { reserved: less(rest), ..Amounts::ZERO })?;
    Ok(vec![posting.with_reservation(Effect::Changes(after))?])
}

/// Books a repayment of a drawdown, in part or whole.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn repay(limit: &Limit, drawdown: &Drawdown, amount: Fen, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    positive(amount)?;
    permit(limit, LimitAction::Repay, at.today())?;
    drawdown.check()?;
    if drawdown.reversed {
        return Err(LimitRefusal::DrawdownReversed);
    }
    let outstanding = drawdown.outstanding();
    if amount > outstanding {
        return Err(LimitRefusal::AboveOutstanding { asked: amount, outstanding });
    }
    let spent = if limit.revolving { Fen::ZERO } else { amount };
    let deltas = Amounts { drawn: less(amount), spent, ..Amounts::ZERO };
    // at most the drawdown's amount, since amount ≤ outstanding
    let repaid = drawdown.repaid.plus(amount).unwrap_or(drawdown.amount);
    let posting = Posting::new(limit, EntryKind::Repaid, deltas)?;
    Ok(vec![posting.with_drawdown(Effect::Changes(Drawdown { repaid, ..drawdown.clone() }))?])
}
