//! Transaction condition 交易状况 (R11.6): related parties up and down stream and how much hangs on few of them,
//! purchases and sales, continuity of invoicing, trend and swings.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::clean::Cleaned;
use super::operating::RATIO_MAX_BP;
use super::period::{Month, Period};
use super::series::Series;
use super::text::share_bp;

/// How many counterparties are named.
const NAMED_MAX: usize = 5;

/// The periods that an evaluation looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    /// The period itself.
    pub period: Period,
    /// The same length just before it.
    pub previous: Period,
    /// The same months a year earlier.
    pub year_ago: Period,
    /// The last twelve whole months.
    pub year: Period,
}

impl Periods {
    /// The periods that belong to a period.
    pub fn of(period: Period) -> Self {
        Periods {
            period,
            previous: period.earlier(period.months()),
            year_ago: period.earlier(12),
            year: period.to.ending(12),
        }
    }
}

/// Both directions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionCondition {
    /// Up stream: from input invoices.
    pub purchases: Option<Side>,
    /// Down stream: from output invoices.
    pub sales: Option<Side>,
}

/// One direction of trade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Net sum of the period, fen.
    pub period_fen: i64,
    /// Net sum of the previous period, where the firm had begun by then.
    pub previous_fen: Option<i64>,
    /// Net sum of the same months a year earlier, where the firm had begun by then.
    pub year_ago_fen: Option<i64>,
    /// Net sum of the last twelve months, fen.
    pub year_fen: i64,
    /// Invoices that count in the last twelve months.
    pub year_invoices: u64,
    /// Fall against the previous period, basis points; negative is growth.
    pub fall_previous_bp: Option<i64>,
    /// Fall against a year earlier, basis points; negative is growth.
    pub fall_year_bp: Option<i64>,
    /// Fall of the period's second half against its first, basis points; negative is growth.
    pub trend_fall_bp: Option<i64>,
    /// Swings: standard deviation ÷ mean of the months of the year, basis points.
    pub swing_bp: Option<i64>,
    /// Highest rise of a month of the period over the mean of the three before it, basis points.
    pub month_rise_max_bp: Option<i64>,
    /// Months of the last twelve without an invoice, counted from the firm's first invoice.
    pub months_without: Vec<Month>,
    /// Months of the period without an invoice, whether or not the firm had begun.
    pub period_months_without: Vec<Month>,
    /// Whole months at the end of the year without an invoice, at most twelve.
    pub months_since_last: i64,
    /// Month of the first invoice that counts.
    pub first: Option<Month>,
    /// Void invoices of the last twelve months ÷ all issued, basis points.
    pub void_share_bp: Option<i64>,
    /// Red-letter sum of the last twelve months ÷ gross sum, basis points.
    pub red_letter_share_bp: Option<i64>,
    /// Who stands on the other side.
    pub counterparties: Counterparties,
}

/// The other parties of the period and how much hangs on few of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterparties {
    /// Named parties with a positive net sum.
    pub count: u64,
    /// Share of the largest, basis points.
    pub top1_bp: Option<i64>,
    /// Share of the five largest, basis points.
    pub top5_bp: Option<i64>,
    /// Herfindahl–Hirschman index, 0 to 10 000.
    pub hhi_bp: Option<i64>,
    /// The five largest.
    pub largest: Vec<CounterpartyShare>,
}

/// One of the largest counterparties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterpartyShare {
    /// Its id as in the invoices.
    pub id: String,
    /// Net sum of the period, fen.
    pub net_fen: i64,
    /// Its share of all parties with a positive net sum, basis points.
    pub share_bp: i64,
}

/// Looks at one direction. `begun` is the firm's first month with an invoice of either direction.
pub fn side(cleaned: &Cleaned<'_>, series: &Series, periods: Periods, begun: Option<Month>) -> Side {
    let year = series.sum(periods.year);
    let period_fen = series.sum(periods.period).net_fen;
    let prior = |period: Period| begun.is_some_and(|first| first <= period.from).then(|| series.sum(period).net_fen);
    let (previous_fen, year_ago_fen) = (prior(periods.previous), prior(periods.year_ago));
    let half = i32::try_from(periods.period.months() / 2).unwrap_or(0);
    let first_half = Period { from: periods.period.from, to: periods.period.from.plus(half - 1) };
    let second_half = Period { from: periods.period.to.plus(1 - half), to: periods.period.to };
    let last = series.last(periods.year.to).map(|month| i64::from(periods.year.to.since(month)));
    let issued = year.invoices.saturating_add(year.voids);
    let gross = year.net_fen.saturating_add(year.red_letter_fen);
    Side {
        period_fen,
        previous_fen,
        year_ago_fen,
        year_fen: year.net_fen,
        year_invoices: year.invoices,
        fall_previous_bp: previous_fen.and_then(|before| fall_bp(before, period_fen)),
        fall_year_bp: year_ago_fen.and_then(|before| fall_bp(before, period_fen)),
        trend_fall_bp: fall_bp(series.sum(first_half).net_fen, series.sum(second_half).net_fen),
        swing_bp: swing_bp(series, periods.year, begun),
        month_rise_max_bp: month_rise_max_bp(series, periods.period),
        months_without: series.without(periods.year, begun),
        period_months_without: series.without(periods.period, None),
        months_since_last: last.unwrap_or(12).min(12),
        first: series.first(),
        void_share_bp: share_bp(clamped(year.voids), clamped(issued)),
        red_letter_share_bp: (year.red_letter_fen > 0)
            .then(|| share_bp(year.red_letter_fen, gross).unwrap_or(10_000))
            .or(share_bp(0, gross)),
        counterparties: counterparties(cleaned, periods.period),
    }
}

