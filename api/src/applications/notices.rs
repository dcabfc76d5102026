//! What the applicant is told of a change: in their inbox, and by SMS where the step matters to them.

use domain::applications::action::{Action, ActionKind};
use domain::applications::state::ApplicationState as S;
use domain::applications::transition::Transition;
use domain::money::Fen;
use uuid::Uuid;

use super::case::Case;
use crate::assessments;
use crate::error::Result;
use crate::messages::{self, Notice};
use crate::people;
use crate::platform::db::TenantTx;

/// Most characters of a reason within a message; the whole stands in the application.
const REASON_CHARS_MAX: usize = 100;

/// Tells the applicant, once per event, if the change is one that they are told of.
pub(super) async fn tell(tx: &TenantTx, case: &Case, transition: &Transition, event: Uuid) -> Result<()> {
    let Some(name) = event_name(transition) else { return Ok(()) };
    let Some(number) = case.row.number.clone() else { return Ok(()) };
    let amount = case.row.approved_amount_fen.or(case.row.requested_amount_fen).map_or(Fen::ZERO, Fen);
    let notice = Notice {
        event: name,
        dedupe_key: event.simple().to_string(),
        application: Some(case.id()),
        values: vec![
            ("number", number),
            ("name", case.form.text("/contact/name").unwrap_or_default().to_owned()),
            ("product", case.product.name.zh.clone()),
            ("amount", amount.in_wan_yuan()),
            ("term", case.row.approved_term_months.or(case.row.requested_term_months).map_or_else(String::new, months)),
            ("conditions", conditions(transition)),
            ("reason", reason(tx, case, transition).await?),
        ],
    };
    // who closed their account is told nothing more
    let Some(phone) = people::applicant_phone(tx, case.row.applicant_id).await? else { return Ok(()) };
    messages::tell_applicant(tx, case.row.applicant_id, &phone, &notice).await
}

fn event_name(transition: &Transition) -> Option<&'static str> {
    Some(match transition.kind() {
        ActionKind::Submit => "submitted",
        ActionKind::Resubmit => "resubmitted",
        ActionKind::CollectionGap => "collection_gap",
        ActionKind::Screened if transition.to() == S::Refused => "refused_automatically",
        ActionKind::Assign => "assigned",
        ActionKind::Return => "returned",
        ActionKind::Recommend => "sent_to_review",
        ActionKind::Approve => "approved",
        ActionKind::Refuse => "refused",
        ActionKind::Withdraw => "withdrawn",
        ActionKind::RequestHumanReview => "human_review",
        ActionKind::EntitlementDoubted
        | ActionKind::ConfirmEntitlement
        | ActionKind::Collected
        | ActionKind::Screened
        | ActionKind::ReviewPass
        | ActionKind::SendBack => return None,
    })
}

fn months(count: i32) -> String {
    format!("{count}个月")
}

/// How many there are; nothing where there are none, which leaves the template's line out.
fn conditions(transition: &Transition) -> String {
    match transition.action() {
        Action::Approve { conditions, .. } if !conditions.is_empty() => conditions.len().to_string(),
        _ => String::new(),
    }
}

async fn reason(tx: &TenantTx, case: &Case, transition: &Transition) -> Result<String> {
    let text = match transition.action() {
        Action::Return { items } => format!("共{}项需要补正", items.len()),
        Action::Refuse { reason } => reason.as_str().replace('\n', " "),
        Action::CollectionGap { sources } => sources.join("、"),
        Action::Screened { .. } if transition.to() == S::Refused => by_score(tx, case).await?,
        _ => String::new(),
    };
    Ok(text.chars().take(REASON_CHARS_MAX).collect())
}

/// What weighs most in a refusal by score, in the applicant's words: the first sentence whole, a second where it fits.
async fn by_score(tx: &TenantTx, case: &Case) -> Result<String> {
    let Some(result) = assessments::applicant_result(tx, case.id()).await? else { return Ok(String::new()) };
    let mut notes = result.notes.into_iter();
    let Some(first) = notes.next() else { return Ok(result.headline) };
    let both = notes.next().map(|second| format!("{first}{second}"));
    Ok(both.filter(|both| both.chars().count() <= REASON_CHARS_MAX).unwrap_or(first))
}
