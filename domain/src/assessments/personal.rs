//! The instant grade of a personal application 个人担保申请 (R1.1): a small scorecard over what the form states.
//!
//! Nothing here is verified yet, so the grade orders the officers' queue and tells the applicant where they stand; it
//! never accepts or refuses: a personal application always goes to an officer. As in admission, higher is riskier.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::admission::operating::ratio_bp;
use super::admission::risks::Shape;
use super::admission::text::{percent, yuan};
pub use super::personal_card::{PersonalScorecard, PrefixScore};
use crate::money::Fen;
use crate::words::Words;

/// What the form states about a person; `None` where nothing was entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonalFacts {
    /// Birth date, from the ID number.
    pub born_on: Option<NaiveDate>,
    /// Amount asked for, fen.
    pub amount_fen: Option<i64>,
    /// Term, months.
    pub term_months: Option<u32>,
    /// Stated yearly income, fen.
    pub yearly_income_fen: Option<i64>,
    /// Stated existing debts, fen.
    pub existing_debt_fen: Option<i64>,
    /// Whole years in the present trade.
    pub years_in_trade: Option<u32>,
    /// Industry, GB/T 4754 code.
    pub industry: Option<String>,
    /// Region, GB/T 2260 code.
    pub region: Option<String>,
    /// Facts of [`FACTS_OF_PRODUCTS`] that the product's form does not ask, by key: nobody is marked down for a question
    /// that was not put.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_asked: Vec<String>,
}

/// Keys of the facts that a product asks in fields of its own, with what they are called.
pub const FACTS_OF_PRODUCTS: [(&str, &str); 3] =
    [("yearly_income_fen", "年收入"), ("existing_debt_fen", "现有负债"), ("years_in_trade", "从业年限")];
/// The same facts in English, in their order.
const FACTS_EN: [&str; 3] = ["yearly income", "existing debts", "years in the trade"];

/// Grades, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// Little stands against it.
    A,
    /// Good.
    B,
    /// Middling.
    C,
    /// Weak.
    D,
    /// Heavy doubts.
    E,
}

/// One item of the grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalItem {
    /// Stable id.
    pub id: String,
    /// Score; 0 where nothing is wrong.
    pub score: i64,
    /// Why, for staff; null where it scores 0.
    pub reason_zh: Option<String>,
    /// Why, in English.
    #[serde(default)]
    pub reason_en: Option<String>,
    /// What the applicant can do; null where it scores 0.
    pub applicant_zh: Option<String>,
}

/// The grade of a personal application. Always goes to an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalAssessment {
    /// Scorecard used.
    pub scorecard_id: String,
    /// Its version.
    pub scorecard_version: u32,
    /// Evaluation date.
    pub as_of: NaiveDate,
    /// Sum of the scores; higher is riskier.
    pub total: i64,
    /// The grade.
    pub grade: Grade,
    /// Every item in fixed order.
    pub items: Vec<PersonalItem>,
    /// Facts that were not stated.
    pub unstated: Vec<String>,
}

/// Grades a personal application. Total: any facts give an answer.
pub fn assess_personal(card: &PersonalScorecard, facts: &PersonalFacts, as_of: NaiveDate) -> PersonalAssessment {
    let mut items = ability_to_repay(card, facts, as_of);
    items.extend(circumstances(card, facts));
    finish(card, facts, as_of, items)
}

/// Age, and the loan and debts against the income.
fn ability_to_repay(card: &PersonalScorecard, facts: &PersonalFacts, as_of: NaiveDate) -> Vec<PersonalItem> {
    let age = facts.born_on.map(|born| whole_years(born, as_of));
    let term = facts.term_months.map(i64::from);
    let age_at_end = age.zip(term).map(|(age, term)| age.saturating_add(term / 12));
    let income = facts.yearly_income_fen;
    let amount_ratio = facts.amount_fen.zip(income).map(|(amount, income)| ratio_bp(amount, income));
    let debt = facts.amount_fen.zip(facts.existing_debt_fen).map(|(amount, debt)| amount.saturating_add(debt));
    let debt_ratio = debt.zip(income).map(|(debt, income)| ratio_bp(debt, income));
    let income_text = income.map(yuan).unwrap_or_default();
    let income_en = income.map(|fen| Fen(fen).in_yuan_en()).unwrap_or_default();
    let plain = |value: i64| value.to_string();
    vec![
        item(
            "young",
            &card.young,
            age,
            |age, bound| {
                Words::new(format!("年龄 {age} 周岁，小于 {bound} 周岁"), format!("Aged {age}, younger than {bound}"))
            },
            plain,
            "年龄较小，可由有稳定收入的亲属提供反担保。",
        ),
        item(
            "old_at_end",
            &card.old_at_end,
            age_at_end,
            |age, bound| {
                Words::new(
                    format!("到期时 {age} 周岁，超过 {bound} 周岁"),
                    format!("Aged {age} at the end of the term, older than {bound}"),
                )
            },
            plain,
            "期限届满时年龄较大，可缩短期限或增加共同申请人。",
        ),
        item(
            "amount_to_income",
            &card.amount_to_income,
            amount_ratio,
            |ratio, bound| {
                Words::new(
                    format!("申请金额为年收入 {income_text} 的 {ratio}，超过 {bound}"),
                    format!("The amount is {ratio} of the yearly income of {income_en} yuan, more than {bound}"),
                )
            },
            percent,
            "申请金额相对收入较高，可减少金额或补充收入证明。",
        ),
        item(
            "debt_to_income",
            &card.debt_to_income,
            debt_ratio,
            |ratio, bound| {
                Words::new(
                    format!("申请金额与现有负债合计为年收入的 {ratio}，超过 {bound}"),
                    format!("Amount and existing debts are {ratio} of the yearly income, more than {bound}"),
                )
            },
            percent,
            "现有负债较多，可提供还款计划或先结清部分负债。",
        ),
    ]
}

