//! What does not fit a type, said so that whoever filled it in can mend it: what is expected, and never what was sent,
//! which may be a phone or an identity number.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::error::FieldProblem;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A member that must be there.
    Missing(&'static str),
    /// A member that there is not.
    Unknown(String),
    /// A member that stands twice.
    Twice(&'static str),
    /// One of these words is expected.
    Choice(&'static [&'static str]),
    /// Another type is expected, in serde's words.
    Type(String),
    /// The type is right and the value is not what is expected, in serde's words.
    Value(String),
    /// The type's own refusal, which may repeat the value and is not shown.
    Other(String),
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().2)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type(expected.to_string())
    }
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Value(expected.to_string())
    }
    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::Value(expected.to_string())
    }
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::Choice(expected)
    }
    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::Unknown(field.to_owned())
    }
    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
    fn duplicate_field(field: &'static str) -> Self {
        Self::Twice(field)
    }
}

impl Misfit {
    /// A text's own refusal becomes what the text should have been.
    pub(super) fn of_text(self, expected: impl FnOnce() -> String) -> Self {
        if matches!(self, Self::Other(_)) { Self::Value(expected()) } else { self }
    }

    /// The problem at `place`, a JSON pointer to what was being read.
    pub(super) fn at(&self, mut place: String) -> FieldProblem {
        if let Self::Missing(name) | Self::Twice(name) = self {
            place.push_str(&step(name));
        }
        if let Self::Unknown(name) = self
            && !place.ends_with(&step(name))
        {
            place.push_str(&step(name));
        }
        let (code, zh, en) = self.words();
        FieldProblem::new(place, code, zh, en)
    }

    /// The member that is meant, where the place does not say it.
    pub(super) fn member(&self) -> Option<&str> {
        match self {
            Self::Missing(name) | Self::Twice(name) => Some(name),
            Self::Unknown(name) => Some(name),
            _ => None,
        }
    }

    /// The stable word, and the sentence in Chinese and English.
    pub(super) fn words(&self) -> (&'static str, String, String) {
        let fixed = |code, zh: &str, en: &str| (code, zh.to_owned(), en.to_owned());
        match self {
            Self::Missing(_) => fixed("required", "请填写此项", "Fill this in"),
            Self::Unknown(_) => fixed("unknown", "没有此项，请检查拼写", "No such member; check the spelling"),
            Self::Twice(_) => fixed("twice", "此项重复，请只保留一个", "Stands twice; keep one"),
            Self::Choice(words) => (
                "choice",
                format!("请从以下选项中选择：{}", words.join("、")),
                format!("Choose one of: {}", words.join(", ")),
            ),
            Self::Type(expected) => {
                let (zh, en) = named(expected);
                ("type", format!("类型不对，应为{zh}"), format!("Wrong type; expected {en}"))
            }
            Self::Value(expected) => {
                let (zh, en) = named(expected);
                ("value", format!("应为{zh}"), format!("Expected {en}"))
            }
            Self::Other(reason) => {
                let (zh, en) = own_words(reason);
                ("value", zh, en)
            }
        }
    }
}

/// A step of a JSON pointer.
pub(super) fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// serde's word for a type, for people.
fn named(expected: &str) -> (String, String) {
    let whole = |max: u32| (format!("0至{max}之间的整数"), format!("a whole number from 0 to {max}"));
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match expected {
        "u8" => whole(u8::MAX.into()),
        "u16" => whole(u16::MAX.into()),
        "u32" => whole(u32::MAX),
        "u64" | "usize" => both("不小于0的整数", "a whole number, 0 or more"),
        "i8" | "i16" | "i32" | "i64" | "isize" => both("整数", "a whole number"),
        "f32" | "f64" => both("数字", "a number"),
        "a boolean" => both("是/否（true或false）", "true or false"),
        "a string" | "string" | "str" | "a character" => both("文字", "text"),
        "a formatted date string" => both("日期（如2026-01-31）", "a date such as 2026-01-31"),
        "a sequence" => both("列表", "a list"),
        "a map" | "map" => both("对象", "an object"),
        other if other.contains("RFC 3339") || other.contains("date and time") => {
            both("时间（如2026-01-31T08:00:00Z）", "an instant such as 2026-01-31T08:00:00Z")
        }
        other if other.starts_with("struct ") || other.contains("tagged enum ") => both("对象", "an object"),
        other if other.starts_with("tuple ") || other.starts_with("a tuple") || other.starts_with("an array") => {
            both("列表，长度须符合接口文档", "a list of the length in the document")
        }
        _ => both("接口文档所述的格式", "what the document describes"),
    }
}

/// A type's own refusal: its form where it is one of ours, and no more than that it does not fit where it is not.
fn own_words(reason: &str) -> (String, String) {
    if let Some(prefix) = reason.strip_prefix("expected an id that begins with ") {
        return (format!("应为以{prefix}开头的编号"), format!("Expected an id that begins with {prefix}"));
    }
    if reason.ends_with("expected yyyy-mm") {
        return ("应为月份（如2026-01）".into(), "Expected a month such as 2026-01".into());
    }
    ("格式不对，请对照接口文档检查".into(), "Not in the form that the document describes".into())
}
