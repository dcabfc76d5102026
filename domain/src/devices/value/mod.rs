//! The second-hand value 二手价值 of a machine (R10.5), each step of the calculation shown.
//!
//! The method is the cost approach 成本法 of the appraisal standard for machinery (《资产评估执业准则——机器设备》): replacement cost
//! 重置成本 × rate of newness 成新率, then what the market takes off.
//!
//! 1. price paid → replacement cost, by the change of prices of its kind;
//! 2. age: declining balance 余额递减, a fixed share of what is left per year and a year's share by months inside a year.
//!    Used machines lose most in their first years, which a straight line would miss. The method has no memory, so for a
//!    machine bought second-hand it starts from that price and that day;
//! 3. hours: what was run beyond or short of the usual takes off or adds a share per tenth, within a cap;
//! 4. maintenance; 5. market;
//! 6. limits: never above the replacement cost, never below scrap 残值, and no more than scrap past its useful life.
//!
//! Every amount is rounded to the fen, halves up, before the next step, so that the steps can be checked by hand.

mod parameters;
mod standard;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use parameters::{CategoryParameters, MaintenanceFactors, MarketParameters};

use super::category::EquipmentCategory;
use super::rounding::rounded;
use super::score::Papers;
use super::score::evidence::WHOLE_PPM;
use super::score::kinds::Condition;
use super::score::measure::months_between;
use crate::assessments::admission::text::percent;
use crate::coded::coded;
use crate::money::{Fen, MoneyFault};
use crate::words::Words;

/// Months beyond which age counts no further: a hundred years.
const MONTHS_MAX: u32 = 1_200;
/// Inside the computation of age, so that a hundred years of rounding do not show.
const FINE: i128 = 1_000_000_000_000;

coded! {
    /// How well it was maintained.
    Maintenance {
        /// Lately, and somebody is bound to.
        Kept "kept" "保养良好" "well kept";
        /// Within the year.
        Fair "fair" "保养一般" "fairly kept";
        /// Too long ago.
        Neglected "neglected" "疏于保养" "neglected";
        /// Nobody says.
        Unknown "unknown" "保养情况不明" "not known";
    }
}

coded! {
    /// One step of the calculation.
    StepKey {
        /// What was paid.
        Price "price" "购入价格" "price paid";
        /// What it would cost now.
        Replacement "replacement" "重置成本" "replacement cost";
        /// What age takes off.
        Age "age" "年限折减" "age";
        /// What use takes off or adds.
        Hours "hours" "工时调整" "hours run";
        /// What maintenance takes off or adds.
        Maintenance "maintenance" "保养调整" "maintenance";
        /// What the market takes off or adds.
        Market "market" "市场调整" "market";
        /// What keeps it between scrap and new.
        Limit "limit" "残值与上限" "limits";
    }
}

/// Hours that a machine ran, and over how many months they were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Hours in which it worked.
    pub run: i64,
    /// The months in which they were counted: its whole life for its own counter, fewer for a socket's.
    pub months: u32,
}

/// What a value is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueFacts {
    /// The kind of machine.
    pub category: EquipmentCategory,
    /// What its owner paid.
    pub price_fen: Fen,
    /// Whole months since it was made, for its useful life.
    pub age_months: u32,
    /// Whole months since it was worth that price: its age, or since its purchase if that was second-hand.
    pub priced_months: u32,
    /// Hours run; nothing where nobody counted.
    pub hours: Option<Hours>,
    /// How well it was maintained.
    pub maintenance: Maintenance,
}

/// A second-hand value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Valuation {
    /// What it is worth.
    pub value_fen: Fen,
    /// How that came about, in order; the last amount is the value.
    pub steps: Vec<Step>,
    /// The facts used.
    pub facts: ValueFacts,
    /// Id of the parameters.
    pub parameters_id: String,
    /// Their version.
    pub parameters_version: u32,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub key: StepKey,
    /// What people call it.
    pub label: Words,
    /// The factor, parts per million; nothing for a limit, which is none.
    pub factor_ppm: Option<i64>,
    /// The amount after it.
    pub amount_after_fen: Fen,
    /// Why.
    pub reason: Words,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum ValueRefusal {
    /// The price is not known or not above 0.
    PriceUnknown,
    /// It is not known how old it is.
    AgeUnknown,
    /// The parameters have neither its kind nor "other".
    CategoryUnknown,
    /// The amount does not fit.
    TooLarge,
}