/// The term, the trade, and what the card lists.
fn circumstances(card: &PersonalScorecard, facts: &PersonalFacts) -> Vec<PersonalItem> {
    let plain = |value: i64| value.to_string();
    vec![
        item(
            "term",
            &card.term,
            facts.term_months.map(i64::from),
            |term, bound| {
                Words::new(
                    format!("期限 {term} 个月，超过 {bound} 个月"),
                    format!("A term of {term} months, longer than {bound}"),
                )
            },
            plain,
            "期限较长，可考虑缩短期限。",
        ),
        item(
            "years_in_trade",
            &card.years_in_trade,
            facts.years_in_trade.map(i64::from),
            |years, bound| {
                Words::new(
                    format!("从业 {years} 年，少于 {bound} 年"),
                    format!("{years} years in the trade, fewer than {bound}"),
                )
            },
            plain,
            "从业时间较短，可补充从业经历证明。",
        ),
        coded(
            "industry",
            &card.industries,
            facts.industry.as_deref(),
            ("所属行业列入关注行业", "Its industry is among those to watch"),
            "所属行业波动较大，请说明经营情况。",
        ),
        coded(
            "region",
            &card.regions,
            facts.region.as_deref(),
            ("所在地区列入关注地区", "Its region is among those to watch"),
            "所在地区需进一步核实，请配合实地调查。",
        ),
    ]
}

fn finish(
    card: &PersonalScorecard,
    facts: &PersonalFacts,
    as_of: NaiveDate,
    mut items: Vec<PersonalItem>,
) -> PersonalAssessment {
    let own = [facts.yearly_income_fen.is_none(), facts.existing_debt_fen.is_none(), facts.years_in_trade.is_none()];
    let asked = |key: &str| !facts.not_asked.iter().any(|not_asked| not_asked == key);
    let of_products = FACTS_OF_PRODUCTS.into_iter().zip(FACTS_EN).zip(own);
    let (unstated, unstated_en): (Vec<String>, Vec<&str>) = [
        (("出生日期", "date of birth"), facts.born_on.is_none()),
        (("申请金额", "amount"), facts.amount_fen.is_none()),
        (("期限", "term"), facts.term_months.is_none()),
    ]
    .into_iter()
    .chain(of_products.map(|(((key, zh), en), absent)| ((zh, en), absent && asked(key))))
    .filter(|(_, absent)| *absent)
    .map(|((zh, en), _)| (zh.to_string(), en))
    .unzip();
    let count = i64::try_from(unstated.len()).unwrap_or(i64::MAX);
    let score = card.unstated.max(0).saturating_mul(count);
    items.push(PersonalItem {
        id: "unstated".to_string(),
        score,
        reason_zh: (score > 0).then(|| format!("未填写：{}", unstated.join("、"))),
        reason_en: (score > 0).then(|| format!("Not stated: {}", unstated_en.join(", "))),
        applicant_zh: (score > 0).then(|| format!("请补充填写：{}。", unstated.join("、"))),
    });
    let total = items.iter().fold(0_i64, |sum, item| sum.saturating_add(item.score));
    let grades = [Grade::A, Grade::B, Grade::C, Grade::D];
    let grade =
        grades.into_iter().zip(card.grade_max).find(|(_, max)| total <= *max).map_or(Grade::E, |(grade, _)| grade);
    PersonalAssessment {
        scorecard_id: card.id.clone(),
        scorecard_version: card.version,
        as_of,
        total,
        grade,
        items,
        unstated,
    }
}

