//! The fields of the application form that every product has: one table gives each its place, label and kind, so that
//! form, errors, change lists and masking cannot disagree about what exists.

use serde::Serialize;
use serde_json::Value;

use super::lookups::Lookups;
use crate::consent::SubjectKind;
use crate::person::{CreditCode, IdNumber, PersonFault, Phone, RealName};
use crate::words::{TextFault, Words, half_width, plain_text};

/// Highest amount a form takes, in fen: 100 billion yuan, far below what JavaScript counts exactly.
pub const AMOUNT_FEN_MAX: i64 = 10_000_000_000_000;
/// Longest term a form takes, in months.
pub const TERM_MONTHS_MAX: i64 = 360;
/// Most characters of the note on the purpose.
pub const PURPOSE_NOTE_CHARS_MAX: usize = 500;
/// Most characters of a bank's name.
pub const BANK_CHARS_MAX: usize = 100;
/// Most characters of an enterprise's full name.
pub const ENTERPRISE_NAME_CHARS_MAX: usize = 100;
/// Most characters of an identifier or code in the form.
pub const CODE_CHARS_MAX: usize = 64;

/// Whose form has the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldOf {
    /// Every form.
    All,
    /// Forms about a person.
    Person,
    /// Forms about an enterprise.
    Enterprise,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// The id of one of the tenant's products.
    Product,
    /// Whole fen.
    Amount,
    /// Whole months.
    Term,
    /// The code of one of the product's purposes.
    Purpose,
    /// Free text.
    Text {
        /// Most characters.
        chars_max: usize,
        /// Whether it may have several lines.
        lines: bool,
    },
    /// A region's code (GB/T 2260).
    Region,
    /// An industry's code (GB/T 4754).
    Industry,
    /// A person's name.
    RealName,
    /// A mainland mobile number.
    Phone,
    /// A citizen's ID number.
    IdNumber,
    /// A unified social credit code.
    CreditCode,
    /// `person` or `enterprise`.
    Subject,
    /// `legal_representative` or `agent`.
    Capacity,
}

/// One field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its place as a JSON pointer.
    pub pointer: &'static str,
    /// Its Chinese label.
    pub label_zh: &'static str,
    /// Its English label.
    pub label_en: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whose form has it.
    pub of: FieldOf,
    /// Whether it is personal data, which is masked wherever it is shown.
    pub personal: bool,
}

impl FieldSpec {
    /// Whether a form about this kind of subject has it; about an undecided one it may.
    pub fn is_of(&self, subject: Option<SubjectKind>) -> bool {
        match self.of {
            FieldOf::All => true,
            FieldOf::Person => subject != Some(SubjectKind::Enterprise),
            FieldOf::Enterprise => subject != Some(SubjectKind::Person),
        }
    }

    /// Its label.
    pub fn label(&self) -> Words {
        Words::new(self.label_zh, self.label_en)
    }
}

const fn field(pointer: &'static str, label: (&'static str, &'static str), kind: FieldKind, of: FieldOf) -> FieldSpec {
    let personal = matches!(kind, FieldKind::RealName | FieldKind::Phone | FieldKind::IdNumber);
    FieldSpec { pointer, label_zh: label.0, label_en: label.1, kind, of, personal }
}

const NOTE: FieldKind = FieldKind::Text { chars_max: PURPOSE_NOTE_CHARS_MAX, lines: true };
const BANK: FieldKind = FieldKind::Text { chars_max: BANK_CHARS_MAX, lines: false };
const FULL_NAME: FieldKind = FieldKind::Text { chars_max: ENTERPRISE_NAME_CHARS_MAX, lines: false };

