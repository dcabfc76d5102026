//! Operating and transaction condition as the document describes them. They are read back from what the domain writes, so
//! a figure that is missing here is refused by name and not lost.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view_parts::PeriodView;

/// Everything known about how the firm is run; each part is `None` where its source is missing.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatingView {
    /// Base and change information.
    pub base: Option<BaseView>,
    /// Declarations of the last twelve months.
    pub declarations: Option<DeclarationsView>,
    /// Payments of the last twelve months.
    pub payments: Option<PaymentsView>,
    /// Latest financial statement.
    pub financial: Option<FinancialView>,
    /// Tax violations on record.
    pub compliance: Option<ComplianceView>,
}

/// Base and change information.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BaseView {
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
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationsView {
    /// Declared VAT sales, fen.
    pub sales_fen: i64,
    /// The months that those declarations span, to compare invoices with.
    pub span: Option<PeriodView>,
    /// Declared late, or due and never declared.
    pub late: i64,
}

/// Payments due or made in the last twelve months.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentsView {
    /// Tax paid, fen.
    pub paid_fen: i64,
    /// Paid late, or due and not paid.
    pub overdue: i64,
    /// Due and not paid, fen.
    pub arrears_fen: i64,
}

/// What the latest financial statement says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinancialView {
    /// Day of the balance.
    pub balance_on: Option<NaiveDate>,
    /// Total assets, fen.
    pub assets_fen: Option<i64>,
    /// Total liabilities, fen.
    pub liabilities_fen: Option<i64>,
    /// Liabilities ÷ assets, basis points, at most `1000000`.
    pub debt_ratio_bp: Option<i64>,
    /// Operating income, fen.
    pub revenue_fen: Option<i64>,
    /// Operating costs, fen.
    pub costs_fen: Option<i64>,
    /// Net profit ÷ operating income, basis points; negative for a loss.
    pub net_margin_bp: Option<i64>,
}

/// Tax violations.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplianceView {
    /// On record up to the evaluation date.
    pub violations: i64,
    /// Of them not known to be settled.
    pub unsettled: i64,
    /// Fines, fen.
    pub fines_fen: i64,
}

/// Both directions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransactionsView {
    /// Up stream: from input invoices.
    pub purchases: Option<SideView>,
    /// Down stream: from output invoices.
    pub sales: Option<SideView>,
}

/// One direction of trade.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SideView {
    /// Net sum of the period, fen.
    pub period_fen: i64,
    /// Net sum of the previous period, where the firm had begun by then.
    pub previous_fen: Option<i64>,
    /// Net sum of the same months a year earlier, where the firm had begun by then.
    pub year_ago_fen: Option<i64>,
    /// Net sum of the last twelve months, fen.
    pub year_fen: i64,
    /// Invoices that count in the last twelve months.
    #[schema(minimum = 0)]
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
    pub months_without: Vec<String>,
    /// Months of the period without an invoice, whether or not the firm had begun.
    pub period_months_without: Vec<String>,
    /// Whole months at the end of the year without an invoice, at most twelve.
    pub months_since_last: i64,
    /// Month of the first invoice that counts.
    pub first: Option<String>,
    /// Void invoices of the last twelve months ÷ all issued, basis points.
    pub void_share_bp: Option<i64>,
    /// Red-letter sum of the last twelve months ÷ gross sum, basis points.
    pub red_letter_share_bp: Option<i64>,
    /// Who stands on the other side.
    pub counterparties: CounterpartiesView,
}

/// The other parties of the period and how much hangs on few of them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterpartiesView {
    /// Named parties with a positive net sum.
    #[schema(minimum = 0)]
    pub count: u64,
    /// Share of the largest, basis points.
    pub top1_bp: Option<i64>,
    /// Share of the five largest, basis points.
    pub top5_bp: Option<i64>,
    /// Herfindahl–Hirschman index, 0 to 10 000.
    pub hhi_bp: Option<i64>,
    /// The five largest.
    pub largest: Vec<CounterpartyShareView>,
}

/// One of the largest counterparties.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterpartyShareView {
    /// Its id as in the invoices.
    pub id: String,
    /// Net sum of the period, fen.
    pub net_fen: i64,
    /// Its share of all parties with a positive net sum, basis points.
    pub share_bp: i64,
}
