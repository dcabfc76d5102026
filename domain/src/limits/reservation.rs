//! The two phases of using a limit: an amount is reserved, then drawn in parts, and what is left is released or lapses. A
//! reservation ends once and is never opened again, so that nobody has to ask which of two ends counts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::tree::Invariant;
use crate::coded::coded;
use crate::money::Fen;

coded! {
    /// Whether a reservation can still be drawn from.
    ReservationState {
        /// It can, until it lapses.
        Open "open" "占用中" "open";
        /// Fully drawn, released or corrected.
        Closed "closed" "已结束" "closed";
        /// Its time ran out.
        Lapsed "lapsed" "已失效" "lapsed";
    }
}

/// An amount set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// How much was set aside.
    pub amount: Fen,
    /// Of it what was drawn and not corrected.
    pub drawn: Fen,
    /// Of it what went back to the limit.
    pub released: Fen,
    /// Whether it can be drawn from, as stored; from `lapses_at` on it cannot, even where this still says open.
    pub state: ReservationState,
    /// From this instant on it is void.
    pub lapses_at: DateTime<Utc>,
}

impl Reservation {
    /// What can still be drawn, were it not for time; 0 once it has ended.
    pub fn rest(&self) -> Fen {
        self.amount.minus(self.drawn).and_then(|rest| rest.minus(self.released)).unwrap_or_default()
    }

    /// Whether its time has run out.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        now >= self.lapses_at
    }

    /// Whether the row can be true.
    ///
    /// # Errors
    /// [`Invariant::ReservationWrong`].
    pub fn check(&self) -> Result<(), Invariant> {
        let parts = self.drawn.plus(self.released).map_err(|_| Invariant::Overflow)?;
        let is_open = self.state == ReservationState::Open;
        let fits = if is_open { self.released == Fen::ZERO && parts < self.amount } else { parts == self.amount };
        let signs = self.amount > Fen::ZERO && self.drawn >= Fen::ZERO && self.released >= Fen::ZERO;
        if fits && signs { Ok(()) } else { Err(Invariant::ReservationWrong) }
    }
}

/// One drawing of money under a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawdown {
    /// How much was drawn.
    pub amount: Fen,
    /// Of it what was repaid.
    pub repaid: Fen,
    /// Whether it was booked by mistake and taken back; then nothing is outstanding.
    pub reversed: bool,
}

impl Drawdown {
    /// What is still to be repaid: the nominal in-force amount of this drawdown.
    pub fn outstanding(&self) -> Fen {
        if self.reversed { Fen::ZERO } else { self.amount.minus(self.repaid).unwrap_or_default() }
    }

    /// Whether the row can be true.
    ///
    /// # Errors
    /// [`Invariant::DrawdownWrong`].
    pub fn check(&self) -> Result<(), Invariant> {
        let fits = self.amount > Fen::ZERO && Fen::ZERO <= self.repaid && self.repaid <= self.amount;
        let reversed_whole = !self.reversed || self.repaid == Fen::ZERO;
        if fits && reversed_whole { Ok(()) } else { Err(Invariant::DrawdownWrong) }
    }
}
