//! Indicators as data: what each one means, how it is computed, over which window, and from which others it derives.
//!
//! Indicators are the only inputs of risks (R8.7). The definitions are part of a scorecard's version, so that an old
//! evaluation can still be read; the arithmetic behind each id is in `measure`.

use serde::{Deserialize, Serialize};

use super::sources::SourceKind;

/// The unit of an indicator's whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Money, fen.
    Fen,
    /// Ratio, hundredths of a percent.
    BasisPoints,
    /// A number of things.
    Count,
    /// Whole months.
    Months,
    /// Taxpayer credit grade: A 1, B 2, M 3, C 4, D 5.
    TaxGrade,
}

/// The stretch of time an indicator looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The scorecard's period (default six months).
    Period,
    /// The last twelve whole months.
    Year,
    /// The scorecard's window for registration changes (default 24 months up to the evaluation date).
    Changes,
    /// All that is on record up to the evaluation date.
    History,
}

/// The definition of one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorDef {
    /// Stable id.
    pub id: String,
    /// Chinese label.
    pub label_zh: String,
    /// Formula in words.
    pub formula: String,
    /// Unit of the value.
    pub unit: Unit,
    /// Window of the value.
    pub window: Window,
    /// Sources it is read from.
    pub sources: Vec<SourceKind>,
    /// Indicators it is computed from; empty where it comes straight from the sources.
    #[serde(default)]
    pub derives_from: Vec<String>,
}

/// One edge of the relations between indicators: `to` is computed from `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The indicator used.
    pub from: String,
    /// The indicator computed from it.
    pub to: String,
}

/// The relations between the indicators, in the order of the definitions.
pub fn relations(defs: &[IndicatorDef]) -> Vec<Relation> {
    defs.iter()
        .flat_map(|def| def.derives_from.iter().map(|from| Relation { from: from.clone(), to: def.id.clone() }))
        .collect()
}

/// The value of one indicator for one firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorValue {
    /// Chinese label.
    pub label_zh: String,
    /// The value in its unit; null where it cannot be known.
    pub value: Option<i64>,
    /// The unit.
    pub unit: Unit,
    /// The window.
    pub window: Window,
}

/// The number of a taxpayer credit grade, `None` for none of the five.
pub fn tax_grade_number(grade: &str) -> Option<i64> {
    match grade.trim() {
        "A" | "a" => Some(1),
        "B" | "b" => Some(2),
        "M" | "m" => Some(3),
        "C" | "c" => Some(4),
        "D" | "d" => Some(5),
        _ => None,
    }
}

/// The letter of a grade's number.
pub fn tax_grade_letter(number: i64) -> Option<&'static str> {
    match number {
        1 => Some("A"),
        2 => Some("B"),
        3 => Some("M"),
        4 => Some("C"),
        5 => Some("D"),
        _ => None,
    }
}
