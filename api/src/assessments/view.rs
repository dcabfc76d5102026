//! An evaluation as staff see it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::assessments::admission::indicators::IndicatorValue;
use domain::assessments::admission::risks::Risk;
use domain::assessments::admission::series::MonthRow;
use domain::assessments::admission::{Decision, DecisionReason, Gap, Period, SourceKind};
use domain::assessments::personal::PersonalAssessment;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kept::{Inputs, RESULT, Sealed, outcome_of};
use super::scorecard::ScorecardKind;
use super::store::KeptRow;
use super::view_conditions::{OperatingView, TransactionsView};
use super::view_parts::{
    GapView, IndicatorView, InputView, LeftOutView, MonthView, PeriodView, ReasonView, RiskView, personal_risk,
};
use crate::data::SourceView;
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;

/// What an evaluation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentOutcome {
    /// Goes on.
    Accept,
    /// A person looks at it first.
    Review,
    /// Past the acceptable total.
    Refuse,
}

impl From<Decision> for AssessmentOutcome {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Accept => Self::Accept,
            Decision::Review => Self::Review,
            Decision::Refuse => Self::Refuse,
        }
    }
}

/// One evaluation with everything it rests on. Where the authorisation was revoked, `blocked` is true and everything that
/// was derived from the data collected, the total and the outcome first of all, is left empty.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssessmentView {
    /// Id.
    #[schema(example = "asm_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The application.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub application_id: String,
    /// Of an enterprise or of a person.
    pub kind: ScorecardKind,
    /// The scorecard's version used.
    #[schema(example = "scd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub scorecard_id: String,
    /// Its number.
    #[schema(example = 1, minimum = 1)]
    pub scorecard_version: i64,
    /// The day it is as of.
    #[schema(example = "2026-11-22")]
    pub as_of: NaiveDate,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Round of collection it rests on; 0 for a person.
    #[schema(example = 1, minimum = 0)]
    pub round: i32,
    /// Sum of the scores; higher is riskier. Null where it is blocked.
    #[schema(example = 46, minimum = 0)]
    pub total: Option<i64>,
    /// Above it an enterprise is refused.
    #[schema(example = 100)]
    pub acceptable_total: Option<i64>,
    /// Above it a person looks at it.
    #[schema(example = 60)]
    pub review_total: Option<i64>,
    /// A person's grade, A (best) to E.
    #[schema(example = "B", max_length = 1)]
    pub grade: Option<String>,
    /// What it says; always `review` for a person. Null where it is blocked.
    pub outcome: Option<AssessmentOutcome>,
    /// The months looked at.
    pub period: Option<PeriodView>,
    /// Why it says so.
    pub reasons: Vec<ReasonView>,
    /// Every risk in the scorecard's order, those that score 0 included.
    pub risks: Vec<RiskView>,
    /// Every indicator.
    pub indicators: Vec<IndicatorView>,
    /// Sources that are not there; they add 0.
    pub missing: Vec<SourceView>,
    /// Gaps in what was collected.
    pub gaps: Vec<GapView>,
    /// Invoice rows left out, by rule.
    pub left_out: Option<LeftOutView>,
    /// Purchases and sales by month.
    pub months: Vec<MonthView>,
    /// Operating condition 经营状况: base, declarations, payments, financial, compliance.
    pub operating: Option<OperatingView>,
    /// Transaction condition 交易状况: purchases and sales with counterparties, continuity, trend and swings.
    pub transactions: Option<TransactionsView>,
    /// The pulls it rests on, with their hashes.
    pub inputs: Vec<InputView>,
    /// SHA-256 over the inputs, hexadecimal.
    #[schema(max_length = 64)]
    pub inputs_hash: String,
    /// The authorisation was revoked, so that the data may not be used any more.
    pub blocked: bool,
}

