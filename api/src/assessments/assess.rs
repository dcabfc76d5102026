//! Evaluating, and keeping the evaluation: inputs, version, result and reasons, so that it can be run again.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::assessments::admission::{self, Assessment, Decision, SourceKind};
use domain::assessments::personal::{PersonalFacts, assess_personal};
use domain::consent::Authorisation;
use domain::time::TenantZone;
use uuid::Uuid;

use super::kept::{FACTS, Inputs, RESULT, Sealed, outcome_word};
use super::scorecard::{self, ScorecardKind};
use super::store::{self, AssessmentRow};
use crate::data;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// An evaluation in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: Uuid,
    /// Sum of the scores; higher is riskier.
    pub total: i64,
    /// What it says; always `Review` for a person.
    pub outcome: Decision,
    /// The day it is as of.
    pub as_of: NaiveDate,
    /// Whether gaps stood in the way of an automatic decision.
    pub integrity_failed: bool,
    /// Sources that are not there.
    pub missing: Vec<SourceKind>,
    /// Why, for staff (Chinese).
    pub reasons_zh: Vec<String>,
}

/// An evaluation that is not kept yet.
pub struct Evaluated {
    application: Uuid,
    inputs: Inputs,
    assessment: Assessment,
}

/// Evaluates what a round brought in, without keeping it; a reading transaction will do, so that a large firm holds up
/// no writer. `stated_name` is the enterprise's name in the application. The date is the tenant's business date of the
/// collection, so that evaluating again gives the same answer.
///
/// # Errors
/// `consent_ended` where no authorisation is in force; `not_entitled` where it is not settled that whoever gave it may.
pub async fn evaluate_enterprise(
    tx: &TenantTx,
    application: Uuid,
    round: i32,
    stated_name: Option<String>,
) -> Result<Evaluated> {
    let consent = data::live(tx, application).await?.ok_or_else(|| Error::new(Code::ConsentEnded))?;
    consent.authorisation.may_evaluate(tx.now()).map_err(|_| Error::new(Code::NotEntitled))?;
    let mut gathered = data::gather(tx, application, round).await?;
    gathered.sources.withheld = withheld(&consent.authorisation);
    gathered.sources.stated_name = stated_name;
    let as_of = TenantZone::default().date_of(gathered.finished_at.unwrap_or(tx.now()));
    let card = scorecard::admission_on(tx, as_of).await?;
    let inputs = Inputs {
        round,
        authorisation: Some(consent.id),
        as_of,
        scorecard: card.id,
        scorecard_version: card.version,
        pulls: gathered.used,
        withheld: gathered.sources.withheld.clone(),
        stated_name: gathered.sources.stated_name.clone(),
        facts: None,
    };
    let assessment = compute(card.body, gathered.sources, as_of).await?;
    Ok(Evaluated { application, inputs, assessment })
}

/// The sources that an authorisation does not name.
fn withheld(consent: &Authorisation) -> BTreeSet<SourceKind> {
    let named = |kind: &SourceKind| consent.sources.iter().any(|code| code == data::source_code(*kind));
    SourceKind::ALL.into_iter().filter(|kind| !named(kind)).collect()
}

/// The rules themselves, off the event loop: a large firm has tens of thousands of invoices.
pub(super) async fn compute(
    card: admission::Scorecard,
    sources: admission::Sources,
    as_of: NaiveDate,
) -> Result<Assessment> {
    let task = tokio::task::spawn_blocking(move || admission::assess(&card, &sources, as_of));
    task.await.map_err(Error::internal)
}

/// Keeps an evaluation, if the authorisation is still in force.
///
/// # Errors
/// `consent_ended` where it was revoked in the meantime; then nothing is kept.
pub async fn record(tx: &TenantTx, evaluated: Evaluated) -> Result<Summary> {
    let Evaluated { application, inputs, assessment } = evaluated;
    let held = data::hold(tx, application).await?;
    if Some(held.id) != inputs.authorisation {
        return Err(Error::new(Code::ConsentEnded));
    }
    let id = Uuid::now_v7();
    let (total, outcome) = (assessment.total, assessment.decision);
    let row = row(tx, id, application, ScorecardKind::Admission, &inputs, total, outcome)?;
    store::add_assessment(tx, AssessmentRow { result: serde_json::to_value(&assessment)?, ..row }).await?;
    Ok(Summary {
        id,
        total,
        outcome,
        as_of: assessment.as_of,
        integrity_failed: assessment.gaps.iter().any(|gap| gap.blocking),
        missing: assessment.missing,
        reasons_zh: assessment.decision_reasons.into_iter().map(|reason| reason.reason_zh).collect(),
    })
}

/// Grades a personal application from what its form states; it always goes to an officer.
///
/// # Errors
/// If the database fails.
pub async fn assess_person(tx: &TenantTx, application: Uuid, facts: PersonalFacts) -> Result<Summary> {
    let as_of = TenantZone::default().date_of(tx.now());
    let card = scorecard::personal_on(tx, as_of).await?;
    let result = assess_personal(&card.body, &facts, as_of);
    let id = Uuid::now_v7();
    let inputs = Inputs {
        round: 0,
        authorisation: None,
        as_of,
        scorecard: card.id,
        scorecard_version: card.version,
        pulls: Vec::new(),
        withheld: BTreeSet::new(),
        stated_name: None,
        facts: Some(Sealed::new(tx, FACTS, id, &facts)?),
    };
    let row = row(tx, id, application, ScorecardKind::Personal, &inputs, result.total, Decision::Review)?;
    let sealed = serde_json::to_value(Sealed::new(tx, RESULT, id, &result)?)?;
    store::add_assessment(tx, AssessmentRow { result: sealed, ..row }).await?;
    Ok(Summary {
        id,
        total: result.total,
        outcome: Decision::Review,
        as_of,
        integrity_failed: false,
        missing: Vec::new(),
        reasons_zh: result.items.into_iter().filter_map(|item| item.reason_zh).collect(),
    })
}

/// The row of an evaluation but for its result.
fn row(
    tx: &TenantTx,
    id: Uuid,
    application: Uuid,
    kind: ScorecardKind,
    inputs: &Inputs,
    total: i64,
    outcome: Decision,
) -> Result<AssessmentRow> {
    Ok(AssessmentRow {
        tenant_id: tx.tenant(),
        id,
        application_id: application,
        kind: kind.key().to_owned(),
        scorecard_id: inputs.scorecard,
        scorecard_version: inputs.scorecard_version,
        as_of: inputs.as_of,
        inputs: serde_json::to_value(inputs)?,
        inputs_hash: inputs.hash()?,
        total,
        outcome: outcome_word(outcome).to_owned(),
        result: serde_json::Value::Null,
        created_at: tx.now(),
    })
}
