//! Monthly series: cleaned invoices transposed to months and summed (R11.4), and sums over periods.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clean::{CleanRow, Cleaned};
use super::period::{Month, Period};

/// The invoices of one direction in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFigures {
    /// Sum without tax, red-letter invoices deducted, fen.
    pub net_fen: i64,
    /// Of it the red-letter invoices, as a positive sum, fen.
    pub red_letter_fen: i64,
    /// Invoices that count, red-letter ones included.
    pub invoices: u64,
    /// Void invoices issued in the month.
    pub voids: u64,
}

impl MonthFigures {
    fn add(&mut self, other: &MonthFigures) {
        self.net_fen = self.net_fen.saturating_add(other.net_fen);
        self.red_letter_fen = self.red_letter_fen.saturating_add(other.red_letter_fen);
        self.invoices = self.invoices.saturating_add(other.invoices);
        self.voids = self.voids.saturating_add(other.voids);
    }
}

/// All months of one direction that have an invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    months: BTreeMap<Month, MonthFigures>,
}

impl Series {
    /// Transposes the rows of one direction to months.
    pub fn of(cleaned: &Cleaned<'_>) -> Self {
        let mut months: BTreeMap<Month, MonthFigures> = BTreeMap::new();
        // files are mostly in order of date: neighbours share a month, which saves most look-ups
        for group in cleaned.kept.chunk_by(|a, b| Month::of(a.issued_on) == Month::of(b.issued_on)) {
            let Some(first) = group.first() else { continue };
            months.entry(Month::of(first.issued_on)).or_default().add(&sum_rows(group));
        }
        for day in &cleaned.void_on {
            months.entry(Month::of(*day)).or_default().voids += 1;
        }
        Series { months }
    }

    /// The figures of a month, zero where there is none.
    pub fn month(&self, month: Month) -> MonthFigures {
        self.months.get(&month).copied().unwrap_or_default()
    }

    /// The sum over a period.
    pub fn sum(&self, period: Period) -> MonthFigures {
        let mut sum = MonthFigures::default();
        if period.from <= period.to {
            self.months.range(period.from..=period.to).for_each(|(_, month)| sum.add(month));
        }
        sum
    }

    /// First month with an invoice that counts.
    pub fn first(&self) -> Option<Month> {
        self.months.iter().find(|(_, figures)| figures.invoices > 0).map(|(month, _)| *month)
    }

    /// Last month up to `to` with an invoice that counts.
    pub fn last(&self, to: Month) -> Option<Month> {
        self.months.range(..=to).rev().find(|(_, figures)| figures.invoices > 0).map(|(month, _)| *month)
    }

    /// The months of the period without an invoice that counts, months before `not_before` excepted.
    pub fn without(&self, period: Period, not_before: Option<Month>) -> Vec<Month> {
        let from = not_before.map_or(period.from, |month| month.max(period.from));
        Period { from, to: period.to }.iter().filter(|month| self.month(*month).invoices == 0).collect()
    }

    /// Whether the firm had begun by the period's first month, so that a comparison with it is fair.
    pub fn covers(&self, period: Period) -> bool {
        self.first().is_some_and(|first| first <= period.from)
    }
}

fn sum_rows(rows: &[CleanRow<'_>]) -> MonthFigures {
    let mut sum = MonthFigures::default();
    for row in rows {
        sum.net_fen = sum.net_fen.saturating_add(row.amount_fen);
        sum.red_letter_fen = sum.red_letter_fen.saturating_add(row.amount_fen.saturating_neg().max(0));
        sum.invoices = sum.invoices.saturating_add(1);
    }
    sum
}

/// Purchases and sales of one month, as shown and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// Input invoices.
    pub purchases: MonthFigures,
    /// Output invoices.
    pub sales: MonthFigures,
}

/// The months of `period` from the firm's first invoice on, both directions side by side, empty months included.
pub fn month_rows(purchases: &Series, sales: &Series, period: Period) -> Vec<MonthRow> {
    let first = [purchases.first(), sales.first()].into_iter().flatten().min();
    let Some(first) = first else { return Vec::new() };
    Period { from: period.from.max(first), to: period.to }
        .iter()
        .map(|month| MonthRow { month, purchases: purchases.month(month), sales: sales.month(month) })
        .collect()
}
