//! The life of a limit as a whole: granted, resized, frozen, thawed, expired, closed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LimitAction, is_part_of, less, permit, positive};
use crate::limits::posting::{EntryKind, Posting};
use crate::limits::refusal::LimitRefusal;
use crate::limits::tree::{Amounts, GRANT_FEN_MAX, Limit, LimitState, Moment, VALID_DAYS_MAX};
use crate::money::Fen;

/// What a new limit or part is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The id that it gets.
    pub id: Uuid,
    /// How much.
    pub amount: Fen,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// The first day on which it can be used.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer can.
    pub valid_to: NaiveDate,
}

impl Opening {
    /// The row before its first entry, if amount and validity are possible.
    pub(super) fn row(&self, parent: Option<&Limit>, today: NaiveDate) -> Result<Limit, LimitRefusal> {
        positive(self.amount)?;
        if self.amount > GRANT_FEN_MAX {
            return Err(LimitRefusal::AboveLargest { asked: self.amount });
        }
        let days = self.valid_to.signed_duration_since(self.valid_from).num_days();
        if !(1..=VALID_DAYS_MAX).contains(&days) || self.valid_to <= today {
            return Err(LimitRefusal::PeriodInvalid);
        }
        Ok(Limit {
            id: self.id,
            parent: parent.map(|limit| limit.id),
            depth: parent.map_or(0, |limit| limit.depth.saturating_add(1)),
            amounts: Amounts::ZERO,
            revolving: self.revolving,
            state: LimitState::Active,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

/// Grants a limit, of at most what was approved and not granted yet.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn grant(opening: &Opening, approved: Fen, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    let row = opening.row(None, at.today())?;
    if opening.amount > approved {
        return Err(LimitRefusal::AboveApproved { asked: opening.amount, approved });
    }
    let deltas = Amounts { granted: opening.amount, ..Amounts::ZERO };
    Ok(vec![Posting::new(&row, EntryKind::Granted, deltas)?])
}

/// By how much a limit is to grow or, below 0, to shrink, if it can be of that size.
pub(super) fn growth(limit: &Limit, to: Fen, day: NaiveDate) -> Result<Fen, LimitRefusal> {
    positive(to)?;
    if to > GRANT_FEN_MAX {
        return Err(LimitRefusal::AboveLargest { asked: to });
    }
    limit.check()?;
    let now = limit.amounts.granted;
    permit(limit, if to < now { LimitAction::Reduce } else { LimitAction::Enlarge }, day)?;
    if to == now {
        return Err(LimitRefusal::Unchanged { asked: to });
    }
    let used = limit.amounts.used();
    if to < used {
        return Err(LimitRefusal::BelowUse { asked: to, used });
    }
    // both lie between 0 and the largest limit
    Ok(to.minus(now).unwrap_or_default())
}

/// Changes the size of a granted limit, up to what was approved and down to what is in use.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written. A part is [`LimitRefusal::NotRelated`]: it grows by
/// [`super::resize_part`].
pub fn resize_grant(limit: &Limit, to: Fen, approved: Fen, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    let by = growth(limit, to, at.today())?;
    if limit.parent.is_some() {
        return Err(LimitRefusal::NotRelated);
    }
    if by > Fen::ZERO && to > approved {
        return Err(LimitRefusal::AboveApproved { asked: to, approved });
    }
    Ok(vec![Posting::new(limit, EntryKind::Resized, Amounts { granted: by, ..Amounts::ZERO })?])
}

/// Stops the use of a limit and of everything below it.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn freeze(limit: &Limit, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    permit(limit, LimitAction::Freeze, at.today())?;
    Ok(vec![Posting::turning(limit, EntryKind::Frozen, LimitState::Frozen)?])
}

/// Ends a freeze. Parts that were frozen themselves stay so.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn thaw(limit: &Limit, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    permit(limit, LimitAction::Thaw, at.today())?;
    Ok(vec![Posting::turning(limit, EntryKind::Thawed, LimitState::Active)?])
}

/// Writes down that the last day has passed. Nothing depends on it being written in time; see [`Limit::state_on`].
///
/// # Errors
/// The [`LimitRefusal`]; [`LimitRefusal::NotYetExpired`] before its day.
pub fn expire(limit: &Limit, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    let action = LimitAction::Expire;
    match limit.state {
        state @ (LimitState::Expired | LimitState::Closed) => Err(LimitRefusal::NotInThisState { state, action }),
        _ if at.today() < limit.valid_to => Err(LimitRefusal::NotYetExpired { on: limit.valid_to }),
        _ => Ok(vec![Posting::turning(limit, EntryKind::Expired, LimitState::Expired)?]),
    }
}

/// Ends a limit of which nothing is in use; what is free goes back to the parent. `parent` is nothing for the granted
/// limit.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn close(parent: Option<&Limit>, limit: &Limit, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    permit(limit, LimitAction::Close, at.today())?;
    limit.check()?;
    let Amounts { granted, allocated, reserved, drawn, spent } = limit.amounts;
    let used = allocated.plus(reserved).and_then(|sum| sum.plus(drawn)).unwrap_or(limit.amounts.used());
    if used > Fen::ZERO {
        return Err(LimitRefusal::StillInUse { used });
    }
    let free = limit.free();
    let own = Posting::new(limit, EntryKind::Closed, Amounts { granted: less(free), ..Amounts::ZERO })?;
    let own = own.into_state(LimitState::Closed)?;
    match (limit.parent, parent) {
        (None, None) => Ok(vec![own]),
        (Some(_), Some(parent)) if is_part_of(limit, parent) => {
            let spent = if parent.revolving { Fen::ZERO } else { spent };
            let deltas = Amounts { allocated: less(granted), spent, ..Amounts::ZERO };
            Ok(vec![Posting::new(parent, EntryKind::Closed, deltas)?, own])
        }
        _ => Err(LimitRefusal::NotRelated),
    }
}