/// Every field that all products share, in the order of the form.
pub const FIELDS: &[FieldSpec] = &[
    field("/product_id", ("担保产品", "Product"), FieldKind::Product, FieldOf::All),
    field("/subject/kind", ("申请主体类型", "Kind of applicant"), FieldKind::Subject, FieldOf::All),
    field("/subject/real_name", ("申请人姓名", "Applicant's name"), FieldKind::RealName, FieldOf::Person),
    field("/subject/id_number", ("身份证号", "ID number"), FieldKind::IdNumber, FieldOf::Person),
    field("/subject/full_name", ("企业全称", "Enterprise's full name"), FULL_NAME, FieldOf::Enterprise),
    field(
        "/subject/credit_code",
        ("统一社会信用代码", "Unified social credit code"),
        FieldKind::CreditCode,
        FieldOf::Enterprise,
    ),
    field("/subject/capacity", ("办理人身份", "Capacity"), FieldKind::Capacity, FieldOf::Enterprise),
    field("/amount_fen", ("申请金额", "Requested amount"), FieldKind::Amount, FieldOf::All),
    field("/term_months", ("申请期限（月）", "Term in months"), FieldKind::Term, FieldOf::All),
    field("/purpose", ("资金用途", "Purpose of funds"), FieldKind::Purpose, FieldOf::All),
    field("/purpose_note", ("用途说明", "Note on the purpose"), NOTE, FieldOf::All),
    field("/bank", ("意向银行", "Bank"), BANK, FieldOf::All),
    field("/region", ("所在地区", "Region"), FieldKind::Region, FieldOf::All),
    field("/industry", ("所属行业", "Industry"), FieldKind::Industry, FieldOf::All),
    field("/contact/name", ("联系人", "Contact's name"), FieldKind::RealName, FieldOf::All),
    field("/contact/phone", ("联系电话", "Contact's phone"), FieldKind::Phone, FieldOf::All),
];

/// The field at a JSON pointer.
pub fn field_at(pointer: &str) -> Option<&'static FieldSpec> {
    FIELDS.iter().find(|field| field.pointer == pointer)
}

/// What is wrong with one field and how to mend it. It never repeats the value, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's place as a JSON pointer.
    pub pointer: String,
    /// Stable code of the kind of error.
    pub code: &'static str,
    /// The field's label.
    pub label: Words,
    /// How to mend it.
    pub message: Words,
}

