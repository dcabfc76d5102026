//! Whether a product makes sense, asked when staff save it: a product that nobody can apply for, or whose agent needs no
//! proof, must not come to light on an applicant's phone.

use std::collections::BTreeSet;

use super::extra::{EXTRA_TEXT_CHARS_MAX, ExtraField, ExtraKind};
use super::fields::{AMOUNT_FEN_MAX, FieldError, TERM_MONTHS_MAX, fault};
use super::product::{ChecklistItem, Choice, ItemWhen, ProductTerms};
use crate::consent::SubjectKind;
use crate::words::{Words, plain_text};

/// Most fields that a product adds.
pub const EXTRA_FIELDS_MAX: usize = 40;
/// Most documents on a product's checklist.
pub const CHECKLIST_ITEMS_MAX: usize = 60;
/// Most choices of a field and most purposes of a product.
pub const CHOICES_MAX: usize = 100;
/// Most files of one checklist item.
pub const ITEM_FILES_MAX: u16 = 50;
/// Most characters of a key or code that a product declares.
pub const KEY_CHARS_MAX: usize = 40;
/// Most characters of a label.
pub const LABEL_CHARS_MAX: usize = 60;
/// Most characters of a help text.
pub const HELP_CHARS_MAX: usize = 500;

impl ProductTerms {
    /// Judges the whole product.
    ///
    /// # Errors
    /// Everything that is wrong with it, by JSON pointer.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check { errors: Vec::new() };
        check.words("/name", &self.name, LABEL_CHARS_MAX);
        check.ranges(self);
        check.choices("/purposes", &self.purposes);
        check.extra_fields(&self.extra_fields);
        check.checklist(&self.checklist);
        let takes_enterprises = self.subjects.contains(&SubjectKind::Enterprise);
        let has_proof = self.checklist.iter().any(|item| item.when == ItemWhen::Agent && item.required);
        check.that(
            !takes_enterprises || has_proof,
            "/checklist",
            (
                "agent_proof_missing",
                "面向企业的产品须有一项“经办人”必交资料（授权委托书）",
                "A product for enterprises needs a required item for agents: the power of attorney",
            ),
        );
        if check.errors.is_empty() { Ok(()) } else { Err(check.errors) }
    }
}

type Rule = (&'static str, &'static str, &'static str);

struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    fn that(&mut self, holds: bool, pointer: &str, (code, zh, en): Rule) {
        if !holds {
            let (code, message) = fault(code, zh, en);
            self.errors.push(FieldError {
                pointer: pointer.to_owned(),
                code,
                label: Words::new("产品", "Product"),
                message,
            });
        }
    }

    fn words(&mut self, pointer: &str, words: &Words, chars_max: usize) {
        // A firm whose people read Chinese alone need not translate; Chinese is what applicants read.
        let en = words.en.is_empty() || plain_text(&words.en, chars_max, true).is_ok();
        let fits = en && plain_text(&words.zh, chars_max, true).is_ok();
        self.that(
            fits,
            pointer,
            (
                "words_invalid",
                "中文须填写（英文可不填），且不能过长或含控制字符",
                "Chinese is needed (English may be empty), short enough and without control characters",
            ),
        );
    }

    fn ranges(&mut self, product: &ProductTerms) {
        let amounts = 0 < product.amount_min_fen.0
            && product.amount_min_fen <= product.amount_max_fen
            && product.amount_max_fen.0 <= AMOUNT_FEN_MAX;
        self.that(
            amounts,
            "/amount_max_fen",
            (
                "amount_range",
                "最低金额应大于0且不高于最高金额",
                "The least amount must be above 0 and not above the largest",
            ),
        );
        let months = 0 < product.months_min
            && product.months_min <= product.months_max
            && i64::from(product.months_max) <= TERM_MONTHS_MAX;
        self.that(
            months,
            "/months_max",
            (
                "term_range",
                "最短期限应大于0且不长于最长期限（最多360个月）",
                "The shortest term must be above 0 and not above the longest (at most 360)",
            ),
        );
        self.that(
            !product.subjects.is_empty(),
            "/subjects",
            ("subjects_empty", "请选择可申请的主体类型", "Choose who may apply"),
        );
    }

    fn choices(&mut self, pointer: &str, choices: &[Choice]) {
        let count_fits = (1..=CHOICES_MAX).contains(&choices.len());
        self.that(count_fits, pointer, ("choices_count", "选项应为1至100个", "From 1 to 100 choices"));
        self.keys(pointer, choices.iter().map(|choice| choice.code.as_str()));
        for (i, choice) in choices.iter().enumerate() {
            self.words(&format!("{pointer}/{i}/label"), &choice.label, LABEL_CHARS_MAX);
        }
    }

    fn keys<'a>(&mut self, pointer: &str, keys: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for (i, key) in keys.enumerate() {
            let place = format!("{pointer}/{i}");
            self.that(
                is_key(key),
                &place,
                (
                    "key_format",
                    "代码须以小写字母开头，只含小写字母、数字和下划线，最多40个字符",
                    "A key begins with a lower-case letter and has only lower-case letters, digits and _, at most 40",
                ),
            );
            self.that(seen.insert(key), &place, ("key_twice", "代码重复", "The key occurs twice"));
        }
    }

    fn extra_fields(&mut self, fields: &[ExtraField]) {
        self.that(
            fields.len() <= EXTRA_FIELDS_MAX,
            "/extra_fields",
            ("extra_fields_count", "附加字段最多40个", "At most 40 further fields"),
        );
        self.keys("/extra_fields", fields.iter().map(|field| field.key.as_str()));
        for (i, field) in fields.iter().enumerate() {
            let pointer = format!("/extra_fields/{i}");
            self.words(&format!("{pointer}/label"), &field.label, LABEL_CHARS_MAX);
            if let ExtraKind::Choice { choices } = &field.takes {
                self.choices(&format!("{pointer}/takes/choices"), choices);
            }
            self.that(
                range_is_sane(&field.takes),
                &format!("{pointer}/takes"),
                (
                    "extra_range",
                    "下限不能大于上限，文字最多2000字",
                    "The lower bound must not exceed the upper; texts have at most 2,000 characters",
                ),
            );
        }
    }

    fn checklist(&mut self, items: &[ChecklistItem]) {
        self.that(
            items.len() <= CHECKLIST_ITEMS_MAX,
            "/checklist",
            ("checklist_count", "资料清单最多60项", "At most 60 documents"),
        );
        self.keys("/checklist", items.iter().map(|item| item.key.as_str()));
        for (i, item) in items.iter().enumerate() {
            let pointer = format!("/checklist/{i}");
            self.words(&format!("{pointer}/label"), &item.label, LABEL_CHARS_MAX);
            self.words(&format!("{pointer}/help"), &item.help, HELP_CHARS_MAX);
            self.that(
                !item.media_types.is_empty(),
                &format!("{pointer}/media_types"),
                ("media_types_empty", "请选择可上传的文件类型", "Choose the kinds of files it takes"),
            );
            let count_fits = (1..=ITEM_FILES_MAX).contains(&item.files_max);
            self.that(
                count_fits,
                &format!("{pointer}/files_max"),
                ("files_max_range", "文件数上限应为1至50", "The most files must be from 1 to 50"),
            );
        }
    }
}

