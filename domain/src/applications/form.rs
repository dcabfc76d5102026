//! The application form, field by field. A draft is loose: single fields are changed by a JSON merge patch (RFC 7396),
//! each value is checked as it is saved, and what is not there yet is simply not there. Whether it is complete is asked
//! only at submission (`completeness`).

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::fields::{FieldError, FieldOf, check_value, fault, field_at};
use super::lookups::Lookups;
use super::product::ProductTerms;
use crate::consent::{Capacity, SubjectKind};
use crate::money::Fen;
use crate::person::{CreditCode, IdNumber, Phone, RealName};
use crate::words::Words;

/// Most errors that one change answers with; a body of nothing but unknown fields shall not be echoed whole.
pub const ERRORS_MAX: usize = 50;
const GROUPS: [&str; 3] = ["contact", "subject", "extra"];

/// A form, whole or unfinished: values by JSON pointer, each in its one form. It holds personal data in clear, so
/// `Debug` names the fields only and storing it is an explicit call.
#[derive(Clone, Default, PartialEq)]
pub struct Form {
    values: BTreeMap<String, Value>,
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Form {
    /// Applies a merge patch: `null` removes a field, a group's `null` the whole group. All or nothing.
    ///
    /// `lookups.product` is the product that the form names *after* the patch ([`Form::product_after`]).
    ///
    /// # Errors
    /// Every field that is wrong or unknown, at most [`ERRORS_MAX`]; the form is then unchanged.
    pub fn patched(&self, patch: &Value, lookups: &Lookups<'_>) -> Result<Self, Vec<FieldError>> {
        let mut change = Change { form: self.clone(), errors: Vec::new(), lookups };
        match patch {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| change.top(key, value)),
            _ => change.refuse("", fault("type_object", "请求内容应为JSON对象", "The body must be a JSON object")),
        }
        if change.errors.is_empty() { Ok(change.form) } else { Err(change.errors) }
    }

    /// The product's id that the form would name after a patch, to be looked up before [`Form::patched`].
    pub fn product_after<'a>(&'a self, patch: &'a Value) -> Option<&'a str> {
        match patch.get("product_id") {
            Some(value) => value.as_str().map(str::trim),
            None => self.text("/product_id"),
        }
    }

    /// The form as nested JSON with personal data in clear: only for encrypted storage and for its owner.
    pub fn expose(&self) -> Value {
        nested(self.values.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())))
    }

    /// The form as nested JSON with personal data masked. Without the product every further field counts as personal.
    pub fn masked(&self, product: Option<&ProductTerms>) -> Value {
        let shown = |pointer: &String, value: &Value| {
            if is_personal(pointer, product) { masked_value(pointer, value) } else { value.clone() }
        };
        nested(self.values.iter().map(|(pointer, value)| (pointer.as_str(), shown(pointer, value))))
    }

    /// Reads a stored form. What the form does not know is left out, so an old row never blocks.
    pub fn from_stored(stored: &Value) -> Self {
        let mut values = BTreeMap::new();
        let Some(fields) = stored.as_object() else {
            return Self::default();
        };
        for (key, value) in fields {
            match value {
                Value::Object(group) if GROUPS.contains(&key.as_str()) => group.iter().for_each(|(inner, value)| {
                    let pointer = format!("/{key}/{inner}");
                    if key == "extra" || field_at(&pointer).is_some() {
                        values.insert(pointer, value.clone());
                    }
                }),
                value => {
                    let pointer = format!("/{key}");
                    if field_at(&pointer).is_some() {
                        values.insert(pointer, value.clone());
                    }
                }
            }
        }
        Self { values }
    }

    /// The form as it is submitted: without the other kind of subject's fields and without what the product does not ask,
    /// so that nothing is kept that nobody needs (PIPL art. 6).
    pub fn submitted(&self, product: &ProductTerms) -> Self {
        let kind = self.subject_kind();
        let stays = |pointer: &str| match (field_at(pointer).map(|field| field.of), pointer.strip_prefix("/extra/")) {
            (Some(FieldOf::Person), _) => kind != Some(SubjectKind::Enterprise),
            (Some(FieldOf::Enterprise), _) => kind != Some(SubjectKind::Person),
            (Some(FieldOf::All), _) => true,
            (None, Some(key)) => product.extra_field(key).is_some(),
            (None, None) => false,
        };
        let values = self.values.iter().filter(|(pointer, _)| stays(pointer));
        Self { values: values.map(|(pointer, value)| (pointer.clone(), value.clone())).collect() }
    }

    /// The value at a JSON pointer.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        self.values.get(pointer)
    }

    /// The pointers of all fields that have a value, in order.
    pub fn pointers(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The text at a JSON pointer.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.get(pointer).and_then(Value::as_str)
    }

    /// The requested amount.
    pub fn amount(&self) -> Option<Fen> {
        self.get("/amount_fen").and_then(Value::as_i64).map(Fen)
    }

    /// The requested term in months.
    pub fn term_months(&self) -> Option<u16> {
        self.get("/term_months").and_then(Value::as_u64).and_then(|months| u16::try_from(months).ok())
    }

    /// Whom the application is about.
    pub fn subject_kind(&self) -> Option<SubjectKind> {
        match self.text("/subject/kind") {
            Some("person") => Some(SubjectKind::Person),
            Some("enterprise") => Some(SubjectKind::Enterprise),
            _ => None,
        }
    }

    /// In which capacity the account acts for the enterprise.
    pub fn capacity(&self) -> Option<Capacity> {
        match self.text("/subject/capacity") {
            Some("legal_representative") => Some(Capacity::LegalRepresentative),
            Some("agent") => Some(Capacity::Agent),
            _ => None,
        }
    }

    /// The person's name.
    pub fn real_name(&self) -> Option<RealName> {
        self.text("/subject/real_name").and_then(|text| RealName::parse(text).ok())
    }

    /// The person's ID number.
    pub fn id_number(&self) -> Option<IdNumber> {
        self.text("/subject/id_number").and_then(|text| IdNumber::parse(text).ok())
    }

    /// The enterprise's credit code.
    pub fn credit_code(&self) -> Option<CreditCode> {
        self.text("/subject/credit_code").and_then(|text| CreditCode::parse(text).ok())
    }

    /// The contact's phone.
    pub fn contact_phone(&self) -> Option<Phone> {
        self.text("/contact/phone").and_then(|text| Phone::parse(text).ok())
    }
}

