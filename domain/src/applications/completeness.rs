//! What an application still lacks, all of it at once and item by item: applicants complain most of being returned again
//! and again for one thing after another.

use serde::Serialize;

use super::fields::{FIELDS, FieldOf, FieldSpec, field_at};
use super::form::Form;
use super::product::{ItemWhen, ProductTerms};
use crate::consent::{ConsentState, SubjectKind};
use crate::person::same_enterprise_name;
use crate::words::Words;

/// One thing that is missing or does not fit the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Where it is missing.
    pub place: Place,
    /// Stable code of the kind of gap.
    pub code: &'static str,
    /// The field's or document's label.
    pub label: Words,
    /// What to do.
    pub message: Words,
}

/// Where something is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A field of the form, as a JSON pointer.
    Pointer(String),
    /// A document of the checklist, by its key.
    ItemKey(String),
    /// The authorisation.
    Consent,
}

/// Everything that stands against submitting (or, for staff, against the next step).
///
/// `documents_ready` counts the readable files per checklist item. `consent` is the enterprise's authorisation as
/// [`crate::consent::Authorisation::covers`] says; who may give it is judged here too, from capacity and proof. A
/// person's application needs none, since it collects nothing.
pub fn missing(
    form: &Form,
    product: &ProductTerms,
    documents_ready: &[(&str, u32)],
    consent: ConsentState,
) -> Vec<Missing> {
    let mut gaps = Vec::new();
    let subject = form.subject_kind();
    for field in FIELDS.iter().filter(|field| is_asked(field, product, subject)) {
        gaps.extend(field_gap(field, form, product));
    }
    gaps.extend(product.extra_fields.iter().filter_map(|field| {
        let pointer = field.pointer();
        let (code, message) = match form.get(&pointer) {
            None if field.required => empty(&field.label),
            None => return None,
            Some(value) => field.check(value).err()?,
        };
        Some(Missing { place: Place::Pointer(pointer), code, label: field.label.clone(), message })
    }));
    if let Some(subject) = subject {
        gaps.extend(document_gaps(form, product, subject, documents_ready));
        gaps.extend(consent_gap(form, product, subject, documents_ready, consent));
    }
    gaps
}

/// The name in the form beside the one that the firm's record of the same credit code has.
pub fn name_gap(form: &Form, recorded: &str) -> Option<Missing> {
    let pointer = "/subject/full_name";
    let typed = form.text(pointer)?;
    let message = Words::new(
        "企业全称与统一社会信用代码不一致，请对照营业执照核对",
        "The name and the credit code belong to different enterprises; check the licence",
    );
    let place = Place::Pointer(pointer.to_owned());
    (!same_enterprise_name(typed, recorded)).then(|| Missing {
        place,
        code: "name_of_another_enterprise",
        label: field_at(pointer).map(FieldSpec::label).unwrap_or_else(|| Words::new("企业全称", "Full name")),
        message,
    })
}

/// An item of a return that was neither changed nor explained.
pub fn not_mended(place: Place, label: Words, reason: &str) -> Missing {
    let message =
        Words::new(format!("“{}”尚未补正：{reason}", label.zh), format!("Not mended yet: {}: {reason}", label.en));
    Missing { place, code: "not_mended", label, message }
}

/// A document of a return for which the same file came again: its sender would wonder why it still stands open.
pub fn same_file(place: Place, label: Words, reason: &str) -> Missing {
    let message = Words::new(
        format!("“{}”重新上传的文件与退回前的相同，请更换文件，或说明原因：{reason}", label.zh),
        format!("The file that came for “{}” is the same as before; send another or explain it: {reason}", label.en),
    );
    Missing { message, ..not_mended(place, label, reason) }
}

/// Whether an agent's proof of authority is there: every required document for agents has a readable file.
pub fn agent_proof_ready(product: &ProductTerms, documents_ready: &[(&str, u32)]) -> bool {
    let mut proofs = product.checklist.iter().filter(|item| item.when == ItemWhen::Agent && item.required).peekable();
    proofs.peek().is_some() && proofs.all(|item| count_of(&item.key, documents_ready) > 0)
}

fn is_asked(field: &FieldSpec, product: &ProductTerms, subject: Option<SubjectKind>) -> bool {
    // what the product does not take need not be filled in before it is changed
    let subject = subject.filter(|subject| product.subjects.contains(subject));
    match (field.pointer, field.of) {
        ("/purpose_note", _) => false,
        ("/bank", _) => product.bank_required,
        // farmers and consumers do not know the classification; an enterprise has one in its registration
        ("/industry", _) => subject == Some(SubjectKind::Enterprise),
        (_, FieldOf::All) => true,
        (_, FieldOf::Person) => subject == Some(SubjectKind::Person),
        (_, FieldOf::Enterprise) => subject == Some(SubjectKind::Enterprise),
    }
}

