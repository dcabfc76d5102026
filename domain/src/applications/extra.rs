//! Fields that a product adds to the form. They are declared as data, so each is checked by its declaration and nothing
//! undeclared can be stored.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fields::{AMOUNT_FEN_MAX, Fault, fault, free_text};
use super::product::Choice;
use crate::money::Fen;
use crate::words::Words;

/// Most characters of a product's own text field, whatever it declares.
pub const EXTRA_TEXT_CHARS_MAX: usize = 2_000;

/// What a product's own field takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExtraKind {
    /// Free text of one or several lines.
    Text {
        /// Fewest characters.
        chars_min: usize,
        /// Most characters, at most [`EXTRA_TEXT_CHARS_MAX`].
        chars_max: usize,
    },
    /// A number, such as an area or a head count.
    Number {
        /// Smallest value.
        min: Option<f64>,
        /// Largest value.
        max: Option<f64>,
    },
    /// One of several.
    Choice {
        /// What may be chosen.
        choices: Vec<Choice>,
    },
    /// A day, `YYYY-MM-DD`.
    Date {
        /// Earliest day.
        min: Option<NaiveDate>,
        /// Latest day.
        max: Option<NaiveDate>,
    },
    /// Whole fen.
    Money {
        /// Smallest amount.
        min: Option<Fen>,
        /// Largest amount.
        max: Option<Fen>,
    },
}

/// A field that a product adds to the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraField {
    /// Its key under `/extra`: a lower-case letter, then letters, digits and underscores.
    pub key: String,
    /// Its label.
    pub label: Words,
    /// What it takes.
    pub takes: ExtraKind,
    /// Whether the application cannot be submitted without it.
    pub required: bool,
    /// Whether it is personal data, which is masked wherever it is shown.
    #[serde(default)]
    pub personal: bool,
}

impl ExtraField {
    /// Its place in the form as a JSON pointer.
    pub fn pointer(&self) -> String {
        format!("/extra/{}", self.key)
    }

    /// Checks a value and gives it back in its one form.
    pub(super) fn check(&self, value: &Value) -> Result<Value, Fault> {
        match &self.takes {
            ExtraKind::Text { chars_min, chars_max } => text(value, *chars_min, *chars_max),
            ExtraKind::Number { min, max } => number(value, *min, *max),
            ExtraKind::Choice { choices } => choice(value, choices),
            ExtraKind::Date { min, max } => date(value, *min, *max),
            ExtraKind::Money { min, max } => money(value, *min, *max),
        }
    }
}

fn text(value: &Value, chars_min: usize, chars_max: usize) -> Result<Value, Fault> {
    let text = value.as_str().ok_or_else(|| fault("type_text", "请填写文字", "Enter a text"))?;
    let text = free_text(text, chars_max.min(EXTRA_TEXT_CHARS_MAX), true)?;
    if text.chars().count() < chars_min {
        return Err(fault(
            "text_too_short",
            format!("至少填写{chars_min}个字"),
            format!("At least {chars_min} characters"),
        ));
    }
    Ok(Value::String(text))
}

fn number(value: &Value, min: Option<f64>, max: Option<f64>) -> Result<Value, Fault> {
    let number = value.as_f64().filter(|number| number.is_finite());
    let number = number.ok_or_else(|| fault("type_number", "请填写数字", "Enter a number"))?;
    if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
        return Err(out_of_range("number_out_of_range", min.map(|m| m.to_string()), max.map(|m| m.to_string())));
    }
    Ok(value.clone())
}

fn choice(value: &Value, choices: &[Choice]) -> Result<Value, Fault> {
    let chosen = value.as_str().filter(|code| choices.iter().any(|choice| choice.code == *code));
    chosen.map(Value::from).ok_or_else(|| {
        let zh: Vec<&str> = choices.iter().map(|choice| choice.label.zh.as_str()).collect();
        let en: Vec<&str> = choices.iter().map(|choice| choice.code.as_str()).collect();
        fault(
            "choice_unknown",
            format!("请从以下选项中选择：{}", zh.join("、")),
            format!("Choose one of: {}", en.join(", ")),
        )
    })
}

fn date(value: &Value, min: Option<NaiveDate>, max: Option<NaiveDate>) -> Result<Value, Fault> {
    let day = value.as_str().and_then(|text| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok());
    let has_form = |day: &NaiveDate| (1900..=9999).contains(&chrono::Datelike::year(day));
    let day = day
        .filter(has_form)
        .ok_or_else(|| fault("type_date", "请填写日期，格式为 2026-01-31", "Enter a date such as 2026-01-31"))?;
    if min.is_some_and(|min| day < min) || max.is_some_and(|max| day > max) {
        return Err(out_of_range("date_out_of_range", min.map(|m| m.to_string()), max.map(|m| m.to_string())));
    }
    Ok(Value::String(day.to_string()))
}

