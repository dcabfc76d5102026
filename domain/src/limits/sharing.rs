//! Who bears the loss of a guaranteed loan: the bank, the firm, the re-guarantor and the local government, by an agreement
//! with dates whose shares add to the whole.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::BASIS_POINTS;
use crate::money::{Fen, MoneyFault};

/// The shares of an agreement in basis points, adding to exactly 10,000. Two examples among many: bank 20 : firm 80
/// (`2:8`), and firm 40 : re-guarantor 30 : bank 20 : local government 10 (`4321`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Plain")]
pub struct Shares {
    bank_bp: u16,
    firm_bp: u16,
    reguarantor_bp: u16,
    government_bp: u16,
}

/// The shares before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    bank_bp: u16,
    firm_bp: u16,
    reguarantor_bp: u16,
    government_bp: u16,
}

impl TryFrom<Plain> for Shares {
    type Error = SharingFault;

    fn try_from(plain: Plain) -> Result<Self, SharingFault> {
        Self::new(plain.bank_bp, plain.firm_bp, plain.reguarantor_bp, plain.government_bp)
    }
}

/// What is wrong with shares, an agreement, or an amount to be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SharingFault {
    /// The shares do not add to 10,000 basis points.
    #[error("shares_do_not_add_up")]
    Sum,
    /// The agreement ends before it begins.
    #[error("agreement_period_invalid")]
    Period,
    /// The amount is negative.
    #[error("shared_amount_negative")]
    Negative,
    /// The agreement is over already.
    #[error("agreement_ended")]
    Ended,
    /// The last day is before today: what was drawn until now was shared by it.
    #[error("agreement_end_past")]
    EndPast,
    /// The last day is before the agreement's first.
    #[error("agreement_end_before_start")]
    EndBeforeStart,
    /// The agreement would not end earlier than it does anyway.
    #[error("agreement_end_not_earlier")]
    EndNotEarlier,
}

/// An amount in the parts of those who bear it. They add to the amount, and none is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The bank's.
    pub bank: Fen,
    /// The firm's: what the others leave.
    pub firm: Fen,
    /// The re-guarantor's.
    pub reguarantor: Fen,
    /// The local government's.
    pub government: Fen,
}

impl Shares {
    /// Shares that add to the whole.
    ///
    /// # Errors
    /// [`SharingFault::Sum`].
    pub fn new(bank_bp: u16, firm_bp: u16, reguarantor_bp: u16, government_bp: u16) -> Result<Self, SharingFault> {
        let sum: i64 = [bank_bp, firm_bp, reguarantor_bp, government_bp].iter().map(|share| i64::from(*share)).sum();
        if sum == BASIS_POINTS {
            Ok(Self { bank_bp, firm_bp, reguarantor_bp, government_bp })
        } else {
            Err(SharingFault::Sum)
        }
    }

    /// The firm bears all: no agreement.
    pub const FIRM_ALONE: Self = Self { bank_bp: 0, firm_bp: 10_000, reguarantor_bp: 0, government_bp: 0 };

    /// The bank's share.
    pub fn bank_bp(&self) -> u16 {
        self.bank_bp
    }

    /// The firm's share.
    pub fn firm_bp(&self) -> u16 {
        self.firm_bp
    }

    /// The re-guarantor's share.
    pub fn reguarantor_bp(&self) -> u16 {
        self.reguarantor_bp
    }

    /// The local government's share.
    pub fn government_bp(&self) -> u16 {
        self.government_bp
    }

    /// Splits an amount. The bank's boundary, then bank and re-guarantor together, then those and the government are each
    /// rounded half up, and the firm takes the rest: the parts add up, none is negative, and neither the firm's part nor what
    /// is left after the bank (and the re-guarantor) ever falls when the amount grows.
    ///
    /// # Errors
    /// [`SharingFault::Negative`].
    pub fn split(&self, amount: Fen) -> Result<Parts, SharingFault> {
        if amount < Fen::ZERO {
            return Err(SharingFault::Negative);
        }
        let [first, second, third] = self.boundaries(amount);
        let gap = |to: Fen, from: Fen| to.minus(from).unwrap_or_default();
        Ok(Parts {
            bank: first,
            firm: gap(amount, third),
            reguarantor: gap(second, first),
            government: gap(third, second),
        })
    }

    /// The bank's part; bank and re-guarantor; bank, re-guarantor and government: each of 0 to the amount, not falling.
    fn boundaries(&self, amount: Fen) -> [Fen; 3] {
        let first = i64::from(self.bank_bp);
        let second = first.saturating_add(i64::from(self.reguarantor_bp));
        let third = second.saturating_add(i64::from(self.government_bp));
        // shares of at most the whole of an amount of 64 bits fit 64 bits
        [first, second, third].map(|bp| amount.times_ratio(bp, BASIS_POINTS).unwrap_or(amount))
    }
}

impl Parts {
    /// The amount that was split.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`] for parts that no amount has.
    pub fn total(&self) -> Result<Fen, MoneyFault> {
        Fen::sum([self.bank, self.firm, self.reguarantor, self.government])
    }
}

/// Shares from a day on, and up to a day where it has one. A drawdown keeps the agreement of the day on which it was
/// drawn: what is agreed later is for later drawdowns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Who bears what.
    pub shares: Shares,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day after, if any.
    pub valid_to: Option<NaiveDate>,
}

impl Agreement {
    /// Checks the dates.
    ///
    /// # Errors
    /// [`SharingFault::Period`].
    pub fn validate(&self) -> Result<(), SharingFault> {
        if self.valid_to.is_none_or(|to| self.valid_from < to) { Ok(()) } else { Err(SharingFault::Period) }
    }

    /// The same ending after `last_day`, decided `today`. An agreement only becomes shorter: a longer one is a new one, which
    /// two people decide on.
    ///
    /// # Errors
    /// [`SharingFault::Ended`], [`SharingFault::EndPast`], [`SharingFault::EndBeforeStart`],
    /// [`SharingFault::EndNotEarlier`].
    pub fn end(self, last_day: NaiveDate, today: NaiveDate) -> Result<Self, SharingFault> {
        if self.valid_to.is_some_and(|to| to <= today) {
            return Err(SharingFault::Ended);
        }
        if last_day < today {
            return Err(SharingFault::EndPast);
        }
        if last_day < self.valid_from {
            return Err(SharingFault::EndBeforeStart);
        }
        let valid_to = last_day.succ_opt().ok_or(SharingFault::EndNotEarlier)?;
        if self.valid_to.is_some_and(|to| to <= valid_to) {
            return Err(SharingFault::EndNotEarlier);
        }
        Ok(Self { valid_to: Some(valid_to), ..self })
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}
