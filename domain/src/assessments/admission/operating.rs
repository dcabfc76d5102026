//! Operating condition 经营状况 (R11.6): base and change information, tax payment, financial status, compliance.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::period::{Month, Period, months_before};
use super::sources::{Declaration, FinancialStatement, Payment, Registration, Sources, Violation};
use super::text::share_bp;

/// Ratios are cut off here (10 000 %): beyond it, or with nothing to divide by, only "far too much" is known.
pub const RATIO_MAX_BP: i64 = 1_000_000;

/// Everything known about how the firm is run; each part is `None` where its source is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatingCondition {
    /// Base and change information.
    pub base: Option<BaseCondition>,
    /// Declarations of the last twelve months.
    pub declarations: Option<DeclarationCondition>,
    /// Payments of the last twelve months.
    pub payments: Option<PaymentCondition>,
    /// Latest financial statement.
    pub financial: Option<FinancialCondition>,
    /// Tax violations on record.
    pub compliance: Option<ComplianceCondition>,
}

/// Base and change information.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseCondition {
    /// Whole months since registration.
    pub age_months: Option<i64>,
    /// Taxpayer credit grade, upper case.
    pub tax_grade: Option<String>,
    /// Changes within the scorecard's window of changes.
    pub changes: Option<i64>,
    /// Those changes by item.
    pub changes_by_item: BTreeMap<String, u64>,
}

/// Declarations due in the last twelve months.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationCondition {
    /// Declared VAT sales, fen.
    pub sales_fen: i64,
    /// The months that those declarations span, to compare invoices with.
    pub span: Option<Period>,
    /// Declared late, or due and never declared.
    pub late: i64,
}

/// Payments due or made in the last twelve months.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCondition {
    /// Tax paid, fen.
    pub paid_fen: i64,
    /// Paid late, or due and not paid.
    pub overdue: i64,
    /// Due and not paid, fen.
    pub arrears_fen: i64,
}

/// What the latest financial statement says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinancialCondition {
    /// Day of the balance.
    pub balance_on: Option<NaiveDate>,
    /// Total assets, fen.
    pub assets_fen: Option<i64>,
    /// Total liabilities, fen.
    pub liabilities_fen: Option<i64>,
    /// Liabilities ÷ assets, basis points, at most [`RATIO_MAX_BP`].
    pub debt_ratio_bp: Option<i64>,
    /// Operating income, fen.
    pub revenue_fen: Option<i64>,
    /// Operating costs, fen.
    pub costs_fen: Option<i64>,
    /// Net profit ÷ operating income, basis points; negative for a loss.
    pub net_margin_bp: Option<i64>,
}

/// Tax violations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplianceCondition {
    /// On record up to the evaluation date.
    pub violations: i64,
    /// Of them not known to be settled.
    pub unsettled: i64,
    /// Fines, fen.
    pub fines_fen: i64,
}

/// Looks at the tax data as they stood on `as_of`. `year` is the last twelve whole months.
pub fn operating(sources: &Sources, as_of: NaiveDate, year: Period, changes_months: u32) -> OperatingCondition {
    OperatingCondition {
        base: sources.registration.as_ref().map(|registration| base(registration, as_of, changes_months)),
        declarations: sources.declarations.as_deref().map(|rows| declarations(rows, as_of, year)),
        payments: sources.payments.as_deref().map(|rows| payments(rows, as_of)),
        financial: sources.financials.as_deref().and_then(|rows| financial(rows, as_of)),
        compliance: sources.violations.as_deref().map(|rows| compliance(rows, as_of)),
    }
}

fn base(registration: &Registration, as_of: NaiveDate, changes_months: u32) -> BaseCondition {
    let since = months_before(as_of, changes_months);
    let mut condition = BaseCondition {
        age_months: registration.registered_on.map(|day| i64::from(Month::of(as_of).since(Month::of(day)).max(0))),
        tax_grade: registration.tax_grade.as_ref().map(|grade| grade.trim().to_ascii_uppercase()),
        changes: registration.changes.as_ref().map(|_| 0),
        changes_by_item: BTreeMap::new(),
    };
    for change in registration.changes.as_deref().unwrap_or(&[]) {
        if change.changed_on.is_some_and(|day| since < day && day <= as_of) {
            condition.changes = condition.changes.map(|count| count.saturating_add(1));
            let item = change.item.clone().unwrap_or_else(|| "未注明".to_string());
            *condition.changes_by_item.entry(item).or_default() += 1;
        }
    }
    condition
}

