//! The timeline in two wordings, and what a return asked for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::applications::product::ProductTerms;
use domain::applications::state::ApplicationState;
use domain::applications::timeline::EventKind;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::StateName;
use crate::applications::detail::{DetailItem, place_label};
use crate::applications::store::{self, Event};
use crate::applications::words::{code_of, say};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::TenantTx;

/// Everything that happened to an application, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// The events.
    pub items: Vec<TimelineEntry>,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Its id.
    #[schema(example = "evt_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its kind.
    #[schema(example = "returned")]
    pub kind: String,
    /// What happened, in words for this reader.
    #[schema(example = "申请需要补正，请按列出的事项修改后重新提交")]
    pub label: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The state after it.
    pub state: StateName,
    /// `applicant`, `staff`, `operator` or `system`.
    #[schema(example = "staff")]
    pub actor_kind: String,
    /// The member of staff who did it; staff alone see this.
    pub actor: Option<String>,
    /// The officer it went to.
    pub officer: Option<String>,
    /// A reason or an opinion; opinions are for staff alone.
    pub note: Option<String>,
    /// What the officer advised: `grant` or `decline`; staff alone see this.
    pub advice: Option<String>,
    /// Amount proposed or granted, in fen.
    pub amount_fen: Option<i64>,
    /// Term proposed or granted, in months.
    pub term_months: Option<u16>,
    /// Conditions of an approval.
    pub conditions: Vec<String>,
    /// What was to be mended; of a resubmission, what the applicant says of items that they did not change.
    pub items: Vec<MendView>,
    /// Sources whose data could not be had, or that have nothing.
    pub sources: Vec<String>,
    /// The document or authorisation that it is about.
    pub about: Option<String>,
}

/// One thing to mend.
#[derive(Debug, Serialize, ToSchema)]
pub struct MendView {
    /// JSON pointer of a field, `#` and the key of a checklist item, or `/authorisation`.
    #[schema(example = "#business_licence")]
    pub place: String,
    /// What it is called.
    #[schema(example = "营业执照")]
    pub label: String,
    /// Why.
    #[schema(example = "照片不清晰，请重新拍摄")]
    pub reason: String,
}

/// What the last return asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnItems {
    /// The items.
    pub items: Vec<ReturnItemView>,
}

/// One item of a return.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnItemView {
    /// JSON pointer of a field, `#` and the key of a checklist item, or `/authorisation`.
    #[schema(example = "#business_licence")]
    pub place: String,
    /// What it is called.
    #[schema(example = "营业执照")]
    pub label: String,
    /// Why.
    #[schema(example = "照片不清晰，请重新拍摄")]
    pub reason: String,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When the applicant resubmitted with it changed or explained.
    pub resolved_at: Option<DateTime<Utc>>,
    /// What the applicant says of it, where they explained it instead of changing it.
    #[schema(example = "原件已遗失，补办证明随后上传", max_length = 1000)]
    pub note: Option<String>,
}

/// The timeline as staff read it, or as the applicant does.
pub(in crate::applications) async fn timeline(
    tx: &TenantTx,
    application: Uuid,
    product: &ProductTerms,
    for_applicant: bool,
    language: Language,
) -> Result<Timeline> {
    let events = store::events_of(tx, application, for_applicant).await?;
    let staff = events.iter().flat_map(|event| {
        let by = event.row.actor_id.filter(|_| event.row.actor_kind == "staff" && !for_applicant);
        [by, event.detail.officer].into_iter().flatten()
    });
    let ids: Vec<Uuid> = staff.collect();
    let names = people::staff_brief(tx, &ids).await?;
    let items = events.into_iter().filter_map(|event| entry(event, &names, product, for_applicant, language)).collect();
    Ok(Timeline { items })
}

fn entry(
    event: Event,
    names: &HashMap<Uuid, StaffBrief>,
    product: &ProductTerms,
    for_applicant: bool,
    language: Language,
) -> Option<TimelineEntry> {
    let Event { row, detail } = event;
    let kind: EventKind = serde_json::from_value(serde_json::Value::String(row.kind.clone())).ok()?;
    let words = match kind {
        EventKind::DataCollected if !detail.sources.is_empty() => EventKind::collected_without(&detail.sources),
        _ if for_applicant => kind.for_applicant()?,
        _ => kind.for_staff(),
    };
    let state = ApplicationState::from_code(&row.to_state)?;
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).map(|brief| brief.name.clone());
    // what the staff write to one another is not the applicant's
    let inner = for_applicant
        && matches!(
            kind,
            EventKind::Recommended
                | EventKind::ReviewPassed
                | EventKind::EntitlementDoubted
                | EventKind::EntitlementConfirmed
        );
    let by_staff = row.actor_kind == "staff" && !for_applicant;
    Some(TimelineEntry {
        id: Id::<kind::Event>::from_uuid(row.id).to_string(),
        kind: row.kind,
        label: say(&words, language),
        at: row.at,
        state: state.into(),
        actor: name(row.actor_id.filter(|_| by_staff)),
        actor_kind: row.actor_kind,
        officer: name(detail.officer),
        note: detail.note.filter(|_| !inner),
        advice: detail.advice.filter(|_| !inner),
        amount_fen: detail.amount_fen.filter(|_| !inner),
        term_months: detail.term_months.filter(|_| !inner),
        conditions: detail.conditions,
        items: detail.items.iter().map(|item| mend(item, product, language)).collect(),
        sources: detail.sources,
        about: detail.about.filter(|_| !inner),
    })
}

fn mend(item: &DetailItem, product: &ProductTerms, language: Language) -> MendView {
    MendView {
        place: item.place.clone(),
        label: say(&place_label(&item.place, product), language),
        reason: item.reason.clone(),
    }
}

/// What the last return asked for.
pub(in crate::applications) async fn return_items(
    tx: &TenantTx,
    application: Uuid,
    product: &ProductTerms,
    language: Language,
) -> Result<ReturnItems> {
    let asked = store::return_items(tx, application).await?;
    if asked.is_empty() {
        return Ok(ReturnItems { items: vec![] });
    }
    let resubmitted = store::last_event(tx, application, &code_of(&EventKind::Resubmitted)).await?;
    let note = |place: &str, asked_at: DateTime<Utc>| {
        let answer = resubmitted.as_ref().filter(|event| event.row.at > asked_at)?;
        answer.detail.items.iter().find(|item| item.place == place).map(|item| item.reason.clone())
    };
    let items = asked
        .into_iter()
        .map(|item| ReturnItemView {
            label: say(&place_label(&item.place, product), language),
            note: note(&item.place, item.asked_at),
            place: item.place,
            reason: item.reason,
            asked_at: item.asked_at,
            resolved_at: item.resolved_at,
        })
        .collect();
    Ok(ReturnItems { items })
}