impl ValueRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::PriceUnknown => "value_price_unknown",
            Self::AgeUnknown => "value_age_unknown",
            Self::CategoryUnknown => "value_category_unknown",
            Self::TooLarge => "value_too_large",
        }
    }

    /// What is wrong and what to do.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::PriceUnknown => ("请先填写设备购入价格", "Enter the price paid first"),
            Self::AgeUnknown => (
                "请先填写出厂日期；二手购入的还需填写购入日期",
                "Enter when it was made, and when it was bought if that was second-hand",
            ),
            Self::CategoryUnknown => {
                ("市场参数中没有该类设备，请先补充", "The market parameters lack this kind of machine; add it")
            }
            Self::TooLarge => ("金额过大，请核对购入价格", "The amount is too large; check the price"),
        };
        Words::new(zh, en)
    }
}

impl From<MoneyFault> for ValueRefusal {
    fn from(_: MoneyFault) -> Self {
        Self::TooLarge
    }
}

impl ValueFacts {
    /// Reads the facts from papers. `hours` are those of telemetry; without them the owner's own count is taken.
    ///
    /// # Errors
    /// [`ValueRefusal::PriceUnknown`], [`ValueRefusal::AgeUnknown`].
    pub fn of(
        papers: &Papers,
        hours: Option<Hours>,
        parameters: &MarketParameters,
        as_of: NaiveDate,
    ) -> Result<Self, ValueRefusal> {
        let basic = &papers.basic;
        let price_fen = basic.price_fen.ok_or(ValueRefusal::PriceUnknown)?;
        let age_months = papers.age_months(as_of).ok_or(ValueRefusal::AgeUnknown)?;
        let priced_months = match basic.condition {
            Some(Condition::SecondHand) => {
                basic.bought_on.and_then(|day| months_between(day, as_of)).ok_or(ValueRefusal::AgeUnknown)?
            }
            _ => age_months,
        };
        let reported = papers.usage.hours_run_reported.map(|run| Hours { run, months: age_months });
        let maintenance = parameters.maintenance(&papers.usage, as_of);
        let (category, hours) = (basic.category, hours.or(reported));
        Ok(Self { category, price_fen, age_months, priced_months, hours, maintenance })
    }
}

/// Computes the value.
///
/// # Errors
/// The [`ValueRefusal`].
pub fn value(facts: &ValueFacts, parameters: &MarketParameters) -> Result<Valuation, ValueRefusal> {
    if facts.price_fen <= Fen::ZERO {
        return Err(ValueRefusal::PriceUnknown);
    }
    let rule = parameters.category(facts.category).ok_or(ValueRefusal::CategoryUnknown)?;
    let mut steps = vec![step(StepKey::Price, Some(WHOLE_PPM), facts.price_fen, price_words(facts))];
    let mut amount = facts.price_fen;
    let mut replacement = amount;
    let factors = [
        (StepKey::Replacement, rule.replacement_ppm, Words::new("按同类设备现行价格换算", "Prices of its kind today")),
        age(facts, rule),
        hours(facts, rule),
        (StepKey::Maintenance, rule.maintenance.of(facts.maintenance), facts.maintenance.words()),
        (StepKey::Market, rule.market_ppm, Words::new("同类二手设备成交情况", "How its kind sells second-hand")),
    ];
    for (key, factor_ppm, reason) in factors {
        amount = amount.times_ratio(factor_ppm, WHOLE_PPM)?;
        if key == StepKey::Replacement {
            replacement = amount;
        }
        steps.push(step(key, Some(factor_ppm), amount, reason));
    }
    let (value_fen, reason) = limited(amount, replacement, facts, rule)?;
    steps.push(step(StepKey::Limit, None, value_fen, reason));
    let (parameters_id, parameters_version) = (parameters.id.clone(), parameters.version);
    Ok(Valuation { value_fen, steps, facts: *facts, parameters_id, parameters_version })
}

