//! What the domain and the rules refuse, as the code, the sentence and the figures that a caller gets.

use domain::limits::refusal::LimitRefusal;
use domain::limits::rules::{Figure, RuleRefusal};
use serde_json::{Value, json};

use crate::error::{Code, Error, FieldProblem};

/// A refusal of the ledger as an error; `amount` is where the amount stands in the body.
pub(in crate::limits) fn refused(refusal: LimitRefusal) -> Error {
    use LimitRefusal as R;
    let words = refusal.words();
    let field = |pointer: &str| FieldProblem::new(pointer, refusal.code(), words.zh.clone(), words.en.clone());
    let coded = |code: Code| {
        let error = Error::new(code).detail(format!("{}。", words.zh), format!("{}.", words.en));
        error.with_fields(vec![field("")])
    };
    match &refusal {
        R::AmountNotPositive { .. } | R::AboveLargest { .. } | R::Unchanged { .. } => {
            Error::fields(vec![field("/amount_fen")])
        }
        R::PeriodInvalid | R::PeriodOutsideParent { .. } => Error::fields(vec![field("/valid_to")]),
        R::LapseInvalid => Error::fields(vec![field("/lapses_at")]),
        R::RevolvingUnderOneOff => Error::fields(vec![field("/revolving")]),
        R::NotEnoughFree { .. }
        | R::AboveApproved { .. }
        | R::BelowUse { .. }
        | R::StillInUse { .. }
        | R::AboveReservation { .. }
        | R::AboveOutstanding { .. }
        | R::DrawdownRepaid { .. } => coded(Code::LimitNotEnough),
        R::BooksBroken { invariant } => coded(Code::LimitBooksBroken).because(anyhow::anyhow!("{}", invariant.code())),
        R::NotInThisState { state, .. } => coded(Code::LimitNotUsable).current(json!({ "state": state.code() })),
        R::ReservationEnded { state } => coded(Code::LimitNotUsable).current(json!({ "state": state.code() })),
        _ => coded(Code::LimitNotUsable),
    }
}

/// Rules that would be broken, each with its figures.
pub(in crate::limits) fn broken(refusal: &RuleRefusal) -> Error {
    let words = refusal.words();
    let figures = refusal.broken.iter().chain(&refusal.passed).map(figure).collect::<Vec<_>>();
    let problem = |one: &Figure| {
        let words = one.words();
        FieldProblem::new("", one.rule.code(), words.zh, words.en)
    };
    Error::new(Code::LimitRulesBroken)
        .detail(format!("{}。", words.zh), format!("{}.", words.en))
        .with_fields(refusal.broken.iter().map(problem).collect())
        .figures(Value::Array(figures))
}

/// One rule's figures, in both languages.
fn figure(figure: &Figure) -> Value {
    let (label, message) = (figure.rule.words(), figure.words());
    json!({
        "rule": figure.rule.code(), "label": label.zh, "label_en": label.en,
        "subject": figure.subject.as_deref().map(|subject| super::super::view::subject(figure.rule, subject)),
        "broken": figure.is_broken(),
        "bound_fen": figure.bound, "before_fen": figure.before, "after_fen": figure.after, "room_fen": figure.room,
        "message": message.zh, "message_en": message.en,
    })
}
