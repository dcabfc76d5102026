//! A permitted entry of the limit ledger. Only this crate can make one, so a store that asks for postings cannot write an
//! entry that the rules do not allow; and entries are only ever added.

use uuid::Uuid;

use super::refusal::LimitRefusal;
use super::reservation::{Drawdown, Reservation};
use super::tree::{Amounts, Invariant, Limit, LimitState};
use crate::coded::coded;
use crate::money::Fen;

coded! {
    /// What an entry records.
    EntryKind {
        /// The limit was granted.
        Granted "granted" "授信" "granted";
        /// An amount went from a limit to a part of it (one entry on each).
        Split "split" "拆分" "split";
        /// An amount went from one part to another (one entry on each).
        Moved "moved" "调剂" "moved";
        /// The limit became larger or smaller (for a part, one entry on its parent too).
        Resized "resized" "调额" "resized";
        /// It was frozen.
        Frozen "frozen" "冻结" "frozen";
        /// It was thawed.
        Thawed "thawed" "解冻" "thawed";
        /// Its last day passed.
        Expired "expired" "到期" "expired";
        /// It was closed and what was free went back.
        Closed "closed" "终止" "closed";
        /// An amount was set aside.
        Reserved "reserved" "占用" "reserved";
        /// An amount was drawn from a reservation.
        Drawn "drawn" "用款" "drawn";
        /// The rest of a reservation was given back.
        Released "released" "释放" "released";
        /// The rest of a reservation went back by itself.
        Lapsed "lapsed" "占用失效" "lapsed";
        /// A drawdown was repaid, in part or whole.
        Repaid "repaid" "还款" "repaid";
        /// An earlier entry was taken back.
        Corrected "corrected" "冲正" "corrected";
    }
}

/// What an entry does to a reservation or a drawdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect<T> {
    /// A new row.
    Opens(T),
    /// The row after the entry.
    Changes(T),
}

impl<T> Effect<T> {
    /// The row to be stored.
    pub fn after(&self) -> &T {
        match self {
            Self::Opens(after) | Self::Changes(after) => after,
        }
    }
}

/// One entry on one limit, made by [`super::operation`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a posting that is not stored has not happened"]
pub struct Posting {
    kind: EntryKind,
    deltas: Amounts,
    after: Limit,
    reservation: Option<Effect<Reservation>>,
    drawdown: Option<Effect<Drawdown>>,
}

impl Posting {
    /// The entry that adds `deltas` to `limit`, if the limit is sound before and after.
    pub(super) fn new(limit: &Limit, kind: EntryKind, deltas: Amounts) -> Result<Self, LimitRefusal> {
        limit.check()?;
        let amounts = limit.amounts.plus(deltas).map_err(|_| Invariant::Overflow)?;
        let after = Limit { amounts, ..limit.clone() };
        after.check()?;
        Ok(Self { kind, deltas, after, reservation: None, drawdown: None })
    }

    /// The entry that only changes the state.
    pub(super) fn turning(limit: &Limit, kind: EntryKind, state: LimitState) -> Result<Self, LimitRefusal> {
        Self::new(limit, kind, Amounts::ZERO)?.into_state(state)
    }

    pub(super) fn into_state(mut self, state: LimitState) -> Result<Self, LimitRefusal> {
        self.after.state = state;
        self.after.check()?;
        Ok(self)
    }

    pub(super) fn with_reservation(mut self, effect: Effect<Reservation>) -> Result<Self, LimitRefusal> {
        effect.after().check()?;
        self.reservation = Some(effect);
        Ok(self)
    }

    pub(super) fn with_drawdown(mut self, effect: Effect<Drawdown>) -> Result<Self, LimitRefusal> {
        effect.after().check()?;
        self.drawdown = Some(effect);
        Ok(self)
    }

    /// On which limit.
    pub fn limit(&self) -> Uuid {
        self.after.id
    }

    /// What it records.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// What it adds to each column; all 0 for a change of state.
    pub fn deltas(&self) -> Amounts {
        self.deltas
    }

    /// The limit's row after it.
    pub fn after(&self) -> &Limit {
        &self.after
    }

    /// What is free after it.
    pub fn free_after(&self) -> Fen {
        self.after.free()
    }

    /// What it does to a reservation.
    pub fn reservation(&self) -> Option<&Effect<Reservation>> {
        self.reservation.as_ref()
    }

    /// What it does to a drawdown.
    pub fn drawdown(&self) -> Option<&Effect<Drawdown>> {
        self.drawdown.as_ref()
    }
}
