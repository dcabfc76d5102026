//! Parts of a limit: split off, enlarged, cut, and moved between. An amount leaves one row and enters another in the
//! same breath, so that the sum over the tree stays what was granted.

use super::hold::{Opening, growth};
use super::{LimitAction, enough, is_part_of, less, permit, permit_above, positive};
use crate::limits::posting::{EntryKind, Posting};
use crate::limits::refusal::LimitRefusal;
use crate::limits::tree::{Amounts, CHILDREN_MAX, DEPTH_MAX, GRANT_FEN_MAX, Limit, LimitState, Moment};
use crate::money::Fen;

fn granted(amount: Fen) -> Amounts {
    Amounts { granted: amount, ..Amounts::ZERO }
}

fn allocated(amount: Fen) -> Amounts {
    Amounts { allocated: amount, ..Amounts::ZERO }
}

/// Splits a new part off `whole`, which has `children` parts that are not closed. The part is valid within the whole's
/// time; only a revolving whole has revolving parts, since a one-off one could otherwise be used again and again through
/// them.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn split(
    above: &[Limit],
    whole: &Limit,
    children: u32,
    opening: &Opening,
    at: Moment,
) -> Result<Vec<Posting>, LimitRefusal> {
    permit(whole, LimitAction::Split, at.today())?;
    permit_above(above, whole, at.today())?;
    let row = opening.row(Some(whole), at.today())?;
    if opening.id == whole.id || above.iter().any(|up| up.id == opening.id) {
        return Err(LimitRefusal::NotRelated);
    }
    if whole.depth >= DEPTH_MAX {
        return Err(LimitRefusal::TooDeep);
    }
    if children >= CHILDREN_MAX {
        return Err(LimitRefusal::TooManyChildren);
    }
    if opening.valid_from < whole.valid_from || opening.valid_to > whole.valid_to {
        return Err(LimitRefusal::PeriodOutsideParent { from: whole.valid_from, to: whole.valid_to });
    }
    if opening.revolving && !whole.revolving {
        return Err(LimitRefusal::RevolvingUnderOneOff);
    }
    enough(whole, opening.amount)?;
    Ok(vec![
        Posting::new(whole, EntryKind::Split, allocated(opening.amount))?,
        Posting::new(&row, EntryKind::Split, granted(opening.amount))?,
    ])
}

/// Hands more to a part that exists; the last of `above` is its parent.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn split_more(above: &[Limit], part: &Limit, amount: Fen, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    positive(amount)?;
    let parent = above.last().ok_or(LimitRefusal::NotRelated)?;
    permit(parent, LimitAction::Split, at.today())?;
    let to = part.amounts.granted.plus(amount).map_err(|_| LimitRefusal::AboveLargest { asked: amount })?;
    enlarge(above, parent, part, to, EntryKind::Split, at)
}

/// Changes the size of a part: up within what its parent (the last of `above`) has free, down to what is in use.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn resize_part(above: &[Limit], part: &Limit, to: Fen, at: Moment) -> Result<Vec<Posting>, LimitRefusal> {
    let parent = above.last().filter(|parent| is_part_of(part, parent)).ok_or(LimitRefusal::NotRelated)?;
    let by = growth(part, to, at.today())?;
    if by > Fen::ZERO {
        return enlarge(above, parent, part, to, EntryKind::Resized, at);
    }
    if parent.state == LimitState::Closed {
        return Err(LimitRefusal::AboveBlocked { state: parent.state });
    }
    Ok(vec![
        Posting::new(parent, EntryKind::Resized, allocated(by))?,
        Posting::new(part, EntryKind::Resized, granted(by))?,
    ])
}

fn enlarge(
    above: &[Limit],
    parent: &Limit,
    part: &Limit,
    to: Fen,
    kind: EntryKind,
    at: Moment,
) -> Result<Vec<Posting>, LimitRefusal> {
    let by = growth(part, to, at.today())?;
    permit_above(above, part, at.today())?;
    enough(parent, by)?;
    Ok(vec![Posting::new(parent, kind, allocated(by))?, Posting::new(part, kind, granted(by))?])
}

/// Hands what one part has free to another part of the same parent, the last of `above`; the parent's own row does not
/// change.
///
/// # Errors
/// The [`LimitRefusal`], and nothing is to be written.
pub fn move_between(
    above: &[Limit],
    from: &Limit,
    to: &Limit,
    amount: Fen,
    at: Moment,
) -> Result<Vec<Posting>, LimitRefusal> {
    positive(amount)?;
    if above.is_empty() || from.id == to.id {
        return Err(LimitRefusal::NotRelated);
    }
    for part in [from, to] {
        permit(part, LimitAction::Move, at.today())?;
        permit_above(above, part, at.today())?;
    }
    enough(from, amount)?;
    if to.amounts.granted.plus(amount).is_ok_and(|sum| sum > GRANT_FEN_MAX) {
        return Err(LimitRefusal::AboveLargest { asked: amount });
    }
    Ok(vec![
        Posting::new(from, EntryKind::Moved, granted(less(amount)))?,
        Posting::new(to, EntryKind::Moved, granted(amount))?,
    ])
}
