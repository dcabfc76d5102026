//! What can be done to a limit, as one table of action × state and a function for each. Every function takes the rows that
//! the store has locked (`above` is the way from the granted limit down to the parent, and empty for the granted limit
//! itself) and gives the entries to be written, parent before child, or one refusal by name; it changes nothing itself.
//!
//! What a user may expect:
//! - Using a limit (split, reserve, draw) needs it and everything above it to be active on that day. Giving back (repay,
//!   release, cut, close) never waits for a freeze or for the last day: it makes the firm safer.
//! - A reservation ends once. Taking back a draw whose reservation has ended gives the amount to the limit, not to the
//!   reservation. Taking back a release is not possible; one reserves again.
//! - A repayment restores a revolving limit at once and once; in a one-off limit it becomes `spent`.
//! - Closing a part gives all that was not spent back to its parent. What a one-off part spent, a one-off parent has spent
//!   too; a revolving parent gets it back, since it was granted to be used again.

mod correct;
mod hold;
mod part;
mod using;

use chrono::NaiveDate;

pub use correct::{Entry, Line, correct};
pub use hold::{Opening, close, expire, freeze, grant, resize_grant, thaw};
pub use part::{move_between, resize_part, split, split_more};
pub use using::{draw, lapse, release, repay, reserve};

use super::refusal::LimitRefusal;
use super::tree::{DEPTH_MAX, Limit, LimitState, Moment};
use crate::coded::coded;
use crate::money::Fen;
use LimitState::{Active, Expired, Frozen};

coded! {
    /// What can be done to a limit.
    LimitAction {
        /// Hand an amount to a part.
        Split "split" "拆分" "split";
        /// Hand an amount from one part to another.
        Move "move" "调剂" "move between parts";
        /// Make it larger.
        Enlarge "enlarge" "调增" "enlarge";
        /// Make it smaller.
        Reduce "reduce" "调减" "reduce";
        /// Stop its use.
        Freeze "freeze" "冻结" "freeze";
        /// Let it be used again.
        Thaw "thaw" "解冻" "thaw";
        /// Note that its last day has passed (the service does it by itself).
        Expire "expire" "到期" "expire";
        /// End it.
        Close "close" "终止" "close";
        /// Set an amount aside.
        Reserve "reserve" "占用" "reserve";
        /// Draw from a reservation.
        Draw "draw" "用款" "draw";
        /// Give the rest of a reservation back.
        Release "release" "释放占用" "release";
        /// The same when its time has run out (the service does it by itself).
        Lapse "lapse" "使占用失效" "lapse";
        /// Book a repayment.
        Repay "repay" "还款" "repay";
        /// Take an earlier entry back.
        Correct "correct" "冲正" "correct";
    }
}

/// The one table: in which states an action is possible. A closed limit allows none.
const TABLE: &[(LimitAction, &[LimitState])] = &[
    (LimitAction::Split, &[Active]),
    (LimitAction::Move, &[Active]),
    (LimitAction::Enlarge, &[Active]),
    (LimitAction::Reduce, &[Active, Frozen, Expired]),
    (LimitAction::Freeze, &[Active]),
    (LimitAction::Thaw, &[Frozen]),
    (LimitAction::Expire, &[Expired]),
    (LimitAction::Close, &[Active, Frozen, Expired]),
    (LimitAction::Reserve, &[Active]),
    (LimitAction::Draw, &[Active]),
    (LimitAction::Release, &[Active, Frozen, Expired]),
    (LimitAction::Lapse, &[Active, Frozen, Expired]),
    (LimitAction::Repay, &[Active, Frozen, Expired]),
    (LimitAction::Correct, &[Active, Frozen, Expired]),
];

/// Whether the state on a day allows an action.
fn permit(limit: &Limit, action: LimitAction, day: NaiveDate) -> Result<(), LimitRefusal> {
    let state = limit.state_on(day);
    let allows = TABLE.iter().any(|(known, states)| *known == action && states.contains(&state));
    if allows { Ok(()) } else { Err(LimitRefusal::NotInThisState { state, action }) }
}

/// Whether the limit and everything above it can be used on a day.
fn permit_use(above: &[Limit], limit: &Limit, action: LimitAction, day: NaiveDate) -> Result<(), LimitRefusal> {
    permit(limit, action, day)?;
    if day < limit.valid_from {
        return Err(LimitRefusal::NotYetValid { from: limit.valid_from });
    }
    permit_above(above, limit, day)
}

/// Whether `above` is the whole way down to the limit, and all of it is active.
fn permit_above(above: &[Limit], limit: &Limit, day: NaiveDate) -> Result<(), LimitRefusal> {
    let below = above.iter().skip(1).chain(std::iter::once(limit));
    let is_linked = above.iter().zip(below).all(|(up, down)| is_part_of(down, up));
    let is_whole = above.first().unwrap_or(limit).parent.is_none() && above.len() == usize::from(limit.depth);
    if !is_linked || !is_whole {
        return Err(LimitRefusal::NotRelated);
    }
    match above.iter().map(|up| up.state_on(day)).find(|state| *state != Active) {
        Some(state) => Err(LimitRefusal::AboveBlocked { state }),
        None => Ok(()),
    }
}

fn is_part_of(part: &Limit, whole: &Limit) -> bool {
    part.parent == Some(whole.id) && part.depth == whole.depth.saturating_add(1) && part.id != whole.id
}

fn positive(asked: Fen) -> Result<(), LimitRefusal> {
    if asked > Fen::ZERO { Ok(()) } else { Err(LimitRefusal::AmountNotPositive { asked }) }
}

fn enough(limit: &Limit, asked: Fen) -> Result<(), LimitRefusal> {
    let free = limit.free();
    if asked <= free { Ok(()) } else { Err(LimitRefusal::NotEnoughFree { asked, free }) }
}

/// The negative of an amount that is known to be above 0.
fn less(amount: Fen) -> Fen {
    Fen(amount.0.saturating_neg())
}

/// What a person can do now, as far as it depends on the limit: permission, amounts and the law are judged when it is done.
pub fn allowed_actions(above: &[Limit], limit: &Limit, at: Moment) -> Vec<LimitAction> {
    LimitAction::ALL.iter().copied().filter(|action| is_offered(*action, above, limit, at.today())).collect()
}

fn is_offered(action: LimitAction, above: &[Limit], limit: &Limit, day: NaiveDate) -> bool {
    let amounts = &limit.amounts;
    let has_free = limit.free() > Fen::ZERO;
    let parent_has_free = above.last().is_none_or(|parent| parent.free() > Fen::ZERO);
    let above_allows = || permit_above(above, limit, day).is_ok();
    let fits = match action {
        LimitAction::Expire | LimitAction::Lapse => false,
        LimitAction::Split => has_free && limit.depth < DEPTH_MAX && above_allows(),
        LimitAction::Move => has_free && limit.depth > 0 && above_allows(),
        LimitAction::Enlarge => parent_has_free && above_allows(),
        LimitAction::Reduce => has_free,
        LimitAction::Close => amounts.used() == amounts.spent,
        LimitAction::Reserve => has_free && permit_use(above, limit, action, day).is_ok(),
        LimitAction::Draw => amounts.reserved > Fen::ZERO && permit_use(above, limit, action, day).is_ok(),
        LimitAction::Release => amounts.reserved > Fen::ZERO,
        LimitAction::Repay => amounts.drawn > Fen::ZERO,
        LimitAction::Freeze | LimitAction::Thaw | LimitAction::Correct => true,
    };
    fits && permit(limit, action, day).is_ok()
}
