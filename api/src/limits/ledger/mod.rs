//! Everything that can be done to a limit, in one function: rows are locked, the domain decides, the law judges, and what
//! came of it is written, all in the caller's transaction. A what-if is the same in a transaction that does not commit.

mod announce;
mod book;
mod correct;
mod grant;
mod hold;
mod lapse;
mod order;
mod part;
mod refusal;
mod uses;

pub(super) use book::Written;
pub(super) use grant::moment;
pub use lapse::{EXPIRE, LAPSE, class_changed, expire_job, lapse_job};
pub(super) use order::{By, GrantOrder, Operation, PartOrder, Why};

use domain::limits::rules::Figure;
use uuid::Uuid;

use super::store::{Drawdown, LimitRow, Reservation};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// What came of an operation.
pub(super) struct Outcome {
    /// Its id, by which it can be taken back.
    pub operation: Uuid,
    /// The limit that it was about, as it is now.
    pub limit: LimitRow,
    /// What was written.
    pub written: Written,
    /// The reservation that it made or changed.
    pub reservation: Option<Reservation>,
    /// The drawdown that it made or changed.
    pub drawdown: Option<Drawdown>,
    /// What the rules said, where they were asked.
    pub figures: Vec<Figure>,
}

/// Carries out an operation for somebody, and has third parties told.
///
/// # Errors
/// `not_found` outside what they see, the domain's refusal, the rules that would be broken; then nothing is written.
pub(super) async fn perform(tx: &TenantTx, by: &By<'_>, operation: &Operation, why: &Why) -> Result<Outcome> {
    let outcome = carry_out(tx, by, operation, why).await?;
    announce::tell(tx, operation, &outcome).await?;
    Ok(outcome)
}

async fn carry_out(tx: &TenantTx, by: &By<'_>, operation: &Operation, why: &Why) -> Result<Outcome> {
    match operation {
        Operation::Grant(order) => grant::grant(tx, by, order, why).await,
        Operation::Resize { limit, to } => grant::resize(tx, by, *limit, *to, why).await,
        Operation::Split { limit, part } => part::split(tx, by, *limit, part, why).await,
        Operation::Move { from, to, amount } => part::move_between(tx, by, (*from, *to), *amount, why).await,
        Operation::Freeze { limit } | Operation::Thaw { limit } | Operation::Close { limit } => {
            hold::turn(tx, by, *limit, operation, why).await
        }
        Operation::Reserve { limit, amount, lapses_at } => {
            uses::reserve(tx, by, *limit, *amount, *lapses_at, why).await
        }
        Operation::Draw { reservation, amount } => uses::draw(tx, by, *reservation, *amount, why).await,
        Operation::Release { reservation } => uses::release(tx, by, *reservation, why).await,
        Operation::Repay { drawdown, amount } => uses::repay(tx, by, *drawdown, *amount, why).await,
        Operation::Correct { operation } => correct::correct(tx, by, *operation, why).await,
    }
}