fn item(
    id: &str,
    shape: &Shape,
    value: Option<i64>,
    reason: impl Fn(String, String) -> Words,
    shown: impl Fn(i64) -> String,
    applicant_zh: &str,
) -> PersonalItem {
    let graded = value.map(|value| (value, shape.grade(value))).filter(|(_, graded)| graded.score > 0);
    let reason = graded.map(|(value, graded)| reason(shown(value), shown(graded.threshold.unwrap_or_default())));
    let (reason_zh, reason_en) = reason.map(|words| (words.zh, words.en)).unzip();
    PersonalItem {
        id: id.to_string(),
        score: graded.map_or(0, |(_, graded)| graded.score),
        reason_zh,
        reason_en,
        applicant_zh: graded.map(|_| applicant_zh.to_string()),
    }
}

fn coded(
    id: &str,
    scores: &[PrefixScore],
    code: Option<&str>,
    reason: (&str, &str),
    applicant_zh: &str,
) -> PersonalItem {
    let fitting = scores.iter().filter(|entry| code.is_some_and(|code| code.starts_with(&entry.prefix)));
    let score = fitting.max_by_key(|entry| entry.prefix.len()).map_or(0, |entry| entry.score.max(0));
    PersonalItem {
        id: id.to_string(),
        score,
        reason_zh: (score > 0).then(|| format!("{}（{}）", reason.0, code.unwrap_or_default())),
        reason_en: (score > 0).then(|| format!("{} ({})", reason.1, code.unwrap_or_default())),
        applicant_zh: (score > 0).then(|| applicant_zh.to_string()),
    }
}

/// Whole years between a birth date and a day; someone born on 29 February is a year older on 1 March.
fn whole_years(born_on: NaiveDate, day: NaiveDate) -> i64 {
    let before_birthday = (day.month(), day.day()) < (born_on.month(), born_on.day());
    i64::from(day.year()).saturating_sub(i64::from(born_on.year())).saturating_sub(i64::from(before_birthday))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn facts() -> PersonalFacts {
        PersonalFacts {
            born_on: Some(day("1985-06-15")),
            amount_fen: Some(5_000_000),
            term_months: Some(12),
            yearly_income_fen: Some(12_000_000),
            existing_debt_fen: Some(0),
            years_in_trade: Some(8),
            ..PersonalFacts::default()
        }
    }

    #[test]
    fn facts_grade_as_expected() {
        let card = PersonalScorecard::standard();
        let base = facts();
        for (facts, total, grade) in [
            (base.clone(), 0, Grade::A),
            (PersonalFacts { years_in_trade: Some(1), ..base.clone() }, 12, Grade::B),
            (PersonalFacts { existing_debt_fen: Some(40_000_000), ..base.clone() }, 25, Grade::B),
            (PersonalFacts { amount_fen: Some(30_000_000), ..base.clone() }, 37, Grade::C),
            (PersonalFacts { born_on: Some(day("2010-01-01")), ..base.clone() }, 100, Grade::E),
            (PersonalFacts { yearly_income_fen: Some(0), ..base.clone() }, 85, Grade::E),
            (PersonalFacts::default(), 36, Grade::C),
            (PersonalFacts { years_in_trade: None, ..base.clone() }, 6, Grade::A),
            (
                PersonalFacts { years_in_trade: None, not_asked: vec!["years_in_trade".into()], ..base.clone() },
                0,
                Grade::A,
            ),
        ] {
            let result = assess_personal(&card, &facts, day("2026-01-01"));
            assert_eq!((result.total, result.grade), (total, grade), "{facts:?}");
            assert!(result.items.iter().all(|item| (item.score > 0) == item.reason_zh.is_some()));
            assert!(
                result
                    .items
                    .iter()
                    .all(|item| (item.score > 0) == item.reason_en.as_ref().is_some_and(|en| en.is_ascii()))
            );
        }
    }

    #[test]
    fn the_longest_prefix_counts_and_birthdays_are_exact() {
        let mut card = PersonalScorecard::standard();
        card.industries =
            vec![PrefixScore { prefix: "F".into(), score: 5 }, PrefixScore { prefix: "F51".into(), score: 9 }];
        let result =
            assess_personal(&card, &PersonalFacts { industry: Some("F5112".into()), ..facts() }, day("2026-01-01"));
        assert_eq!(result.total, 9);
        assert_eq!(whole_years(day("2000-02-29"), day("2018-02-28")), 17);
        assert_eq!(whole_years(day("2000-02-29"), day("2018-03-01")), 18);
    }
}
