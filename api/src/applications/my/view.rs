//! An application as its owner sees it.

use domain::applications::state::Actor;
use domain::person::IdNumber;
use serde::Serialize;
use utoipa::ToSchema;

use super::mending;
use crate::applications::case::Case;
use crate::applications::view::{
    ApplicationForm, CaseBrief, ChecklistView, FieldLabel, MissingView, Names, ProgressView, actions_of, also_open,
    checklist, labels, missing_views,
};
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;

/// An application as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyApplication {
    #[serde(flatten)]
    brief: CaseBrief,
    /// The form as it was typed; only the ID number is masked.
    #[schema(value_type = ApplicationForm)]
    form: serde_json::Value,
    /// What the form's fields are called, in order.
    fields: Vec<FieldLabel>,
    /// The documents that it needs.
    checklist: Vec<ChecklistView>,
    /// Everything that is still missing; empty once it can be submitted, and while it cannot be changed. A returned item
    /// (`not_mended`) may be explained in the submission instead of changed.
    missing: Vec<MissingView>,
    /// That the same subject has another application open for this product, with its number; null where it has none.
    #[schema(example = "该企业已有在办申请DB20261122-0001，请勿重复申请")]
    also_open: Option<String>,
    /// What the caller may do now.
    #[schema(example = json!(["submit", "edit", "discard"]))]
    allowed_actions: Vec<String>,
    /// Where it is on its way.
    progress: ProgressView,
    /// What was approved.
    approved: Option<ApprovedView>,
}

/// What was approved, kept apart from what was requested.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovedView {
    /// Amount in fen.
    #[schema(example = 40_000_000, minimum = 1)]
    pub amount_fen: i64,
    /// Term in months.
    #[schema(example = 12, minimum = 1)]
    pub term_months: i32,
    /// Conditions.
    pub conditions: Vec<String>,
}

impl ApprovedView {
    pub(in crate::applications) fn of(case: &Case) -> Option<Self> {
        Some(Self {
            amount_fen: case.row.approved_amount_fen?,
            term_months: case.row.approved_term_months?,
            conditions: case.conditions.clone(),
        })
    }
}

impl MyApplication {
    pub(super) async fn of(tx: &TenantTx, case: &Case, language: Language) -> Result<Self> {
        let names = Names::of_case(case, language);
        let ready = case.ready(tx).await?;
        let mut missing = if case.facts.state.is_editable() { case.missing_with(tx, &ready).await? } else { vec![] };
        missing.extend(mending::untouched(tx, case, &[]).await?);
        Ok(Self {
            brief: CaseBrief::of(&case.row, &names, language)?,
            form: form(case),
            fields: labels(&case.form, &case.product, language),
            checklist: checklist(case, &ready, language),
            missing: missing_views(&missing, language),
            also_open: also_open(tx, case, Some(case.row.applicant_id), language).await?,
            allowed_actions: actions_of(case, &Actor::applicant(case.row.applicant_id)),
            progress: ProgressView::of(&case.facts, language),
            approved: ApprovedView::of(case),
        })
    }
}

/// The owner's own words in clear, except the number that a look over the shoulder must not give away.
fn form(case: &Case) -> serde_json::Value {
    let mut form = case.form.expose();
    if let Some(value) = form.pointer_mut("/subject/id_number") {
        let masked = value.as_str().and_then(|text| IdNumber::parse(text).ok()).map(|id| id.masked());
        *value = masked.unwrap_or_else(|| "***".to_owned()).into();
    }
    form
}
