//! Which operations third parties are told of: those that move money, and those that take such a one back.

use domain::id::kind;
use domain::webhooks::event::EventType;

use super::{Operation, Outcome};
use crate::error::Result;
use crate::limits::view::id_of;
use crate::platform::db::TenantTx;
use crate::webhooks;
use crate::webhooks::data::LimitEventData;

/// Has third parties told of an operation that was carried out, if it is one that they are told of.
pub(super) async fn tell(tx: &TenantTx, operation: &Operation, outcome: &Outcome) -> Result<()> {
    let (event, amount_fen, corrects) = match operation {
        Operation::Grant(_) => (EventType::LimitGranted, Some(outcome.limit.granted_fen), None),
        Operation::Draw { amount, .. } => (EventType::LimitDrawn, Some(amount.0), None),
        Operation::Repay { amount, .. } => (EventType::LimitRepaid, Some(amount.0), None),
        Operation::Correct { operation } => (EventType::LimitCorrected, None, Some(*operation)),
        Operation::Resize { .. }
        | Operation::Split { .. }
        | Operation::Move { .. }
        | Operation::Freeze { .. }
        | Operation::Thaw { .. }
        | Operation::Close { .. }
        | Operation::Reserve { .. }
        | Operation::Release { .. } => return Ok(()),
    };
    let limit = &outcome.limit;
    let data = LimitEventData {
        operation: id_of::<kind::LimitOperation>(outcome.operation),
        limit: id_of::<kind::Limit>(limit.id),
        customer: id_of::<kind::Customer>(limit.customer_id),
        state: limit.state.clone(),
        amount_fen,
        granted_fen: limit.granted_fen,
        allocated_fen: limit.allocated_fen,
        reserved_fen: limit.reserved_fen,
        drawn_fen: limit.drawn_fen,
        reservation: outcome.reservation.as_ref().map(|row| id_of::<kind::Reservation>(row.id)),
        drawdown: outcome.drawdown.as_ref().map(|row| id_of::<kind::Drawdown>(row.id)),
        corrects: corrects.map(id_of::<kind::LimitOperation>),
    };
    webhooks::tell(tx, event, &data).await
}
