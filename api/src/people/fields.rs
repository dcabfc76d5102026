//! Errors of forms with one wrong field.

use domain::person::PersonFault;

use crate::error::{Error, FieldProblem};

/// The error of a form with one wrong field.
pub(super) fn one(pointer: &str, code: &str, zh: &str, en: &str) -> Error {
    Error::fields(vec![FieldProblem::new(pointer, code, zh, en)])
}

/// The error of a form whose one personal field is wrong.
pub(super) fn one_personal(pointer: &str, fault: PersonFault) -> Error {
    let words = fault.words();
    one(pointer, fault.code(), &words.zh, &words.en)
}
