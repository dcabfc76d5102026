//! The one place where an application's state changes: the row (only over the version that was read), the timeline, the
//! notices and the jobs that follow, all in the caller's transaction.

use domain::applications::action::{Action, ActionKind};
use domain::applications::machine;
use domain::applications::state::{Actor, ApplicationState as S};
use domain::applications::timeline::EventKind;
use domain::applications::transition::Transition;
use uuid::Uuid;

use super::case::Case;
use super::detail::Detail;
use super::words::code_of;
use super::{announce, approval, notices, pipeline, refusal, store};
use crate::error::Result;
use crate::platform::db::{Act, TenantTx};

/// Decides on an action and carries it out with all that follows from it.
pub(super) async fn perform(tx: &TenantTx, case: &mut Case, action: &Action, actor: &Actor) -> Result<Act> {
    let transition = machine::decide(&case.facts, action, actor).map_err(refusal::error)?;
    apply(tx, case, &transition).await?;
    if transition.from() != transition.to() {
        pipeline::follow(tx, case).await?;
    }
    Ok(act_of(case, &transition))
}

/// Stores a permitted change with its timeline row, and tells the applicant and third parties.
pub(super) async fn apply(tx: &TenantTx, case: &mut Case, transition: &Transition) -> Result<()> {
    let seen = case.row.version;
    let after = transition.after();
    if transition.from() != transition.to() {
        case.row.state = after.state.code().to_owned();
        case.row.state_since = tx.now();
    }
    case.row.investigator_id = after.investigator;
    case.row.facts = serde_json::to_value(after)?;
    case.row.version = seen.saturating_add(1);
    case.row.updated_at = tx.now();
    note_in_columns(tx, case, transition)?;
    case.facts = after.clone();
    store::replace(tx, case.row.clone(), seen).await?;
    let detail = Detail::of(transition.action());
    let states = (transition.from(), transition.to());
    let event = record(tx, case.id(), transition.event(), states, &detail).await?;
    match transition.action() {
        Action::Return { items } => store::add_return_items(tx, &case.row, items).await?,
        Action::Approve { terms, .. } => approval::note(tx, case, *terms).await?,
        _ => {}
    }
    announce::tell(tx, case, transition).await?;
    notices::tell(tx, case, transition, event).await
}

/// Adds an event to the timeline; for what changes no state, both states are the present one.
pub(super) async fn record(
    tx: &TenantTx,
    application: Uuid,
    kind: EventKind,
    (from, to): (S, S),
    detail: &Detail,
) -> Result<Uuid> {
    let for_applicant = kind.for_applicant().is_some();
    let kind = code_of(&kind);
    let new = store::NewEvent { application, kind, from: from.code(), to: to.code(), for_applicant, detail };
    store::add_event(tx, new).await
}

/// What an action leaves in the columns beside the facts.
fn note_in_columns(tx: &TenantTx, case: &mut Case, transition: &Transition) -> Result<()> {
    let row = &mut case.row;
    match transition.action() {
        Action::Submit { .. } | Action::Resubmit { .. } => row.round = row.round.saturating_add(1),
        // a further collection is a round of its own, so that its pulls stand beside the earlier ones
        Action::SendBack { to: S::Collecting, .. } => row.round = row.round.saturating_add(1),
        Action::ReviewPass { .. } => row.reviewer_id = transition.actor(),
        Action::Approve { terms, conditions } => {
            row.approver_id = transition.actor();
            row.approved_amount_fen = Some(terms.amount.0);
            row.approved_term_months = Some(i32::from(terms.months));
            case.conditions = conditions.iter().map(|condition| condition.as_str().to_owned()).collect();
            row.approved_conditions = store::seal_conditions(tx, row.id, &case.conditions)?;
        }
        Action::Refuse { .. } => row.approver_id = transition.actor(),
        _ => {}
    }
    Ok(())
}

/// What the audit chain says of a change.
fn act_of(case: &Case, transition: &Transition) -> Act {
    let verb = match transition.kind() {
        ActionKind::Submit => "application.submit",
        ActionKind::Resubmit => "application.resubmit",
        ActionKind::Collected => "application.collected",
        ActionKind::CollectionGap => "application.collection_gap",
        ActionKind::EntitlementDoubted => "application.entitlement_doubted",
        ActionKind::ConfirmEntitlement => "application.confirm_entitlement",
        ActionKind::Screened => "application.screened",
        ActionKind::Assign => "application.assign",
        ActionKind::Return => "application.return",
        ActionKind::Recommend => "application.recommend",
        ActionKind::ReviewPass => "application.review",
        ActionKind::SendBack => "application.send_back",
        ActionKind::Approve => "application.approve",
        ActionKind::Refuse => "application.refuse",
        ActionKind::Withdraw => "application.withdraw",
        ActionKind::RequestHumanReview => "application.request_human_review",
    };
    Act::new(verb, "application", case.id()).detail(serde_json::json!({
        "before": { "state": transition.from().code() },
        "after": { "state": case.row.state, "version": case.row.version, "round": case.row.round },
        "detail": Detail::of(transition.action()),
    }))
}