/// A patch on its way into a form.
struct Change<'a> {
    form: Form,
    errors: Vec<FieldError>,
    lookups: &'a Lookups<'a>,
}

impl Change<'_> {
    fn top(&mut self, key: &str, value: &Value) {
        if !GROUPS.contains(&key) {
            return self.leaf(&format!("/{}", escaped(key)), value);
        }
        match value {
            Value::Null => self.form.values.retain(|pointer, _| !pointer.starts_with(&format!("/{key}/"))),
            Value::Object(group) => {
                group.iter().for_each(|(inner, value)| self.leaf(&format!("/{key}/{}", escaped(inner)), value));
            }
            _ => self.refuse(&format!("/{key}"), fault("type_object", "此项应为对象", "This must be an object")),
        }
    }

    fn leaf(&mut self, pointer: &str, value: &Value) {
        let extra_key = pointer.strip_prefix("/extra/");
        let known = field_at(pointer).is_some() || extra_key.is_some_and(|_| self.form.values.contains_key(pointer));
        if value.is_null() && known {
            self.form.values.remove(pointer);
            return;
        }
        let checked = match (field_at(pointer), extra_key, self.lookups.product) {
            _ if value.is_null() && extra_key.is_some() => return,
            (Some(field), _, _) => check_value(field.kind, value, self.lookups),
            (None, Some(_), None) => {
                Err(fault("product_first", "请先选择担保产品，再填写此项", "Choose a product before this field"))
            }
            (None, Some(key), Some(product)) => match product.extra_field(key) {
                Some(field) => field.check(value),
                None => Err(unknown()),
            },
            (None, None, _) => Err(unknown()),
        };
        match checked {
            Ok(value) => {
                self.form.values.insert(pointer.to_owned(), value);
            }
            Err(problem) => self.refuse(pointer, problem),
        }
    }

    fn refuse(&mut self, pointer: &str, (code, message): (&'static str, Words)) {
        if self.errors.len() < ERRORS_MAX {
            let label = label_of(pointer, self.lookups.product);
            self.errors.push(FieldError { pointer: pointer.to_owned(), code, label, message });
        }
    }
}

fn unknown() -> (&'static str, Words) {
    fault("field_unknown", "申请表没有此项，请删除", "The form has no such field; remove it")
}

/// The label of a field, shared or the product's own; for an unknown one a general word.
pub fn label_of(pointer: &str, product: Option<&ProductTerms>) -> Words {
    let shared = field_at(pointer).map(super::fields::FieldSpec::label);
    let own =
        || pointer.strip_prefix("/extra/").and_then(|key| product?.extra_field(key)).map(|field| field.label.clone());
    shared.or_else(own).unwrap_or_else(|| Words::new("未知字段", "Unknown field"))
}

/// Whether a field holds personal data; a product's own field does unless its product says otherwise.
pub fn is_personal(pointer: &str, product: Option<&ProductTerms>) -> bool {
    match (field_at(pointer), pointer.strip_prefix("/extra/")) {
        (Some(field), _) => field.personal,
        (None, Some(key)) => product.and_then(|product| product.extra_field(key)).is_none_or(|field| field.personal),
        (None, None) => true,
    }
}

pub(super) fn masked_value(pointer: &str, value: &Value) -> Value {
    let text = value.as_str().unwrap_or_default();
    let masked = match pointer {
        "/subject/real_name" | "/contact/name" => RealName::parse(text).ok().map(|name| name.masked()),
        "/subject/id_number" => IdNumber::parse(text).ok().map(|id| id.masked()),
        "/contact/phone" => Phone::parse(text).ok().map(|phone| phone.masked()),
        _ => None,
    };
    Value::String(masked.unwrap_or_else(|| "***".to_owned()))
}

/// A key as part of a JSON pointer (RFC 6901), cut so that a huge one is not echoed.
fn escaped(key: &str) -> String {
    key.chars().take(super::fields::CODE_CHARS_MAX).collect::<String>().replace('~', "~0").replace('/', "~1")
}

fn nested<'a>(values: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let mut top = Map::new();
    for (pointer, value) in values {
        let path = pointer.strip_prefix('/').unwrap_or(pointer);
        match path.split_once('/') {
            Some((group, key)) => {
                let group = top.entry(group).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(group) = group {
                    group.insert(key.to_owned(), value);
                }
            }
            None => {
                top.insert(path.to_owned(), value);
            }
        }
    }
    Value::Object(top)
}
