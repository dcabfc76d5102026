//! Applications as staff see them: personal data masked, with the people who handle them.

use std::collections::{BTreeSet, HashMap};

use domain::applications::machine::earlier_steps;
use domain::applications::state::Actor;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::applications::case::Case;
use crate::applications::my_view::ApprovedView;
use crate::applications::store::Row;
use crate::applications::view::{
    ApplicationForm, CaseBrief, ChecklistView, FieldLabel, MissingView, Names, ProgressView, ReturnItemView, StateName,
    actions_of, also_open, checklist, labels, missing_views, return_items,
};
use crate::assessments::{self, AssessmentView};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::TenantTx;

/// The names of the staff who handle some applications.
type People = HashMap<Uuid, StaffBrief>;

/// A member of staff by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonBrief {
    /// Their id.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Their name.
    #[schema(example = "李经理")]
    pub name: String,
}

/// One application in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueEntry {
    #[serde(flatten)]
    brief: CaseBrief,
    /// Its officer.
    officer: Option<PersonBrief>,
    /// Its department.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    department: Option<String>,
    /// The total of the last score; higher is riskier. Null also where the consent that it rests on was revoked.
    #[schema(example = 42)]
    score: Option<i64>,
    /// What it said: `accept`, `review` or `refuse`.
    #[schema(example = "review")]
    score_outcome: Option<String>,
}

/// An application as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffApplication {
    #[serde(flatten)]
    entry: QueueEntry,
    /// Who reviewed it.
    reviewer: Option<PersonBrief>,
    /// Who decided on it.
    approver: Option<PersonBrief>,
    /// The form; personal data is masked.
    #[schema(value_type = ApplicationForm)]
    form: serde_json::Value,
    /// What the form's fields are called, in order.
    fields: Vec<FieldLabel>,
    /// The documents that it needs, with what is there.
    checklist: Vec<ChecklistView>,
    /// What stands against the next step.
    missing: Vec<MissingView>,
    /// That the same subject has another application open for this product, with its number; null where it has none.
    #[schema(example = "该企业已有在办申请DB20261122-0001，请勿重复申请")]
    also_open: Option<String>,
    /// What the last return asked for.
    return_items: Vec<ReturnItemView>,
    /// What the caller may do now.
    #[schema(example = json!(["return", "recommend", "send_back"]))]
    pub(super) allowed_actions: Vec<String>,
    /// Earlier steps to which it can be sent back from here.
    earlier_steps: Vec<StateName>,
    /// Where it is on its way.
    progress: ProgressView,
    /// The last evaluation.
    assessment: Option<AssessmentView>,
    /// Whether collection ended with a gap, so that a person decides.
    data_gap: bool,
    /// Whether collection waits for the officer to confirm that whoever consented may; the authorisations say why.
    entitlement_open: bool,
    /// Whether the applicant asked for a person's review of an automatic refusal.
    human_review: bool,
    /// What was approved.
    approved: Option<ApprovedView>,
    /// How often it was submitted or collected.
    #[schema(example = 1, minimum = 0)]
    round: i32,
}

/// What is looked up for some applications at once.
pub(super) struct About {
    names: Names,
    people: People,
    /// Those whose score is not shown any more.
    blocked: BTreeSet<Uuid>,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[Row], language: Language) -> Result<Self> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            names: Names::of(tx, rows, language).await?,
            people: people_of(tx, rows).await?,
            blocked: assessments::blocked(tx, &ids).await?,
        })
    }
}

/// Looks up the staff who handle `rows`.
async fn people_of(tx: &TenantTx, rows: &[Row]) -> Result<People> {
    let mut ids: Vec<Uuid> =
        rows.iter().flat_map(|row| [row.investigator_id, row.reviewer_id, row.approver_id]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    people::staff_brief(tx, &ids).await
}

fn person(people: &People, id: Option<Uuid>) -> Option<PersonBrief> {
    let brief = people.get(&id?)?;
    Some(PersonBrief { id: Id::<kind::Staff>::from_uuid(brief.id).to_string(), name: brief.name.clone() })
}

impl QueueEntry {
    pub(super) fn of(row: &Row, about: &About, language: Language) -> Result<Self> {
        Ok(Self::with(CaseBrief::of(row, &about.names, language)?, row, about))
    }

    fn with(brief: CaseBrief, row: &Row, about: &About) -> Self {
        let shown = !about.blocked.contains(&row.id);
        Self {
            brief,
            officer: person(&about.people, row.investigator_id),
            department: row.department_id.map(|id| Id::<kind::Department>::from_uuid(id).to_string()),
            score: row.score.filter(|_| shown),
            score_outcome: row.score_outcome.clone().filter(|_| shown),
        }
    }
}

impl StaffApplication {
    pub(super) async fn of(tx: &TenantTx, case: &Case, actor: &Actor, language: Language) -> Result<Self> {
        let rows = std::slice::from_ref(&case.row);
        let ready = case.ready(tx).await?;
        let assessment = assessments::latest(tx, case.id(), language).await?;
        let blocked = assessment.as_ref().filter(|last| last.blocked).map(|_| case.id());
        let about = About {
            names: Names::of_case(case, language),
            people: people_of(tx, rows).await?,
            blocked: blocked.into_iter().collect(),
        };
        let brief = CaseBrief::known(&case.row, &case.facts, &about.names, language)?;
        let missing = if case.facts.state.is_final() { vec![] } else { case.missing_with(tx, &ready).await? };
        Ok(Self {
            entry: QueueEntry::with(brief, &case.row, &about),
            reviewer: person(&about.people, case.row.reviewer_id),
            approver: person(&about.people, case.row.approver_id),
            form: case.form.masked(Some(&case.product)),
            fields: labels(&case.form, &case.product, language),
            checklist: checklist(case, &ready, language),
            missing: missing_views(&missing, language),
            also_open: also_open(tx, case, None, language).await?,
            return_items: return_items(tx, case.id(), &case.product, language).await?.items,
            allowed_actions: actions_of(case, actor),
            earlier_steps: earlier_steps(&case.facts).into_iter().map(StateName::from).collect(),
            progress: ProgressView::of(&case.facts, language),
            assessment,
            data_gap: case.facts.data_gap,
            entitlement_open: case.facts.entitlement_open,
            human_review: case.facts.human_review,
            approved: ApprovedView::of(case),
            round: case.row.round,
        })
    }
}
