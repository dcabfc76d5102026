//! Reasons in words: each names the figure, the threshold and the period.

use chrono::NaiveDate;

use super::condition::Periods;
use super::indicators::{IndicatorDef, Unit, Window, tax_grade_letter};
use super::operating::RATIO_MAX_BP;
use super::risks::{Graded, Risk, RiskRule};
use super::text::{percent, yuan};

/// The language of a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

/// A value in its unit, for people.
pub fn figure(value: i64, unit: Unit, language: Language) -> String {
    match (unit, language) {
        (Unit::Fen, Language::Zh) => yuan(value),
        (Unit::Fen, Language::En) => {
            let sign = if value < 0 { "-" } else { "" };
            format!("{sign}{}.{:02} yuan", value.unsigned_abs() / 100, value.unsigned_abs() % 100)
        }
        (Unit::BasisPoints, Language::Zh) if value >= RATIO_MAX_BP => format!("{}以上", percent(RATIO_MAX_BP)),
        (Unit::BasisPoints, Language::En) if value >= RATIO_MAX_BP => format!("{} or more", percent(RATIO_MAX_BP)),
        (Unit::BasisPoints, _) => percent(value),
        (Unit::Count | Unit::Months, _) => value.to_string(),
        (Unit::TaxGrade, _) => tax_grade_letter(value).unwrap_or("?").to_string(),
    }
}

/// A window in words.
pub fn period(window: Window, periods: Periods, changes_months: u32, as_of: NaiveDate, language: Language) -> String {
    let months = |period: super::period::Period| match language {
        Language::Zh => period.zh(),
        Language::En => format!("{} to {}", period.from, period.to),
    };
    match (window, language) {
        (Window::Period, _) => months(periods.period),
        (Window::Year, _) => months(periods.year),
        (Window::Changes, Language::Zh) => format!("截至{as_of}的{changes_months}个月内"),
        (Window::Changes, Language::En) => format!("the {changes_months} months up to {as_of}"),
        (Window::History, Language::Zh) => format!("截至{as_of}"),
        (Window::History, Language::En) => format!("the records up to {as_of}"),
    }
}

/// The outcome of a rule in words.
pub fn explain(
    rule: &RiskRule,
    def: &IndicatorDef,
    value: Option<i64>,
    graded: Graded,
    period_in: impl Fn(Language) -> String,
) -> Risk {
    let fill = |template: &str, language: Language| {
        let shown = |number: Option<i64>| number.map(|n| figure(n, def.unit, language)).unwrap_or_default();
        template
            .replace("{figure}", &shown(value))
            .replace("{threshold}", &shown(graded.threshold))
            .replace("{period}", &period_in(language))
    };
    let scored = graded.score > 0;
    Risk {
        id: rule.id.clone(),
        label_zh: rule.label_zh.clone(),
        label_en: rule.label_en.clone(),
        score: graded.score,
        indicator: rule.indicator.clone(),
        figure: value,
        threshold: graded.threshold,
        period_zh: period_in(Language::Zh),
        reason_zh: scored.then(|| fill(&rule.reason_zh, Language::Zh)),
        reason_en: scored.then(|| fill(&rule.reason_en, Language::En)),
        applicant_zh: scored.then(|| fill(&rule.applicant_zh, Language::Zh)),
    }
}