fn field_gap(field: &FieldSpec, form: &Form, product: &ProductTerms) -> Option<Missing> {
    let (code, message) = match form.get(field.pointer) {
        None => empty(&field.label()),
        Some(_) => match field.pointer {
            "/amount_fen" => amount_gap(form, product)?,
            "/term_months" => term_gap(form, product)?,
            "/purpose" => purpose_gap(form, product)?,
            "/subject/kind" => subject_gap(form, product)?,
            _ => return None,
        },
    };
    Some(Missing { place: Place::Pointer(field.pointer.to_owned()), code, label: field.label(), message })
}

fn empty(label: &Words) -> (&'static str, Words) {
    ("missing", Words::new(format!("请填写{}", label.zh), format!("Enter: {}", label.en)))
}

fn amount_gap(form: &Form, product: &ProductTerms) -> Option<(&'static str, Words)> {
    let (min, max) = (product.amount_min_fen, product.amount_max_fen);
    let fits = form.amount().is_some_and(|amount| (min..=max).contains(&amount));
    let zh = format!("该产品可申请{}至{}", min.in_wan_yuan(), max.in_wan_yuan());
    let en = format!("This product takes {} to {} yuan", min.in_yuan_en(), max.in_yuan_en());
    (!fits).then(|| ("amount_out_of_range", Words::new(zh, en)))
}

fn term_gap(form: &Form, product: &ProductTerms) -> Option<(&'static str, Words)> {
    let (min, max) = (product.months_min, product.months_max);
    let fits = form.term_months().is_some_and(|months| (min..=max).contains(&months));
    let words = Words::new(format!("该产品期限为{min}至{max}个月"), format!("This product runs {min} to {max} months"));
    (!fits).then_some(("term_out_of_range", words))
}

fn purpose_gap(form: &Form, product: &ProductTerms) -> Option<(&'static str, Words)> {
    let fits = form.text("/purpose").is_some_and(|purpose| product.has_purpose(purpose));
    let words = Words::new("该产品不支持此用途，请重新选择", "This product is not for that purpose; choose another");
    (!fits).then_some(("purpose_unknown", words))
}

fn subject_gap(form: &Form, product: &ProductTerms) -> Option<(&'static str, Words)> {
    let fits = form.subject_kind().is_some_and(|subject| product.subjects.contains(&subject));
    let words = match product.subjects.as_slice() {
        [SubjectKind::Person] => Words::new(
            "该产品只面向个人，请改选主体类型或更换产品",
            "This product is for persons only; change the kind of applicant or the product",
        ),
        [SubjectKind::Enterprise] => Words::new(
            "该产品只面向企业，请改选主体类型或更换产品",
            "This product is for enterprises only; change the kind of applicant or the product",
        ),
        _ => Words::new(
            "该产品不面向此类主体，请更换产品",
            "This product is not for this kind of applicant; choose another product",
        ),
    };
    (!fits).then_some(("subject_not_allowed", words))
}

fn document_gaps(form: &Form, product: &ProductTerms, subject: SubjectKind, ready: &[(&str, u32)]) -> Vec<Missing> {
    let lacks = product.items_for(subject, form.capacity()).filter_map(|item| {
        let count = count_of(&item.key, ready);
        let (code, message) = if item.required && count == 0 {
            (
                "document_missing",
                Words::new(
                    format!("请上传“{}”。{}", item.label.zh, item.help.zh),
                    format!("Upload “{}”. {}", item.label.en, item.help.en),
                ),
            )
        } else if count > u32::from(item.files_max) {
            let max = item.files_max;
            (
                "document_too_many",
                Words::new(format!("最多{max}个文件，请删除多余的"), format!("At most {max} files; remove some")),
            )
        } else {
            return None;
        };
        Some(Missing { place: Place::ItemKey(item.key.clone()), code, label: item.label.clone(), message })
    });
    lacks.collect()
}

fn consent_gap(
    form: &Form,
    product: &ProductTerms,
    subject: SubjectKind,
    ready: &[(&str, u32)],
    consent: ConsentState,
) -> Option<Missing> {
    if subject == SubjectKind::Person {
        return None;
    }
    let entitled = crate::consent::may_grant(subject, form.capacity(), agent_proof_ready(product, ready));
    let state = match (entitled, consent) {
        (Ok(()), ConsentState::Granted) => return None,
        (Ok(()), other) => other,
        (Err(not_entitled), _) => not_entitled,
    };
    let label = Words::new("数据授权", "Data authorisation");
    Some(Missing { place: Place::Consent, code: state.code(), label, message: state.words() })
}

fn count_of(key: &str, ready: &[(&str, u32)]) -> u32 {
    ready.iter().filter(|(item, _)| *item == key).fold(0, |sum, (_, count)| sum.saturating_add(*count))
}
