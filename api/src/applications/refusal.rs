//! What the domain refuses, as the code and the sentence that a caller gets.

use domain::applications::action::{REASON_CHARS_MAX, Reason};
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
    let (message, label) = (missing.message.clone(), missing.label.clone());
    FieldProblem::new(place_text(&missing.place), missing.code, message.zh, message.en).labelled(label.zh, label.en)
}

/// What is wrong with the form, field by field.
pub(super) fn form_errors(errors: Vec<FieldError>) -> Error {
    Error::fields(
        errors
            .into_iter()
            .map(|error| {
                let problem = FieldProblem::new(error.pointer, error.code, error.message.zh, error.message.en);
                problem.labelled(error.label.zh, error.label.en)
            })
            .collect(),
    )
}

/// Why the caller may not give the enterprise's consent.
pub(super) fn not_entitled(state: ConsentState) -> Error {
    sentence(Error::new(Code::NotEntitled), &state.words())
}

/// Reads a reason, an opinion or a condition at `pointer` of the body; what is asked for is called by its own name.
pub(super) fn reason(pointer: &str, text: &str) -> Result<Reason> {
    let name = match pointer {
        "/opinion" => Some(("意见", "an opinion")),
        _ if pointer.starts_with("/conditions/") => Some(("条件内容", "the condition")),
        _ => None,
    };
    Reason::parse(text).map_err(|refusal| {
        let words = match name {
            Some((zh, en)) => Words::new(
                format!("请填写{zh}（1至{REASON_CHARS_MAX}字，不含控制字符）"),
                format!("Give {en} of 1 to {REASON_CHARS_MAX} characters without control characters"),
            ),
            None => refusal.words(),
        };
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
