//! Which changes of an application third parties are told of.

use domain::applications::action::ActionKind;
use domain::applications::state::ApplicationState as S;
use domain::applications::transition::Transition;
use domain::id::{Id, kind};
use domain::webhooks::event::EventType;

use super::case::Case;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::webhooks;
use crate::webhooks::data::ApplicationEventData;

/// Has third parties told of a change that was stored, if it is one that they are told of.
pub(super) async fn tell(tx: &TenantTx, case: &Case, transition: &Transition) -> Result<()> {
    let Some(event) = event_of(transition) else { return Ok(()) };
    let row = &case.row;
    let data = ApplicationEventData {
        application: Id::<kind::Application>::from_uuid(row.id).to_string(),
        number: row.number.clone(),
        product: Id::<kind::Product>::from_uuid(row.product_id).to_string(),
        state_before: transition.from().code().to_owned(),
        state: transition.to().code().to_owned(),
        requested_amount_fen: row.requested_amount_fen,
        approved_amount_fen: row.approved_amount_fen,
        approved_term_months: row.approved_term_months,
    };
    webhooks::tell(tx, event, &data).await
}

fn event_of(transition: &Transition) -> Option<EventType> {
    Some(match transition.kind() {
        ActionKind::Submit => EventType::ApplicationSubmitted,
        ActionKind::Resubmit => EventType::ApplicationResubmitted,
        ActionKind::Return => EventType::ApplicationReturned,
        ActionKind::Approve => EventType::ApplicationApproved,
        ActionKind::Refuse => EventType::ApplicationRejected,
        ActionKind::Screened if transition.to() == S::Refused => EventType::ApplicationRejected,
        ActionKind::RequestHumanReview => EventType::ApplicationReopened,
        ActionKind::Withdraw => EventType::ApplicationWithdrawn,
        ActionKind::Collected
        | ActionKind::CollectionGap
        | ActionKind::EntitlementDoubted
        | ActionKind::ConfirmEntitlement
        | ActionKind::Screened
        | ActionKind::Assign
        | ActionKind::Recommend
        | ActionKind::ReviewPass
        | ActionKind::SendBack => return None,
    })
}
