//! The arithmetic behind each indicator id: from conditions to whole numbers.

use std::collections::BTreeMap;

use super::condition::{Periods, Side, TransactionCondition};
use super::indicators::tax_grade_number;
use super::operating::{OperatingCondition, ratio_bp};
use super::period::Period;
use super::series::Series;

/// What the indicators are computed from.
pub struct Facts<'a> {
    /// Operating condition.
    pub operating: &'a OperatingCondition,
    /// Transaction condition.
    pub transactions: &'a TransactionCondition,
    /// Months of sales, to compare declarations with.
    pub sales: Option<&'a Series>,
    /// The periods.
    pub periods: Periods,
}

/// An indicator's id and how its value is found.
type Measure = (&'static str, fn(&Facts<'_>) -> Option<i64>);

/// Every indicator this version of the program can compute. An id is never given a second meaning.
const MEASURES: [Measure; 38] = [
    ("sales_period", |f| sales(f).map(|side| side.period_fen)),
    ("sales_year", |f| sales(f).map(|side| side.year_fen)),
    ("purchases_period", |f| purchases(f).map(|side| side.period_fen)),
    ("purchases_year", |f| purchases(f).map(|side| side.year_fen)),
    ("sales_invoices_year", |f| sales(f).map(|side| whole(side.year_invoices))),
    ("sales_months_missing", |f| sales(f).map(|side| missing(&side.months_without))),
    ("purchase_months_missing", |f| purchases(f).map(|side| missing(&side.months_without))),
    ("sales_idle_months", |f| sales(f).map(|side| side.months_since_last)),
    ("sales_fall_previous", |f| sales(f)?.fall_previous_bp),
    ("sales_fall_year", |f| sales(f)?.fall_year_bp),
    ("sales_trend_fall", |f| sales(f)?.trend_fall_bp),
    ("sales_swing", |f| sales(f)?.swing_bp),
    ("sales_month_rise", |f| sales(f)?.month_rise_max_bp),
    ("sales_void_share", |f| sales(f)?.void_share_bp),
    ("sales_red_letter_share", |f| sales(f)?.red_letter_share_bp),
    ("buyers", |f| sales(f).map(|side| whole(side.counterparties.count))),
    ("buyer_top1", |f| sales(f)?.counterparties.top1_bp),
    ("buyer_top5", |f| sales(f)?.counterparties.top5_bp),
    ("buyer_hhi", |f| sales(f)?.counterparties.hhi_bp),
    ("suppliers", |f| purchases(f).map(|side| whole(side.counterparties.count))),
    ("supplier_top1", |f| purchases(f)?.counterparties.top1_bp),
    ("supplier_top5", |f| purchases(f)?.counterparties.top5_bp),
    ("supplier_hhi", |f| purchases(f)?.counterparties.hhi_bp),
    ("trading_months", trading_months),
    ("expenditure_ratio", expenditure_ratio),
    ("age_months", |f| f.operating.base.as_ref()?.age_months),
    ("history_months", |f| {
        let age = f.operating.base.as_ref().and_then(|base| base.age_months);
        age.max(trading_months(f))
    }),
    ("registration_changes", |f| f.operating.base.as_ref()?.changes),
    ("tax_grade", |f| tax_grade_number(f.operating.base.as_ref()?.tax_grade.as_deref()?)),
    ("declared_sales", |f| f.operating.declarations.as_ref().map(|part| part.sales_fen)),
    ("declared_gap", declared_gap),
    ("late_declarations", |f| f.operating.declarations.as_ref().map(|part| part.late)),
    ("tax_paid_year", |f| f.operating.payments.as_ref().map(|part| part.paid_fen)),
    ("overdue_payments", |f| f.operating.payments.as_ref().map(|part| part.overdue)),
    ("tax_arrears", |f| f.operating.payments.as_ref().map(|part| part.arrears_fen)),
    ("tax_violations", |f| f.operating.compliance.as_ref().map(|part| part.violations)),
    ("debt_ratio", |f| f.operating.financial.as_ref()?.debt_ratio_bp),
    ("net_margin", |f| f.operating.financial.as_ref()?.net_margin_bp),
];

/// Whether this program can compute an indicator of that id.
pub fn is_known(id: &str) -> bool {
    MEASURES.iter().any(|(known, _)| *known == id)
}

/// All indicators of one firm; `None` where the source is missing or says nothing about it.
pub fn measure(facts: &Facts<'_>) -> BTreeMap<&'static str, Option<i64>> {
    MEASURES.iter().map(|(id, value)| (*id, value(facts))).collect()
}

fn sales<'a>(facts: &Facts<'a>) -> Option<&'a Side> {
    facts.transactions.sales.as_ref()
}

fn purchases<'a>(facts: &Facts<'a>) -> Option<&'a Side> {
    facts.transactions.purchases.as_ref()
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn missing<T>(months: &[T]) -> i64 {
    i64::try_from(months.len()).unwrap_or(i64::MAX)
}

/// Months from the firm's first invoice of either direction to the period's end: a lower bound of its age.
fn trading_months(facts: &Facts<'_>) -> Option<i64> {
    let firsts = [sales(facts), purchases(facts)].into_iter().flatten().filter_map(|side| side.first);
    let first = firsts.min()?;
    Some(i64::from(facts.periods.period.to.since(first).saturating_add(1)).max(0))
}

/// Purchases ÷ sales of the period; where there are no invoices in it, costs ÷ income of the latest statement.
fn expenditure_ratio(facts: &Facts<'_>) -> Option<i64> {
    if let (Some(bought), Some(sold)) = (purchases(facts), sales(facts))
        && (bought.period_fen != 0 || sold.period_fen != 0)
    {
        return Some(ratio_bp(bought.period_fen, sold.period_fen));
    }
    let statement = facts.operating.financial.as_ref()?;
    Some(ratio_bp(statement.costs_fen?, statement.revenue_fen?))
}

/// How far declared and invoiced sales lie apart over the months that declarations span, of the larger of both.
fn declared_gap(facts: &Facts<'_>) -> Option<i64> {
    let declared = facts.operating.declarations.as_ref()?;
    let span: Period = declared.span?;
    let invoiced = facts.sales?.sum(span).net_fen;
    let apart = declared.sales_fen.saturating_sub(invoiced).saturating_abs();
    Some(ratio_bp(apart, declared.sales_fen.max(invoiced)))
}
