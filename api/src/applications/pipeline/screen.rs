//! The job `application.screen`: an enterprise is evaluated from what was collected, a person graded from the form; then
//! it goes to an officer or, above the acceptable total, is refused.

use domain::applications::action::{Action, Outcome as Said};
use domain::applications::state::{Actor, ApplicationState as S};
use domain::assessments::admission::Decision;
use domain::assessments::personal::{FACTS_OF_PRODUCTS, PersonalFacts};
use domain::consent::SubjectKind;

use super::{Order, waiting};
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::words::code_of;
use crate::applications::{store, transition};
use crate::assessments::{Evaluated, Summary, assess_person, evaluate_enterprise, record};
use crate::error::{Code, Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, finish};

/// Failures after which the application goes to an officer without a score.
const FAILURES_MAX: i32 = 5;

/// Screens.
///
/// # Errors
/// If the database fails; then it is run again.
pub async fn screen(app: &App, job: &Job) -> Result<Outcome, JobError> {
    match step(app, job, true).await {
        // Whoever revoked their consent is not evaluated any more, nor is what nobody entitled consented to; a person decides.
        Err(error) if [Code::ConsentEnded, Code::NotEntitled].contains(&error.code()) => {
            Ok(step(app, job, false).await?)
        }
        Err(error) if job.attempt >= FAILURES_MAX => {
            tracing::error!(job = %job.id, cause = %error, "scoring failed for good; an officer goes on without it");
            Ok(step(app, job, false).await?)
        }
        other => Ok(other?),
    }
}

async fn step(app: &App, job: &Job, scored: bool) -> Result<Outcome, Error> {
    let evaluated = if scored { evaluate(app, job).await? } else { None };
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let order: Order = job.payload(&tx)?;
    let Some(mut case) = waiting(&tx, order, S::Screening).await? else {
        return Ok(Outcome::Done);
    };
    // a score of an earlier round, perhaps of another subject, is not left standing for one that could not be had
    (case.row.score, case.row.score_outcome) = (None, None);
    let said = if scored { score(&tx, &mut case, evaluated).await? } else { Said::Review };
    let act = transition::perform(&tx, &mut case, &Action::Screened { outcome: said }, &Actor::system()).await?;
    finish(&tx, job).await?;
    tx.commit(act).await?;
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}

/// Evaluates an enterprise in a transaction that only reads, since a large firm takes a while; `None` for a person.
async fn evaluate(app: &App, job: &Job) -> Result<Option<Evaluated>> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let order: Order = job.payload(&tx)?;
    let row = store::find(&tx, order.application).await?;
    let is_enterprise = |row: &store::Row| row.subject_kind == code_of(&SubjectKind::Enterprise);
    let Some(row) = row.filter(|row| is_enterprise(row) && row.state == S::Screening.code()) else { return Ok(None) };
    let evaluated = evaluate_enterprise(&tx, order.application, order.round, row.enterprise_name).await?;
    tx.commit_bookkeeping().await?;
    Ok(Some(evaluated))
}

/// Keeps the evaluation, or grades a person from the form.
async fn score(tx: &TenantTx, case: &mut Case, evaluated: Option<Evaluated>) -> Result<Said> {
    let summary: Summary = match (case.facts.subject, evaluated) {
        (SubjectKind::Enterprise, Some(evaluated)) => record(tx, evaluated).await?,
        (SubjectKind::Enterprise, None) => return Err(anyhow::anyhow!("it was not evaluated; it will be").into()),
        (SubjectKind::Person, _) => assess_person(tx, case.id(), personal_facts(case)).await?,
    };
    let said = match summary.outcome {
        Decision::Accept => Said::Accept,
        Decision::Review => Said::Review,
        Decision::Refuse => Said::Refuse,
    };
    case.row.score = Some(summary.total);
    case.row.score_outcome = Some(code_of(&said));
    Ok(said)
}

/// What the form states; products name these facts by common keys.
fn personal_facts(case: &Case) -> PersonalFacts {
    let form = &case.form;
    let whole = |pointer: &str| form.get(pointer).and_then(serde_json::Value::as_i64);
    PersonalFacts {
        born_on: form.id_number().map(|id| id.birth_date()),
        amount_fen: form.amount().map(|amount| amount.0),
        term_months: form.term_months().map(u32::from),
        yearly_income_fen: whole("/extra/yearly_income_fen"),
        existing_debt_fen: whole("/extra/existing_debt_fen"),
        years_in_trade: form.get("/extra/years_in_trade").and_then(whole_years),
        industry: form.text("/industry").map(str::to_owned),
        region: form.text("/region").map(str::to_owned),
        not_asked: FACTS_OF_PRODUCTS
            .into_iter()
            .filter(|(key, _)| case.product.extra_field(key).is_none())
            .map(|(key, _)| key.to_owned())
            .collect(),
    }
}

/// The whole years of a number that may have a fraction.
fn whole_years(value: &serde_json::Value) -> Option<u32> {
    value.to_string().split('.').next()?.parse().ok()
}