fn clamped(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How far `after` lies under `before`, basis points; `None` where there was nothing to fall from.
fn fall_bp(before: i64, after: i64) -> Option<i64> {
    let fall = share_bp(before.saturating_sub(after), before)?;
    Some(fall.clamp(-RATIO_MAX_BP, RATIO_MAX_BP))
}

/// Coefficient of variation of the months from the firm's first on; at least three months, else nothing is known.
fn swing_bp(series: &Series, year: Period, begun: Option<Month>) -> Option<i64> {
    // 10^15 fen a month is more than any firm sells, and keeps the squares inside i128
    let bound = 1_000_000_000_000_000_i64;
    let from = begun.map_or(year.from, |first| first.max(year.from));
    let months: Vec<i128> = Period { from, to: year.to }
        .iter()
        .map(|month| i128::from(series.month(month).net_fen.clamp(-bound, bound)))
        .collect();
    let count = i128::try_from(months.len()).ok().filter(|count| *count >= 3)?;
    let mean = months.iter().sum::<i128>() / count;
    if mean <= 0 {
        return None;
    }
    let variance = months.iter().map(|value| (value - mean) * (value - mean)).sum::<i128>() / count;
    let ratio = variance.unsigned_abs().isqrt().saturating_mul(10_000) / mean.unsigned_abs();
    Some(i64::try_from(ratio).unwrap_or(RATIO_MAX_BP).min(RATIO_MAX_BP))
}

fn month_rise_max_bp(series: &Series, period: Period) -> Option<i64> {
    let first = series.first()?;
    period
        .iter()
        .filter(|month| first <= month.plus(-3))
        .filter_map(|month| {
            let before = series.sum(month.plus(-1).ending(3)).net_fen / 3;
            fall_bp(before, series.month(month).net_fen).map(i64::saturating_neg)
        })
        .max()
}

fn counterparties(cleaned: &Cleaned<'_>, period: Period) -> Counterparties {
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for row in cleaned.kept.iter().filter(|row| !row.counterparty.is_empty()) {
        if period.contains(Month::of(row.issued_on)) {
            let sum = sums.entry(row.counterparty).or_default();
            *sum = sum.saturating_add(row.amount_fen);
        }
    }
    // ordered by size, then id, so that the answer does not hang on the order of a hash table
    let mut sums: Vec<(&str, i64)> = sums.into_iter().filter(|(_, sum)| *sum > 0).collect();
    sums.sort_unstable_by(|(id_a, a), (id_b, b)| b.cmp(a).then(id_a.cmp(id_b)));
    let whole = sums.iter().map(|(_, sum)| i128::from(*sum)).sum::<i128>();
    if whole <= 0 {
        return Counterparties::default();
    }
    let bp = |part: i128| i64::try_from(part.saturating_mul(10_000) / whole).unwrap_or(10_000);
    let top5 = sums.iter().take(NAMED_MAX).map(|(_, sum)| i128::from(*sum)).sum::<i128>();
    let squares = sums.iter().map(|(_, sum)| (i128::from(*sum) * 1_000_000 / whole).pow(2)).sum::<i128>();
    let largest = sums
        .iter()
        .take(NAMED_MAX)
        .map(|(id, sum)| CounterpartyShare { id: (*id).to_string(), net_fen: *sum, share_bp: bp(i128::from(*sum)) })
        .collect();
    Counterparties {
        count: u64::try_from(sums.len()).unwrap_or(u64::MAX),
        top1_bp: sums.first().map(|(_, sum)| bp(i128::from(*sum))),
        top5_bp: Some(bp(top5)),
        // shares in millionths, squared, back to basis points
        hhi_bp: i64::try_from(squares / 100_000_000).ok(),
        largest,
    }
}