fn step(key: StepKey, factor_ppm: Option<i64>, amount_after_fen: Fen, reason: Words) -> Step {
    Step { key, label: key.words(), factor_ppm, amount_after_fen, reason }
}

fn price_words(facts: &ValueFacts) -> Words {
    let months = facts.priced_months;
    Words::new(format!("{months}个月前的价格"), format!("The price of {months} months ago"))
}

/// Declining balance: (1 − rate) for each whole year, and the year's share by months for the rest.
fn age(facts: &ValueFacts, rule: &CategoryParameters) -> (StepKey, i64, Words) {
    let (whole, rate) = (i128::from(WHOLE_PPM), i128::from(rule.annual_decline_ppm.clamp(0, WHOLE_PPM)));
    let months = facts.priced_months.min(MONTHS_MAX);
    let years = months / 12;
    let left = (0..years).fold(FINE, |left, _| left * (whole - rate) / whole);
    let left = left * (whole * 12 - rate * i128::from(months % 12)) / (whole * 12);
    let share = share_words(rule.annual_decline_ppm);
    let reason = Words::new(
        format!("每年折减余额的{share}，共{}年{}个月", years, months % 12),
        format!("{share} of what is left per year, {years} years and {} months", months % 12),
    );
    (StepKey::Age, rounded(left, FINE / whole), reason)
}

/// Per tenth run beyond the usual hours a share comes off, per tenth short of them it is added.
fn hours(facts: &ValueFacts, rule: &CategoryParameters) -> (StepKey, i64, Words) {
    let Some(hours) = facts.hours else {
        return (StepKey::Hours, WHOLE_PPM, Words::new("无工时记录，不作调整", "No hours are known: no change"));
    };
    let usual = i64::from(rule.hours_per_month).saturating_mul(i64::from(hours.months));
    if usual == 0 {
        return (StepKey::Hours, WHOLE_PPM, Words::new("时间过短，不作调整", "Too short a time: no change"));
    }
    let run = hours.run.max(0);
    // only parameters that no check lets through saturate
    let beyond = i128::from(run) - i128::from(usual);
    let off =
        rounded(beyond.saturating_mul(i128::from(rule.hours_step_ppm.max(0))).saturating_mul(10), i128::from(usual));
    let cap = rule.hours_cap_ppm.clamp(0, WHOLE_PPM);
    let factor = WHOLE_PPM.saturating_sub(off.clamp(-cap, cap));
    let (step, cap) = (share_words(rule.hours_step_ppm), share_words(cap));
    let reason = Words::new(
        format!("{}个月运行{run}小时，同类一般为{usual}小时；每偏离10%调整{step}，最多{cap}", hours.months),
        format!("{run} hours in {} months, usually {usual}; {step} per 10 %, at most {cap}", hours.months),
    );
    (StepKey::Hours, factor, reason)
}

fn limited(
    amount: Fen,
    replacement: Fen,
    facts: &ValueFacts,
    rule: &CategoryParameters,
) -> Result<(Fen, Words), ValueRefusal> {
    let floor = replacement.times_ratio(rule.floor_ppm, WHOLE_PPM)?;
    let (share, years) = (share_words(rule.floor_ppm), rule.useful_life_months / 12);
    Ok(if facts.age_months >= rule.useful_life_months {
        let zh = format!("已超过使用年限{years}年，按残值（重置成本的{share}）计");
        (
            floor,
            Words::new(zh, format!("Past its useful life of {years} years: scrap, {share} of the replacement cost")),
        )
    } else if amount < floor {
        let zh = format!("低于残值，按残值（重置成本的{share}）计");
        (floor, Words::new(zh, format!("Below scrap: scrap, {share} of the replacement cost")))
    } else if amount > replacement {
        (replacement, Words::new("不高于重置成本", "Not above the replacement cost"))
    } else {
        (amount, Words::new("在残值与重置成本之间，不作调整", "Between scrap and replacement cost: no change"))
    })
}

fn share_words(ppm: i64) -> String {
    percent(rounded(i128::from(ppm), 100))
}