fn is_key(key: &str) -> bool {
    key.len() <= KEY_CHARS_MAX
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn range_is_sane(takes: &ExtraKind) -> bool {
    fn ordered<T: PartialOrd>(min: Option<T>, max: Option<T>) -> bool {
        min.zip(max).is_none_or(|(min, max)| min <= max)
    }
    match takes {
        ExtraKind::Text { chars_min, chars_max } => {
            chars_min <= chars_max && (1..=EXTRA_TEXT_CHARS_MAX).contains(chars_max)
        }
        ExtraKind::Number { min, max } => {
            ordered(*min, *max) && [min, max].iter().all(|bound| bound.is_none_or(f64::is_finite))
        }
        ExtraKind::Date { min, max } => ordered(*min, *max),
        ExtraKind::Money { min, max } => ordered(*min, *max),
        ExtraKind::Choice { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::standard::standard_products;
    use super::*;
    use crate::money::Fen;

    #[test]
    fn the_standard_products_are_valid_and_survive_storage() {
        for product in standard_products() {
            assert_eq!(product.validate(), Ok(()));
            let stored = serde_json::to_string(&product).unwrap();
            assert_eq!(serde_json::from_str::<ProductTerms>(&stored).unwrap(), product);
        }
    }

    #[test]
    fn each_fault_is_found() {
        type Spoil = fn(&mut ProductTerms);
        let rows: &[(Spoil, &str)] = &[
            (|p| p.name.zh.clear(), "words_invalid"),
            (|p| p.amount_min_fen = Fen(0), "amount_range"),
            (|p| p.amount_max_fen = Fen(1), "amount_range"),
            (|p| p.amount_max_fen = Fen(i64::MAX), "amount_range"),
            (|p| p.months_min = 0, "term_range"),
            (|p| p.months_max = 361, "term_range"),
            (|p| p.subjects.clear(), "subjects_empty"),
            (|p| p.purposes.clear(), "choices_count"),
            (|p| p.purposes.push(p.purposes[0].clone()), "key_twice"),
            (|p| p.extra_fields[0].key = "Bad-Key".into(), "key_format"),
            (|p| p.extra_fields[0].takes = ExtraKind::Number { min: Some(2.0), max: Some(1.0) }, "extra_range"),
            (|p| p.extra_fields[0].takes = ExtraKind::Choice { choices: Vec::new() }, "choices_count"),
            (|p| p.extra_fields = vec![p.extra_fields[0].clone(); 41], "extra_fields_count"),
            (|p| p.checklist.retain(|item| item.when != ItemWhen::Agent), "agent_proof_missing"),
            (|p| p.checklist[0].media_types.clear(), "media_types_empty"),
            (|p| p.checklist[0].files_max = 0, "files_max_range"),
            (|p| p.checklist = vec![p.checklist[0].clone(); 61], "checklist_count"),
        ];
        for (spoil, code) in rows {
            let mut product = standard_products()[1].clone();
            spoil(&mut product);
            let errors = product.validate().unwrap_err();
            assert!(errors.iter().any(|error| error.code == *code), "{code}: {errors:?}");
        }
    }
}
