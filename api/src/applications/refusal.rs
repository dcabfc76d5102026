//! What the domain refuses, as the code and the sentence that a caller gets.

use domain::applications::action::Reason;
use domain::applications::completeness::Missing;
use domain::applications::fields::FieldError;
use domain::applications::refusal::Refusal;
use domain::consent::ConsentState;
use domain::words::Words;

use super::detail::place_text;
use crate::error::{Code, Error, FieldProblem, Result};

/// A refusal as an error.
pub(super) fn error(refusal: Refusal) -> Error {
    let words = refusal.words();
    let field = |pointer: &str| {
        Error::fields(vec![FieldProblem::new(pointer, refusal.code(), words.zh.clone(), words.en.clone())])
    };
    let coded = |code: Code| sentence(Error::new(code), &words);
    match &refusal {
        Refusal::NotInThisState { state } => {
            coded(Code::IllegalTransition).current(serde_json::json!({ "state": state.code() }))
        }
        Refusal::NotAutomatic | Refusal::EntitlementSettled => coded(Code::IllegalTransition),
        Refusal::EntitlementOpen => coded(Code::EntitlementOpen),
        Refusal::WrongHat => coded(Code::Forbidden),
        Refusal::NotYours => coded(Code::NotYourCase),
        Refusal::ReviewerInvestigated
        | Refusal::ApproverInvestigated
        | Refusal::ApproverReviewed
        | Refusal::AssigneeReviewed => coded(Code::MakerIsChecker),
        Refusal::AboveAuthority { .. } => coded(Code::AboveAuthority),
        Refusal::AlreadyAssigned => field("/officer"),
        Refusal::AboveRequested { .. }
        | Refusal::AboveProductMax { .. }
        | Refusal::BelowProductMin { .. }
        | Refusal::AmountNotPositive => field("/amount_fen"),
        Refusal::TermOutOfRange { .. } => field("/term_months"),
        Refusal::ReasonMissing => field("/reason"),
        Refusal::ItemsInvalid | Refusal::UnknownItem => field("/items"),
        Refusal::TooManyConditions => field("/conditions"),
        Refusal::NotAnEarlierStep => field("/to"),
        Refusal::Incomplete { missing } => {
            coded(Code::Incomplete).with_fields(missing.iter().map(missing_problem).collect())
        }
    }
}

/// The table's sentence replaced by the domain's own.
pub(super) fn sentence(error: Error, words: &Words) -> Error {
    error.detail(format!("{}。", words.zh), format!("{}.", words.en))
}

fn missing_problem(missing: &Missing) -> FieldProblem {
    let message = &missing.message;
    FieldProblem::new(place_text(&missing.place), missing.code, message.zh.clone(), message.en.clone())
}

/// What is wrong with the form, field by field.
pub(super) fn form_errors(errors: Vec<FieldError>) -> Error {
    Error::fields(
        errors
            .into_iter()
            .map(|error| FieldProblem::new(error.pointer, error.code, error.message.zh, error.message.en))
            .collect(),
    )
}

/// Why the caller may not give the enterprise's consent.
pub(super) fn not_entitled(state: ConsentState) -> Error {
    sentence(Error::new(Code::NotEntitled), &state.words())
}

/// Reads a reason or an opinion at `pointer` of the body.
pub(super) fn reason(pointer: &str, text: &str) -> Result<Reason> {
    Reason::parse(text).map_err(|refusal| {
        let words = refusal.words();
        Error::fields(vec![FieldProblem::new(pointer, refusal.code(), words.zh, words.en)])
    })
}

/// The same where it may be left out; blank counts as left out.
pub(super) fn reason_if_any(pointer: &str, text: Option<&str>) -> Result<Option<Reason>> {
    text.filter(|text| !text.trim().is_empty()).map(|text| reason(pointer, text)).transpose()
}

/// One field that is wrong.
pub(super) fn wrong_field(pointer: &str, code: &str, zh: &str, en: &str) -> Error {
    Error::fields(vec![FieldProblem::new(pointer, code, zh, en)])
}
