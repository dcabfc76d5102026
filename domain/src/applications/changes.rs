//! What an applicant changed between two submissions, so that the officer reads the difference and not the form again.

use serde::Serialize;
use serde_json::Value;

use super::extra::ExtraKind;
use super::fields::{FIELDS, FieldKind, field_at};
use super::form::{Form, is_personal, label_of, masked_value};
use super::product::ProductTerms;
use crate::consent::SubjectKind;
use crate::money::Fen;
use crate::words::Words;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field's place as a JSON pointer.
    pub pointer: String,
    /// The field's label.
    pub label: Words,
    /// What it was, as shown to people; nothing when it is new.
    pub before: Option<String>,
    /// What it is; nothing when it was removed.
    pub after: Option<String>,
    /// Whether both are masked.
    pub masked: bool,
}

/// The fields that differ, in the order of the form, then the product's own. Personal fields are masked unless `reveal`,
/// which the caller grants only with permission, reason and audit.
pub fn changes(before: &Form, after: &Form, product: Option<&ProductTerms>, reveal: bool) -> Vec<FieldChange> {
    let mut pointers: Vec<&str> = before.pointers().chain(after.pointers()).collect();
    let rank = |pointer: &str| FIELDS.iter().position(|field| field.pointer == pointer).unwrap_or(FIELDS.len());
    pointers.sort_by(|a, b| rank(a).cmp(&rank(b)).then(a.cmp(b)));
    pointers.dedup();
    let differs = pointers.into_iter().filter(|pointer| before.get(pointer) != after.get(pointer));
    differs
        .map(|pointer| {
            let masked = !reveal && is_personal(pointer, product);
            let show = |form: &Form| form.get(pointer).map(|value| shown(pointer, value, product, masked));
            FieldChange {
                pointer: pointer.to_owned(),
                label: label_of(pointer, product),
                before: show(before),
                after: show(after),
                masked,
            }
        })
        .collect()
}

/// Whether a resubmission needs data collected (enterprise) or graded (person) again: only when it is now about somebody
/// else. Everything else that an applicant mends leaves what was collected true.
pub fn needs_new_data(before: &Form, after: &Form) -> bool {
    let differs = |pointer: &str| before.get(pointer) != after.get(pointer);
    differs("/subject/kind")
        || match after.subject_kind() {
            Some(SubjectKind::Enterprise) => differs("/subject/credit_code"),
            Some(SubjectKind::Person) => differs("/subject/id_number"),
            None => false,
        }
}

fn shown(pointer: &str, value: &Value, product: Option<&ProductTerms>, masked: bool) -> String {
    let value = if masked { masked_value(pointer, value) } else { value.clone() };
    let own = pointer.strip_prefix("/extra/").and_then(|key| product?.extra_field(key)).map(|field| &field.takes);
    let is_money = field_at(pointer).is_some_and(|field| field.kind == FieldKind::Amount)
        || matches!(own, Some(ExtraKind::Money { .. }));
    match (&value, own) {
        (Value::Number(number), _) if is_money => number.as_i64().map_or(number.to_string(), |fen| Fen(fen).in_yuan()),
        (Value::String(code), Some(ExtraKind::Choice { choices })) => {
            choices.iter().find(|choice| choice.code == *code).map_or(code.clone(), |choice| choice.label.zh.clone())
        }
        (Value::String(code), None) if pointer == "/purpose" => {
            let purpose = product.and_then(|product| product.purposes.iter().find(|purpose| purpose.code == *code));
            purpose.map_or(code.clone(), |purpose| purpose.label.zh.clone())
        }
        (Value::String(text), _) => text.clone(),
        (other, _) => other.to_string(),
    }
}
