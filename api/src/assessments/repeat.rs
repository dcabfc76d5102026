//! Evaluates again from the same pulls and the same version of the scorecard, to show that the answer follows from them.

use domain::assessments::admission::{Assessment, Decision, Scorecard};
use domain::assessments::personal::{PersonalAssessment, PersonalFacts, PersonalScorecard, assess_personal};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::assess::compute;
use super::kept::{FACTS, Inputs, RESULT, Sealed, outcome_word};
use super::read::is_blocked;
use super::scorecard;
use super::store::{self, KeptRow};
use crate::data;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// What evaluating again gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Repeated {
    /// The evaluation that was run again.
    #[schema(example = "asm_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub assessment: String,
    /// Whether the result is the same in every part.
    #[schema(example = true)]
    pub same: bool,
    /// Whether inputs and data still have the hashes that were kept; false also where data was erased.
    #[schema(example = true)]
    pub inputs_unchanged: bool,
    /// The total that was kept.
    #[schema(example = 46)]
    pub total: i64,
    /// The outcome that was kept: `accept`, `review` or `refuse`.
    #[schema(example = "accept")]
    pub outcome: String,
    /// The total now.
    #[schema(example = 46)]
    pub total_again: i64,
    /// The outcome now.
    #[schema(example = "accept")]
    pub outcome_again: String,
}

/// Evaluates again. Nothing is kept of it. An authorisation that has merely run out does not stand against proving an
/// old answer; one that was revoked does, since its data is blocked.
///
/// # Errors
/// `not_found`; `consent_ended` where the authorisation was revoked.
pub async fn repeat(tx: &TenantTx, assessment: Uuid) -> Result<Repeated> {
    let row = store::assessment(tx, assessment).await?.ok_or_else(Error::not_found)?;
    if row.inputs.read::<Erased>().is_ok_and(|inputs| inputs.erased) {
        return Err(erased(&row));
    }
    let inputs: Inputs = row.inputs.read()?;
    let whole = inputs.hash()? == row.inputs_hash;
    if let Some(facts) = &inputs.facts {
        return repeat_person(tx, &row, &inputs, facts, whole).await;
    }
    if is_blocked(tx, &inputs).await? {
        return Err(Error::new(Code::ConsentEnded));
    }
    let card = scorecard::by_id::<Scorecard>(tx, inputs.scorecard).await?;
    let (mut sources, unchanged) = data::gather_again(tx, &inputs.pulls).await?;
    sources.withheld.clone_from(&inputs.withheld);
    sources.stated_name.clone_from(&inputs.stated_name);
    let again = compute(card.body, sources, inputs.as_of).await?;
    let kept: Assessment = row.result.read()?;
    Ok(compare(&row, kept == again, whole && unchanged, again.total, again.decision))
}

/// What stands in the place of inputs that were erased.
#[derive(Deserialize)]
struct Erased {
    erased: bool,
}

/// The hash and what came of it are all that is left.
fn erased(row: &KeptRow) -> Error {
    Error::new(Code::DataErased).current(serde_json::json!({
        "inputs_sha256": hex::encode(&row.inputs_hash), "total": row.total, "outcome": row.outcome, "as_of": row.as_of,
    }))
}

async fn repeat_person(tx: &TenantTx, row: &KeptRow, inputs: &Inputs, facts: &Sealed, whole: bool) -> Result<Repeated> {
    let facts: PersonalFacts = facts.open(tx, FACTS, row.id)?;
    let card = scorecard::by_id::<PersonalScorecard>(tx, inputs.scorecard).await?;
    let again = assess_personal(&card.body, &facts, inputs.as_of);
    let sealed: Sealed = row.result.read()?;
    let kept: PersonalAssessment = sealed.open(tx, RESULT, row.id)?;
    Ok(compare(row, kept == again, whole, again.total, Decision::Review))
}

fn compare(row: &KeptRow, same: bool, inputs_unchanged: bool, total: i64, outcome: Decision) -> Repeated {
    let outcome_again = outcome_word(outcome).to_owned();
    Repeated {
        assessment: Id::<kind::Assessment>::from_uuid(row.id).to_string(),
        same: same && row.total == total && row.outcome == outcome_again,
        inputs_unchanged,
        total: row.total,
        outcome: row.outcome.clone(),
        total_again: total,
        outcome_again,
    }
}