fn declarations(rows: &[Declaration], as_of: NaiveDate, year: Period) -> DeclarationCondition {
    let since = months_before(as_of, 12);
    let mut condition = DeclarationCondition::default();
    for row in rows {
        let due_in_year = row.due_on.is_some_and(|due| since < due && due < as_of);
        let on_time = matches!((row.declared_on, row.due_on), (Some(declared), Some(due)) if declared <= due);
        if due_in_year && !on_time {
            condition.late = condition.late.saturating_add(1);
        }
        // other taxes repeat the same sales: only VAT is summed
        let vat =
            row.tax_type.as_deref().is_none_or(|kind| kind.contains("增值税") || kind.eq_ignore_ascii_case("vat"));
        let (Some(to), Some(sales), true) = (row.period_to.map(Month::of), row.sales_fen, vat) else { continue };
        let from = row.period_from.map_or(to, Month::of);
        if year.contains(from) && year.contains(to) {
            condition.sales_fen = condition.sales_fen.saturating_add(sales);
            let span = condition.span.unwrap_or(Period { from, to });
            condition.span = Some(Period { from: span.from.min(from), to: span.to.max(to) });
        }
    }
    condition
}

fn payments(rows: &[Payment], as_of: NaiveDate) -> PaymentCondition {
    let since = months_before(as_of, 12);
    let mut condition = PaymentCondition::default();
    for row in rows {
        let paid_on = row.paid_on.filter(|day| *day <= as_of);
        let amount = row.amount_fen.unwrap_or(0);
        if paid_on.is_some_and(|day| since < day) {
            condition.paid_fen = condition.paid_fen.saturating_add(amount);
        }
        let Some(due) = row.due_on.filter(|due| *due < as_of) else { continue };
        if paid_on.is_none() {
            condition.arrears_fen = condition.arrears_fen.saturating_add(amount.max(0));
        }
        if since < due && paid_on.is_none_or(|day| day > due) {
            condition.overdue = condition.overdue.saturating_add(1);
        }
    }
    condition
}

fn financial(rows: &[FinancialStatement], as_of: NaiveDate) -> Option<FinancialCondition> {
    let known = rows.iter().filter(|row| row.period_to.is_some_and(|day| day <= as_of));
    let latest = known.max_by_key(|row| row.period_to)?;
    let debt_ratio_bp = match (latest.liabilities_fen, latest.assets_fen) {
        (Some(liabilities), Some(assets)) => Some(ratio_bp(liabilities, assets)),
        _ => None,
    };
    let net_margin_bp = match (latest.net_profit_fen, latest.revenue_fen) {
        (Some(profit), Some(revenue)) if revenue > 0 => share_bp(profit, revenue),
        (Some(profit), _) if profit < 0 => Some(-RATIO_MAX_BP),
        _ => None,
    };
    Some(FinancialCondition {
        balance_on: latest.period_to,
        assets_fen: latest.assets_fen,
        liabilities_fen: latest.liabilities_fen,
        debt_ratio_bp,
        revenue_fen: latest.revenue_fen,
        costs_fen: latest.costs_fen,
        net_margin_bp: net_margin_bp.map(|margin| margin.clamp(-RATIO_MAX_BP, RATIO_MAX_BP)),
    })
}

/// `part ÷ whole` in basis points from 0 to [`RATIO_MAX_BP`], rounded up so that one fen over a threshold is over it;
/// with nothing to divide by, the most or, for no part, 0.
pub fn ratio_bp(part: i64, whole: i64) -> i64 {
    match (part > 0, whole > 0) {
        (false, _) => 0,
        (true, false) => RATIO_MAX_BP,
        (true, true) => {
            let ratio = (i128::from(part) * 10_000 + i128::from(whole) - 1) / i128::from(whole);
            i64::try_from(ratio).unwrap_or(RATIO_MAX_BP).min(RATIO_MAX_BP)
        }
    }
}

fn compliance(rows: &[Violation], as_of: NaiveDate) -> ComplianceCondition {
    let mut condition = ComplianceCondition::default();
    // a violation without a date still happened
    for row in rows.iter().filter(|row| row.occurred_on.is_none_or(|day| day <= as_of)) {
        condition.violations = condition.violations.saturating_add(1);
        if row.settled != Some(true) {
            condition.unsettled = condition.unsettled.saturating_add(1);
        }
        condition.fines_fen = condition.fines_fen.saturating_add(row.fine_fen.unwrap_or(0).max(0));
    }
    condition
}
