//! The result in words meant for applicants: what it means, what they can do, and never a threshold to aim at.

use chrono::NaiveDate;
use domain::assessments::admission::Assessment;
use domain::assessments::personal::PersonalAssessment;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::kept::{Inputs, RESULT, Sealed, outcome_of};
use super::read::is_blocked;
use super::scorecard::ScorecardKind;
use super::store::{self, KeptRow};
use super::view::AssessmentOutcome;
use crate::data;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// The result of scoring as the applicant sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApplicantResult {
    /// The day it was made as of.
    #[schema(example = "2026-11-22")]
    pub as_of: NaiveDate,
    /// What it says. A refusal is a machine's and may be looked at by a person on request (个人信息保护法第二十四条).
    pub outcome: AssessmentOutcome,
    /// What it says, in a sentence.
    #[schema(example = "您的申请已通过初步评估，将进入下一步。")]
    pub headline: String,
    /// What stands out and what can be done about it, the weightiest first.
    #[schema(example = json!(["近期开票中断，请说明原因。"]))]
    pub notes: Vec<String>,
}

/// The last evaluation of an application in words for the applicant; `None` also where it is not settled that whoever
/// consented may.
///
/// # Errors
/// `not_found` where the authorisation that it rests on was revoked; a failing database.
pub async fn applicant_result(tx: &TenantTx, application: Uuid) -> Result<Option<ApplicantResult>> {
    let Some(row) = store::assessments_of(tx, application, 1).await?.into_iter().next() else { return Ok(None) };
    let inputs: Inputs = row.inputs.read()?;
    if is_blocked(tx, &inputs).await? {
        return Err(Error::new(Code::NotFound).detail(
            "授权已撤回，预审结果不再展示。",
            "The authorisation was revoked; its result is not shown any more.",
        ));
    }
    if is_theirs(tx, &row.kind, &inputs).await? { of_row(tx, row).map(Some) } else { Ok(None) }
}

/// Whether it is settled that whoever consented may: what tax data say of an enterprise is told to nobody else.
async fn is_theirs(tx: &TenantTx, kind: &str, inputs: &Inputs) -> Result<bool> {
    match inputs.authorisation {
        Some(authorisation) => data::is_entitled(tx, authorisation).await,
        None => Ok(kind == ScorecardKind::Personal.key()),
    }
}

fn of_row(tx: &TenantTx, row: KeptRow) -> Result<ApplicantResult> {
    let outcome = outcome_of(&row.outcome).into();
    if row.kind == "personal" {
        let sealed: Sealed = row.result.read()?;
        let graded: PersonalAssessment = sealed.open(tx, RESULT, row.id)?;
        return Ok(ApplicantResult {
            as_of: row.as_of,
            outcome,
            headline: "您的申请已完成初步评级，将由工作人员审核。".into(),
            notes: graded.items.into_iter().filter_map(|item| item.applicant_zh).collect(),
        });
    }
    let assessment: Assessment = row.result.read()?;
    let (headline, notes) = sentences(&assessment);
    Ok(ApplicantResult { as_of: row.as_of, outcome, headline, notes })
}

/// The first reason of the decision, then the other reasons and the risks, each sentence once.
fn sentences(assessment: &Assessment) -> (String, Vec<String>) {
    let reasons = assessment.decision_reasons.iter().map(|reason| reason.applicant_zh.clone());
    let risks = assessment.scoring().into_iter().filter_map(|risk| risk.applicant_zh.clone());
    let mut said: Vec<String> = Vec::new();
    for sentence in reasons.chain(risks) {
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    let mut said = said.into_iter();
    (said.next().unwrap_or_default(), said.collect())
}

#[cfg(test)]
mod tests {
    use domain::assessments::admission::{Scorecard, Sources, assess};

    use super::*;

    #[test]
    fn each_sentence_is_said_once_and_names_no_figure() {
        let card = Scorecard::standard();
        let day = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        let sources =
            Sources { violations: Some(vec![Default::default(); 9]), payments: Some(vec![]), ..Sources::default() };
        let assessment = assess(&card, &sources, day);
        let (headline, notes) = sentences(&assessment);
        assert!(!headline.is_empty());
        let mut all = notes.clone();
        all.push(headline);
        let limits = [card.acceptable_total, card.review_total].map(|limit| limit.to_string());
        assert!(all.iter().all(|text| limits.iter().all(|limit| !text.contains(limit.as_str()))), "{all:?}");
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        let again: Assessment = serde_json::from_value(serde_json::to_value(&assessment).unwrap()).unwrap();
        assert_eq!(again, assessment, "what is kept is read back as it was");
    }
}