/// What is shown of an enterprise's evaluation (`domain::assessments::admission::Assessment`), read as it is shown.
#[derive(Deserialize)]
struct Shown {
    periods: ShownPeriods,
    acceptable_total: i64,
    review_total: i64,
    decision_reasons: Vec<DecisionReason>,
    risks: Vec<Risk>,
    indicators: BTreeMap<String, IndicatorValue>,
    missing: Vec<SourceKind>,
    left_out: LeftOutView,
    gaps: Vec<Gap>,
    operating: OperatingView,
    transactions: TransactionsView,
    months: Vec<MonthRow>,
}

#[derive(Deserialize)]
struct ShownPeriods {
    period: Period,
}

/// The view of a row.
pub(super) fn of(
    tx: &TenantTx,
    row: KeptRow,
    inputs: Inputs,
    blocked: bool,
    language: Language,
) -> Result<AssessmentView> {
    let view = bare(&row, inputs, blocked);
    if view.kind == ScorecardKind::Personal {
        let sealed: Sealed = row.result.read()?;
        return Ok(of_person(view, sealed.open(tx, RESULT, row.id)?));
    }
    of_enterprise(view, row.result.read()?, language)
}

fn bare(row: &KeptRow, inputs: Inputs, blocked: bool) -> AssessmentView {
    AssessmentView {
        id: Id::<kind::Assessment>::from_uuid(row.id).to_string(),
        application_id: Id::<kind::Application>::from_uuid(row.application_id).to_string(),
        kind: if row.kind == "personal" { ScorecardKind::Personal } else { ScorecardKind::Admission },
        scorecard_id: Id::<kind::Scorecard>::from_uuid(row.scorecard_id).to_string(),
        scorecard_version: row.scorecard_version,
        as_of: row.as_of,
        created_at: row.created_at,
        round: inputs.round,
        total: (!blocked).then_some(row.total),
        acceptable_total: None,
        review_total: None,
        grade: None,
        outcome: (!blocked).then(|| outcome_of(&row.outcome).into()),
        period: None,
        reasons: Vec::new(),
        risks: Vec::new(),
        indicators: Vec::new(),
        missing: Vec::new(),
        gaps: Vec::new(),
        left_out: None,
        months: Vec::new(),
        operating: None,
        transactions: None,
        inputs: inputs.pulls.into_iter().filter_map(InputView::of).collect(),
        inputs_hash: hex::encode(&row.inputs_hash),
        blocked,
    }
}

fn of_person(mut view: AssessmentView, graded: PersonalAssessment) -> AssessmentView {
    view.grade = serde_json::to_value(graded.grade).ok().and_then(|grade| grade.as_str().map(str::to_owned));
    view.reasons = vec![ReasonView {
        code: "personal_grade".into(),
        reason_zh: format!("初步评级{}，个人申请由工作人员审核", view.grade.as_deref().unwrap_or("-")),
        reason_en: "A personal application always goes to an officer".into(),
    }];
    view.risks = graded.items.into_iter().map(personal_risk).collect();
    view
}

fn of_enterprise(mut view: AssessmentView, assessment: Shown, language: Language) -> Result<AssessmentView> {
    view.acceptable_total = Some(assessment.acceptable_total);
    view.review_total = Some(assessment.review_total);
    if view.blocked {
        return Ok(view);
    }
    view.period = Some(assessment.periods.period.into());
    view.reasons = assessment.decision_reasons.into_iter().map(Into::into).collect();
    view.missing = assessment.missing.into_iter().map(Into::into).collect();
    view.gaps = assessment.gaps.into_iter().map(|gap| GapView::of(gap, language)).collect();
    view.risks = assessment.risks.into_iter().map(Into::into).collect();
    view.indicators = assessment.indicators.into_iter().map(IndicatorView::of).collect::<Result<_>>()?;
    view.left_out = Some(assessment.left_out);
    view.months = assessment.months.into_iter().map(Into::into).collect();
    view.operating = Some(assessment.operating);
    view.transactions = Some(assessment.transactions);
    Ok(view)
}