fn money(value: &Value, min: Option<Fen>, max: Option<Fen>) -> Result<Value, Fault> {
    let fen = value.as_i64().filter(|fen| (-AMOUNT_FEN_MAX..=AMOUNT_FEN_MAX).contains(fen)).map(Fen);
    let fen = fen.ok_or_else(|| fault("type_money", "请填写金额（单位：分，整数）", "Enter a whole amount in fen"))?;
    if min.is_some_and(|min| fen < min) || max.is_some_and(|max| fen > max) {
        let (zh, en) = (|fen: Fen| format!("{}元", fen.in_yuan_en()), |fen: Fen| format!("{} yuan", fen.in_yuan_en()));
        let code = "money_out_of_range";
        let (_, zh) = out_of_range(code, min.map(zh), max.map(zh));
        let (_, en) = out_of_range(code, min.map(en), max.map(en));
        return Err(fault(code, zh.zh, en.en));
    }
    Ok(Value::from(fen.0))
}

fn out_of_range(code: &'static str, min: Option<String>, max: Option<String>) -> Fault {
    match (min, max) {
        (Some(min), Some(max)) => fault(code, format!("应在{min}至{max}之间"), format!("Must be from {min} to {max}")),
        (Some(min), None) => fault(code, format!("不能小于{min}"), format!("Must be at least {min}")),
        (None, Some(max)) => fault(code, format!("不能大于{max}"), format!("Must be at most {max}")),
        (None, None) => fault(code, "超出允许范围", "Out of range"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn asks(takes: ExtraKind) -> ExtraField {
        ExtraField { key: "k".into(), label: Words::new("项", "item"), takes, required: true, personal: false }
    }

    #[test]
    fn each_kind_judges_its_values() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let choices = vec![Choice { code: "own".into(), label: Words::new("自有", "own") }];
        let rows = [
            (ExtraKind::Text { chars_min: 2, chars_max: 4 }, json!(" 大棚 "), Ok(json!("大棚"))),
            (ExtraKind::Text { chars_min: 2, chars_max: 4 }, json!("棚"), Err("text_too_short")),
            (ExtraKind::Text { chars_min: 0, chars_max: 4 }, json!("一二三四五"), Err("text_too_long")),
            (ExtraKind::Text { chars_min: 0, chars_max: 4 }, json!("a\u{0}"), Err("text_control")),
            (ExtraKind::Text { chars_min: 0, chars_max: 4 }, json!(1), Err("type_text")),
            (ExtraKind::Text { chars_min: 0, chars_max: usize::MAX }, json!("a".repeat(2001)), Err("text_too_long")),
            (ExtraKind::Number { min: Some(0.1), max: Some(10.0) }, json!(12.5), Err("number_out_of_range")),
            (ExtraKind::Number { min: Some(0.1), max: None }, json!(12.5), Ok(json!(12.5))),
            (ExtraKind::Number { min: None, max: None }, json!("12"), Err("type_number")),
            (ExtraKind::Choice { choices: choices.clone() }, json!("own"), Ok(json!("own"))),
            (ExtraKind::Choice { choices }, json!("rent"), Err("choice_unknown")),
            (ExtraKind::Date { min: None, max: None }, json!("2024-02-29"), Ok(json!("2024-02-29"))),
            (ExtraKind::Date { min: None, max: None }, json!("2023-02-29"), Err("type_date")),
            (ExtraKind::Date { min: None, max: None }, json!("+12024-02-29"), Err("type_date")),
            (ExtraKind::Date { min: day("2024-01-01"), max: None }, json!("2023-12-31"), Err("date_out_of_range")),
            (ExtraKind::Money { min: Some(Fen(1)), max: None }, json!(100), Ok(json!(100))),
            (ExtraKind::Money { min: Some(Fen(1)), max: None }, json!(0), Err("money_out_of_range")),
            (ExtraKind::Money { min: None, max: None }, json!(1.5), Err("type_money")),
        ];
        for (takes, value, expected) in rows {
            let found = asks(takes).check(&value).map_err(|(code, _)| code);
            assert_eq!(found, expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn what_passes_passes_again(text in "\\PC{0,30}", number: f64) {
            let kinds = [
                ExtraKind::Text { chars_min: 1, chars_max: 20 },
                ExtraKind::Number { min: Some(number), max: None },
                ExtraKind::Date { min: None, max: None },
                ExtraKind::Money { min: None, max: None },
            ];
            for kind in kinds {
                let field = asks(kind);
                for value in [json!(text), json!(number), Value::Null] {
                    if let Ok(once) = field.check(&value) {
                        prop_assert_eq!(field.check(&once), Ok(once.clone()));
                    }
                }
            }
        }
    }
}