/// A code and the sentence that goes with it, before the field is known.
pub(super) type Fault = (&'static str, Words);

pub(super) fn fault(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Fault {
    (code, Words::new(zh, en))
}

/// Checks one value of a shared field and gives it back in its one form.
pub(super) fn check_value(kind: FieldKind, value: &Value, lookups: &Lookups<'_>) -> Result<Value, Fault> {
    match kind {
        FieldKind::Amount => {
            let how = if value.is_i64() || value.is_u64() {
                ("请填写0.01元至1000亿元之间的金额", "Enter an amount between 0.01 and 100 billion yuan")
            } else {
                ("请填写大于0的金额（单位：分，整数）", "Enter a whole amount in fen above 0")
            };
            whole(value, AMOUNT_FEN_MAX, "fen", how)
        }
        FieldKind::Term => {
            whole(value, TERM_MONTHS_MAX, "months", ("请填写1至360之间的整月数", "Enter whole months from 1 to 360"))
        }
        _ => {
            let text = value.as_str().ok_or_else(|| fault("type_text", "请填写文字", "Enter a text"))?;
            check_text(kind, text, lookups).map(Value::String)
        }
    }
}

fn whole(value: &Value, max: i64, unit: &str, message: (&str, &str)) -> Result<Value, Fault> {
    let code = if unit == "fen" { "amount_format" } else { "term_format" };
    value
        .as_i64()
        .filter(|number| (1..=max).contains(number))
        .map(Value::from)
        .ok_or_else(|| fault(code, message.0, message.1))
}

fn check_text(kind: FieldKind, text: &str, lookups: &Lookups<'_>) -> Result<String, Fault> {
    match kind {
        FieldKind::Text { chars_max, lines } => free_text(text, chars_max, lines),
        FieldKind::RealName => RealName::parse(text).map(|name| name.expose().to_owned()).map_err(personal),
        FieldKind::Phone => Phone::parse(text).map(|phone| phone.expose().to_owned()).map_err(personal),
        FieldKind::IdNumber => IdNumber::parse(text).map(|id| id.expose().to_owned()).map_err(personal),
        FieldKind::CreditCode => CreditCode::parse(text).map(String::from).map_err(personal),
        FieldKind::Subject => one_of(text, &[("person", "个人"), ("enterprise", "企业")]),
        FieldKind::Capacity => one_of(text, &[("legal_representative", "法定代表人"), ("agent", "经办人")]),
        FieldKind::Product => match lookups.product {
            Some(_) => free_text(text, CODE_CHARS_MAX, false),
            None => Err(fault(
                "product_unknown",
                "没有这个担保产品或已停办，请重新选择",
                "There is no such product on offer; choose another",
            )),
        },
        FieldKind::Purpose => purpose(text, lookups),
        FieldKind::Region => known(text, lookups.region_exists).ok_or_else(|| {
            fault(
                "region_unknown",
                "没有这个地区代码，请从地区列表中选择",
                "No such region code (GB/T 2260); choose one from the list",
            )
        }),
        FieldKind::Industry => known(text, lookups.industry_exists).ok_or_else(|| {
            fault(
                "industry_unknown",
                "没有这个行业代码，请从行业列表中选择",
                "No such industry code (GB/T 4754); choose one from the list",
            )
        }),
        FieldKind::Amount | FieldKind::Term => Err(fault("type_number", "请填写数字", "Enter a number")),
    }
}

/// Checks a free text against its limit.
pub(super) fn free_text(text: &str, chars_max: usize, lines: bool) -> Result<String, Fault> {
    plain_text(text, chars_max, lines).map_err(|problem| match problem {
        TextFault::Empty => {
            fault("text_empty", "不能为空；如需清空请删除此项", "Must not be blank; send null to clear it")
        }
        TextFault::TooLong => {
            fault("text_too_long", format!("不能超过{chars_max}个字"), format!("At most {chars_max} characters"))
        }
        TextFault::Control => fault(
            "text_control",
            "含有不可见的控制字符，请删除后重新填写",
            "Contains invisible control characters; remove them",
        ),
    })
}

/// One of the codes; a refusal names them in Chinese by what people call them.
fn one_of(text: &str, choices: &[(&str, &str)]) -> Result<String, Fault> {
    if choices.iter().any(|(code, _)| *code == text) {
        return Ok(text.to_owned());
    }
    let names: Vec<_> = choices.iter().map(|(_, zh)| *zh).collect();
    let codes: Vec<_> = choices.iter().map(|(code, _)| *code).collect();
    let (zh, en) = (names.join("、"), codes.join(", "));
    Err(fault("choice_unknown", format!("请从以下选项中选择：{zh}"), format!("Choose one of: {en}")))
}

/// A purpose is judged by the product where one is chosen; before that only its form counts.
fn purpose(text: &str, lookups: &Lookups<'_>) -> Result<String, Fault> {
    let text = free_text(text, CODE_CHARS_MAX, false)?;
    match lookups.product {
        Some(product) if !product.has_purpose(&text) => {
            let zh: Vec<&str> = product.purposes.iter().map(|purpose| purpose.label.zh.as_str()).collect();
            let en: Vec<&str> = product.purposes.iter().map(|purpose| purpose.code.as_str()).collect();
            Err(fault(
                "purpose_unknown",
                format!("该产品不支持此用途，可选：{}", zh.join("、")),
                format!("Not a purpose of this product; choose one of: {}", en.join(", ")),
            ))
        }
        _ => Ok(text),
    }
}

fn known(text: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    let code = half_width(text.trim()).to_ascii_uppercase();
    let has_form = (1..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    (has_form && exists(&code)).then_some(code)
}

fn personal(problem: PersonFault) -> Fault {
    (problem.code(), problem.words())
}
