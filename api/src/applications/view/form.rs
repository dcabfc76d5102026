//! The form as the document describes it, its labels, its checklist, and what is missing from it.

use std::collections::BTreeMap;

use domain::applications::completeness::Missing;
use domain::applications::fields::{FIELDS, FieldOf};
use domain::applications::form::Form;
use domain::applications::product::ProductTerms;
use domain::consent::SubjectKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::applications::case::Case;
use crate::applications::detail::place_text;
use crate::applications::words::say;
use crate::error::Language;

/// The application form. As a body it is a merge patch (RFC 7396): what is named is changed, `null` clears it. In
/// answers, fields without a value are left out and personal data is masked unless said otherwise. It describes the form
/// in the document; the form itself is the domain's.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationForm {
    /// The guarantee product.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    product_id: Option<String>,
    /// Whom it is about.
    subject: Option<FormSubject>,
    /// Requested amount in fen.
    #[schema(example = 50_000_000, minimum = 1, maximum = 10_000_000_000_000_i64)]
    amount_fen: Option<i64>,
    /// Requested term in months.
    #[schema(example = 12, minimum = 1, maximum = 360)]
    term_months: Option<i64>,
    /// Code of one of the product's purposes.
    #[schema(example = "working_capital", max_length = 64)]
    purpose: Option<String>,
    /// A note on the purpose.
    #[schema(max_length = 500)]
    purpose_note: Option<String>,
    /// The bank that would lend.
    #[schema(example = "示例农村商业银行", max_length = 100)]
    bank: Option<String>,
    /// Region, GB/T 2260.
    #[schema(example = "330106", max_length = 12)]
    region: Option<String>,
    /// Industry, GB/T 4754.
    #[schema(example = "1311", max_length = 12)]
    industry: Option<String>,
    /// Whom to call.
    contact: Option<FormContact>,
    /// What the product asks besides, by key.
    #[schema(example = json!({"yearly_revenue_fen": 300_000_000}))]
    extra: Option<BTreeMap<String, ExtraValue>>,
}

/// A value of a product's own field; `null` clears it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ExtraValue {
    /// A text, a day or the code of a choice.
    Text(String),
    /// A number, or an amount in fen.
    Number(f64),
    /// Clears the field.
    Nothing,
}

/// Whom an application is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSubject {
    /// `person` or `enterprise`.
    #[schema(example = "enterprise", max_length = 20)]
    kind: Option<String>,
    /// A person's name.
    #[schema(example = "张示例", max_length = 60)]
    real_name: Option<String>,
    /// A person's ID number.
    #[schema(example = "33010619900101123X", max_length = 36)]
    id_number: Option<String>,
    /// An enterprise's full name.
    #[schema(example = "示例食品有限公司", max_length = 100)]
    full_name: Option<String>,
    /// An enterprise's unified social credit code.
    #[schema(example = "91350100M000100Y43", max_length = 36)]
    credit_code: Option<String>,
    /// `legal_representative` or `agent`.
    #[schema(example = "legal_representative", max_length = 30)]
    capacity: Option<String>,
}

/// Whom to call.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormContact {
    /// Their name.
    #[schema(example = "张示例", max_length = 60)]
    name: Option<String>,
    /// Their mobile number.
    #[schema(example = "13900000002", max_length = 36)]
    phone: Option<String>,
}

/// A field of the form and what it is called.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldLabel {
    /// Its place as a JSON pointer.
    #[schema(example = "/amount_fen")]
    pub pointer: String,
    /// Its label.
    #[schema(example = "申请金额")]
    pub label: String,
}

/// One thing that is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingView {
    /// JSON pointer of a field, `#` and the key of a checklist item, or `/authorisation`.
    #[schema(example = "#business_licence")]
    pub place: String,
    /// A stable word for programs.
    #[schema(example = "document_missing")]
    pub code: String,
    /// What it is called.
    #[schema(example = "营业执照")]
    pub label: String,
    /// What to do.
    #[schema(example = "请上传“营业执照”。上传正本或副本，统一社会信用代码须清晰可见")]
    pub message: String,
}

/// One line of the document checklist.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistView {
    /// Its key.
    #[schema(example = "business_licence")]
    pub key: String,
    /// What it is called.
    #[schema(example = "营业执照")]
    pub label: String,
    /// How to prepare it.
    pub help: String,
    /// Whether the application cannot be submitted without it.
    pub required: bool,
    /// Media types it takes.
    pub media_types: Vec<String>,
    /// Most files it takes.
    #[schema(example = 3)]
    pub files_max: u16,
    /// Whether its files show personal data: staff then read them only with `personal_data.reveal`.
    #[schema(example = false)]
    pub personal: bool,
    /// Readable files that are there.
    #[schema(example = 1)]
    pub ready: u32,
}

/// The labels of the fields that a form of this kind has, in order.
pub(in crate::applications) fn labels(form: &Form, product: &ProductTerms, language: Language) -> Vec<FieldLabel> {
    let kind = form.subject_kind();
    let shared = FIELDS.iter().filter(|field| match field.of {
        FieldOf::All => true,
        FieldOf::Person => kind != Some(SubjectKind::Enterprise),
        FieldOf::Enterprise => kind != Some(SubjectKind::Person),
    });
    let own = product
        .extra_fields
        .iter()
        .map(|field| FieldLabel { pointer: field.pointer(), label: say(&field.label, language) });
    shared
        .map(|field| FieldLabel { pointer: field.pointer.to_owned(), label: say(&field.label(), language) })
        .chain(own)
        .collect()
}

pub(in crate::applications) fn missing_views(missing: &[Missing], language: Language) -> Vec<MissingView> {
    missing
        .iter()
        .map(|gap| MissingView {
            place: place_text(&gap.place),
            code: gap.code.to_owned(),
            label: say(&gap.label, language),
            message: say(&gap.message, language),
        })
        .collect()
}

/// The checklist of this application with what is there.
pub(in crate::applications) fn checklist(
    case: &Case,
    ready: &[(String, u32)],
    language: Language,
) -> Vec<ChecklistView> {
    let items = case.product.items_for(case.facts.subject, case.form.capacity());
    items
        .map(|item| ChecklistView {
            key: item.key.clone(),
            label: say(&item.label, language),
            help: say(&item.help, language),
            required: item.required,
            media_types: item.media_types.iter().map(|media| media.as_str().to_owned()).collect(),
            files_max: item.files_max,
            personal: item.personal,
            ready: ready.iter().find(|(key, _)| *key == item.key).map_or(0, |(_, count)| *count),
        })
        .collect()
}
