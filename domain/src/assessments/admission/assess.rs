//! The evaluation itself: from everything collected about one firm to a total, a decision and its reasons.
//!
//! A pure function of scorecard, sources and date, in whole numbers and ordered collections only: evaluating again
//! gives the same answer to the byte.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::clean::{Cleaned, LeftOut, clean};
use super::condition::{Periods, TransactionCondition, side};
use super::decide::{Decision, DecisionReason, decide};
use super::indicators::IndicatorValue;
use super::integrity::{Gap, gaps, row_gap};
use super::measure::{Facts, measure};
use super::operating::{OperatingCondition, operating};
use super::period::Period;
use super::reasons::{explain, period};
use super::risks::{Risk, Shape};
use super::scorecard::Scorecard;
use super::series::{MonthRow, Series, month_rows};
use super::sources::{SourceKind, Sources};

/// Months of the stored series: two years, so that every month has its year-ago month beside it.
const SERIES_MONTHS: u32 = 24;

/// The rows left out, by direction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutBySide {
    /// Both directions together.
    #[serde(flatten)]
    pub all: LeftOut,
    /// Input invoices.
    #[serde(rename = "in")]
    pub purchases: LeftOut,
    /// Output invoices.
    #[serde(rename = "out")]
    pub sales: LeftOut,
}

/// The result of one evaluation, complete enough to be shown, stored and compared with a second run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Scorecard used.
    pub scorecard_id: String,
    /// Its version.
    pub scorecard_version: u32,
    /// Evaluation date.
    pub as_of: NaiveDate,
    /// The periods looked at.
    pub periods: Periods,
    /// Sum of the scores; higher is riskier.
    pub total: i64,
    /// Above it: refuse.
    pub acceptable_total: i64,
    /// Above it: review.
    pub review_total: i64,
    /// The decision.
    pub decision: Decision,
    /// Why.
    pub decision_reasons: Vec<DecisionReason>,
    /// Every risk of the scorecard in its order, those that score 0 included.
    pub risks: Vec<Risk>,
    /// Every indicator of the scorecard.
    pub indicators: BTreeMap<String, IndicatorValue>,
    /// Sources that are not there; they add 0.
    pub missing: Vec<SourceKind>,
    /// Invoice rows left out.
    pub left_out: LeftOutBySide,
    /// Gaps in what was collected.
    pub gaps: Vec<Gap>,
    /// Operating condition.
    pub operating: OperatingCondition,
    /// Transaction condition.
    pub transactions: TransactionCondition,
    /// Purchases and sales by month over two years.
    pub months: Vec<MonthRow>,
}

impl Assessment {
    /// The risks that score, heaviest first (order of the scorecard among equals).
    pub fn scoring(&self) -> Vec<&Risk> {
        let mut risks: Vec<&Risk> = self.risks.iter().filter(|risk| risk.score > 0).collect();
        risks.sort_by_key(|risk| std::cmp::Reverse(risk.score));
        risks
    }
}

/// Evaluates one firm as of a day. Total: any scorecard and any sources give an answer.
pub fn assess(scorecard: &Scorecard, sources: &Sources, as_of: NaiveDate) -> Assessment {
    let periods = Periods::of(Period::before(as_of, scorecard.window_months));
    let bought = sources.invoices_in.as_deref().map(|rows| clean(&scorecard.cleaning, rows, as_of));
    let sold = sources.invoices_out.as_deref().map(|rows| clean(&scorecard.cleaning, rows, as_of));
    let (purchases, sales) = (bought.as_ref().map(Series::of), sold.as_ref().map(Series::of));
    let begun = [&purchases, &sales].into_iter().flatten().filter_map(Series::first).min();
    let look = |rows: &Option<Cleaned<'_>>, series: &Option<Series>| {
        rows.as_ref().zip(series.as_ref()).map(|(rows, series)| side(rows, series, periods, begun))
    };
    let transactions = TransactionCondition { purchases: look(&bought, &purchases), sales: look(&sold, &sales) };
    let operating = operating(sources, as_of, periods.year, scorecard.changes_months);
    let facts = Facts { operating: &operating, transactions: &transactions, sales: sales.as_ref(), periods };
    let values = measure(&facts);

    let risks = score(scorecard, &values, periods, as_of);
    let total = risks.iter().fold(0_i64, |sum, risk| sum.saturating_add(risk.score));
    let mut gaps = gaps(sources);
    let mut left_out = LeftOutBySide::default();
    for (kind, rows) in [(SourceKind::InvoicesIn, &bought), (SourceKind::InvoicesOut, &sold)] {
        let Some(rows) = rows else { continue };
        let count = u64::try_from(rows.verdicts.len()).unwrap_or(u64::MAX);
        gaps.extend(row_gap(kind, &rows.left_out, count, scorecard.cleaning.bad_share_max_bp));
    }
    left_out.purchases = bought.map(|rows| rows.left_out).unwrap_or_default();
    left_out.sales = sold.map(|rows| rows.left_out).unwrap_or_default();
    left_out.all = left_out.purchases.plus(&left_out.sales);
    let missing = sources.missing();
    let (decision, decision_reasons) = decide(scorecard, total, &gaps, &missing);
    let two_years = periods.period.to.ending(SERIES_MONTHS.max(scorecard.window_months));
    let empty = Series::default();
    Assessment {
        scorecard_id: scorecard.id.clone(),
        scorecard_version: scorecard.version,
        as_of,
        periods,
        total,
        acceptable_total: scorecard.acceptable_total,
        review_total: scorecard.review_total,
        decision,
        decision_reasons,
        risks,
        indicators: shown(scorecard, &values),
        missing,
        left_out,
        gaps,
        operating,
        transactions,
        months: month_rows(purchases.as_ref().unwrap_or(&empty), sales.as_ref().unwrap_or(&empty), two_years),
    }
}

fn score(
    scorecard: &Scorecard,
    values: &BTreeMap<&'static str, Option<i64>>,
    periods: Periods,
    as_of: NaiveDate,
) -> Vec<Risk> {
    let mut risks = Vec::with_capacity(scorecard.risks.len());
    for rule in &scorecard.risks {
        let Some(def) = scorecard.indicator(&rule.indicator) else { continue };
        let value = values.get(def.id.as_str()).copied().flatten();
        let graded = match value {
            Some(value) => rule.shape.grade(value),
            None => unknown(&rule.shape),
        };
        let period_in = |language| period(def.window, periods, scorecard.changes_months, as_of, language);
        risks.push(explain(rule, def, value, graded, period_in));
    }
    risks
}

/// A value that cannot be known scores 0; the threshold is still named.
fn unknown(shape: &Shape) -> super::risks::Graded {
    let threshold = match shape {
        Shape::Excess { threshold, .. } => Some(*threshold),
        Shape::Above { bands } | Shape::Below { bands } => bands.first().map(|band| band.bound),
    };
    super::risks::Graded { score: 0, threshold }
}

fn shown(scorecard: &Scorecard, values: &BTreeMap<&'static str, Option<i64>>) -> BTreeMap<String, IndicatorValue> {
    let value = |id: &str| values.get(id).copied().flatten();
    scorecard
        .indicators
        .iter()
        .map(|def| {
            let shown = IndicatorValue {
                label_zh: def.label_zh.clone(),
                value: value(&def.id),
                unit: def.unit,
                window: def.window,
            };
            (def.id.clone(), shown)
        })
        .collect()
}
