//! Whether what staff typed makes a product, judged as a whole so that everything wrong is named at once.

use domain::applications::fields::AMOUNT_FEN_MAX;
use domain::applications::product_check::{KEY_CHARS_MAX, LABEL_CHARS_MAX};
use domain::words::plain_text;
use serde_json::Value;

use super::terms::{ProductFieldTakes, ProductTermsBody};
use crate::error::{Error, FieldProblem, Result};

/// What was typed, in its one form.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) terms: Value,
}

/// Judges name and terms.
///
/// # Errors
/// Every problem by its pointer in the body.
pub(super) fn product(code: Option<&str>, name: &str, terms: &ProductTermsBody) -> Result<Checked> {
    let mut problems = vec![];
    if !code.is_none_or(is_code) {
        problems.push(FieldProblem::new(
            "/code",
            "key_format",
            format!("代码须以小写字母开头，只含小写字母、数字和下划线，最多{KEY_CHARS_MAX}个字符"),
            format!("A code begins with a lower-case letter and has only those, digits and _, at most {KEY_CHARS_MAX}"),
        ));
    }
    let name = plain_text(name, LABEL_CHARS_MAX, false).unwrap_or_else(|_| {
        problems.push(FieldProblem::new(
            "/name",
            "length",
            format!("应为1至{LABEL_CHARS_MAX}个字，且不含控制字符"),
            format!("must have 1 to {LABEL_CHARS_MAX} characters and no control characters"),
        ));
        String::new()
    });
    lists(terms, &mut problems);
    let terms = terms.to_domain()?;
    for fault in terms.validate().err().unwrap_or_default() {
        let pointer = format!("/terms{}", fault.pointer);
        problems.push(FieldProblem::new(pointer, fault.code, fault.message.zh, fault.message.en));
    }
    if problems.is_empty() {
        Ok(Checked { name, terms: serde_json::to_value(&terms)? })
    } else {
        Err(Error::fields(problems))
    }
}

/// What a set of words cannot say of itself: nothing twice, and amounts that programs count exactly.
fn lists(terms: &ProductTermsBody, problems: &mut Vec<FieldProblem>) {
    let mut once = |pointer: String, unique: bool| {
        if !unique {
            problems.push(FieldProblem::new(pointer, "twice", "同一项只能选择一次", "each can be chosen only once"));
        }
    };
    once("/terms/subjects".to_owned(), is_unique(&terms.subjects));
    for (i, item) in terms.checklist.iter().enumerate() {
        once(format!("/terms/checklist/{i}/media_types"), is_unique(&item.media_types));
    }
    for (i, field) in terms.extra_fields.iter().enumerate() {
        let ProductFieldTakes::Money { min, max } = &field.takes else { continue };
        if [min, max].into_iter().flatten().any(|fen| !(-AMOUNT_FEN_MAX..=AMOUNT_FEN_MAX).contains(fen)) {
            problems.push(FieldProblem::new(
                format!("/terms/extra_fields/{i}/takes"),
                "money_out_of_range",
                "金额超出允许范围（正负一千亿元）",
                "An amount lies within 100 billion yuan on either side",
            ));
        }
    }
}

/// Whether nothing stands twice. The lists are of few kinds, so a repeat is met within as many steps as there are kinds.
fn is_unique<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().all(|(i, one)| !list.iter().take(i).any(|other| other == one))
}

fn is_code(code: &str) -> bool {
    code.len() <= KEY_CHARS_MAX
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
