//! The three balances of a guarantee, and the fourth figure that the bounds on one client ask for:
//!
//! | balance | is |
//! |---|---|
//! | nominal 名义在保余额 | what is drawn and not repaid |
//! | in-force 在保余额 | nominal less the **bank's** share of it |
//! | liability 责任余额 | in-force less the **re-guarantor's** share, times the weight |
//! | concentration | the same, times the weight for one client and its group |
//!
//! The local government's share stays in: the firm pays it first and claims it back, so that it is the firm's liability
//! until then.
//!
//! Each is a function of what is outstanding, exact to the fen, 0 at 0 and never falling when the outstanding amount
//! grows. What a draw or repayment changes is the difference of two such values, so that any row of partial repayments adds
//! up to the whole and a full repayment leaves exactly 0, whatever was rounded on the way.

use serde::{Deserialize, Serialize};

use super::BASIS_POINTS;
use super::sharing::{Shares, SharingFault};
use super::weights::{Business, ClientClass, Weight, WeightSet};
use crate::money::{Fen, MoneyFault};

/// Most drawdowns of one client in one computation.
pub const POSITIONS_MAX: usize = 100_000;

/// The balances of a drawdown, a client, a product, the firm; or the difference of two of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    /// Nominal.
    pub nominal: Fen,
    /// In-force: less the bank's share.
    pub in_force: Fen,
    /// Liability: less the re-guarantor's share, weighted.
    pub liability: Fen,
    /// What counts for one client and its group.
    pub concentration: Fen,
}

/// Why balances cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BalanceFault {
    /// An amount is negative.
    #[error("balance_negative")]
    Negative,
    /// A sum does not fit 64 bits.
    #[error("balance_overflow")]
    Overflow,
    /// More than [`POSITIONS_MAX`].
    #[error("balance_positions_too_many")]
    TooMany,
}

impl From<MoneyFault> for BalanceFault {
    fn from(_: MoneyFault) -> Self {
        Self::Overflow
    }
}

impl From<SharingFault> for BalanceFault {
    fn from(_: SharingFault) -> Self {
        Self::Negative
    }
}

impl Balances {
    /// Of an outstanding amount.
    ///
    /// # Errors
    /// [`BalanceFault::Negative`].
    pub fn of(outstanding: Fen, shares: &Shares, weight: Weight) -> Result<Self, BalanceFault> {
        let parts = shares.split(outstanding)?;
        let in_force = outstanding.minus(parts.bank)?;
        let own = in_force.minus(parts.reguarantor)?;
        Ok(Self {
            nominal: outstanding,
            in_force,
            liability: own.times_ratio(i64::from(weight.liability_bp), BASIS_POINTS)?,
            concentration: own.times_ratio(i64::from(weight.concentration_bp), BASIS_POINTS)?,
        })
    }

    /// Both together.
    ///
    /// # Errors
    /// [`BalanceFault::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, BalanceFault> {
        Ok(Self {
            nominal: self.nominal.plus(other.nominal)?,
            in_force: self.in_force.plus(other.in_force)?,
            liability: self.liability.plus(other.liability)?,
            concentration: self.concentration.plus(other.concentration)?,
        })
    }

    /// What has to be added to `other` to get here.
    ///
    /// # Errors
    /// [`BalanceFault::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, BalanceFault> {
        Ok(Self {
            nominal: self.nominal.minus(other.nominal)?,
            in_force: self.in_force.minus(other.in_force)?,
            liability: self.liability.minus(other.liability)?,
            concentration: self.concentration.minus(other.concentration)?,
        })
    }
}

/// A drawdown as far as balances ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// What is drawn and not repaid.
    pub outstanding: Fen,
    /// Who bears what of it.
    pub shares: Shares,
    /// What kind of guarantee it is.
    pub business: Business,
}

/// A client's balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientBalances {
    /// Of all positions together.
    pub total: Balances,
    /// Of each position, in the given order.
    pub each: Vec<Balances>,
}

/// The balances of one client from all its positions. The weights ask for the client's whole in-force balance, so that one
/// fen over a bound changes the weight of every loan: a draw's effect is the difference of two of these, never the new
/// position's own balances.
///
/// # Errors
/// [`BalanceFault`].
pub fn of_client(
    class: ClientClass,
    positions: &[Position],
    weights: &WeightSet,
) -> Result<ClientBalances, BalanceFault> {
    if positions.len() > POSITIONS_MAX {
        return Err(BalanceFault::TooMany);
    }
    let mut in_force = Fen::ZERO;
    for position in positions {
        let parts = position.shares.split(position.outstanding)?;
        in_force = in_force.plus(position.outstanding.minus(parts.bank)?)?;
    }
    let mut all = ClientBalances { total: Balances::default(), each: Vec::with_capacity(positions.len()) };
    for position in positions {
        let weight = weights.weight(position.business, class, in_force);
        let balances = Balances::of(position.outstanding, &position.shares, weight)?;
        all.total = all.total.plus(balances)?;
        all.each.push(balances);
    }
    Ok(all)
}
