//! The tax data of one firm as adapters hand it over: the documented JSON shapes of R11.2.
//!
//! Every field may be null, because outside systems leave fields out; `integrity` names the nulls that matter. A source
//! that was not asked for, or never answered, is `None`: it adds nothing to the score and is named as missing.
//!
//! Files of the file adapter (amounts in fen, dates `yyyy-mm-dd`):
//! - `registration.json`: one object, [`Registration`]
//! - `declarations.json`: array of [`Declaration`]
//! - `payments.json`: array of [`Payment`]
//! - `financials.json`: array of [`FinancialStatement`]
//! - `violations.json`: array of [`Violation`]; an empty array means "asked, none on record"

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::invoice::Invoice;

/// The kinds of source an admission draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Tax registration and its changes 税务登记及变更.
    Registration,
    /// Tax declarations 纳税申报.
    Declarations,
    /// Tax payments 税款缴纳.
    Payments,
    /// Financial statements 财务报表.
    Financials,
    /// Tax violations 税务违法违章.
    Violations,
    /// Input invoices 进项发票.
    InvoicesIn,
    /// Output invoices 销项发票.
    InvoicesOut,
}

impl SourceKind {
    /// All kinds, in the order in which they are named to people.
    pub const ALL: [SourceKind; 7] = [
        SourceKind::Registration,
        SourceKind::Declarations,
        SourceKind::Payments,
        SourceKind::Financials,
        SourceKind::Violations,
        SourceKind::InvoicesIn,
        SourceKind::InvoicesOut,
    ];

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            SourceKind::Registration => "税务登记信息",
            SourceKind::Declarations => "纳税申报信息",
            SourceKind::Payments => "税款缴纳信息",
            SourceKind::Financials => "财务报表",
            SourceKind::Violations => "税务违法违章信息",
            SourceKind::InvoicesIn => "进项发票",
            SourceKind::InvoicesOut => "销项发票",
        }
    }

    /// The English name.
    pub fn en(self) -> &'static str {
        match self {
            SourceKind::Registration => "tax registration",
            SourceKind::Declarations => "tax declarations",
            SourceKind::Payments => "tax payments",
            SourceKind::Financials => "financial statements",
            SourceKind::Violations => "tax violations",
            SourceKind::InvoicesIn => "input invoices",
            SourceKind::InvoicesOut => "output invoices",
        }
    }
}

/// Tax registration of the firm, with what changed in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// Registered name.
    pub name: Option<String>,
    /// Unified social credit code (GB 32100).
    pub credit_code: Option<String>,
    /// Day of registration.
    pub registered_on: Option<NaiveDate>,
    /// Legal representative.
    pub legal_representative: Option<String>,
    /// Registered capital, fen.
    pub registered_capital_fen: Option<i64>,
    /// Industry, GB/T 4754 code or name.
    pub industry: Option<String>,
    /// Region, GB/T 2260 code or name.
    pub region: Option<String>,
    /// Taxpayer credit grade 纳税信用等级: A, B, M, C or D (国家税务总局公告2014年第40号, 2018年第8号).
    pub tax_grade: Option<String>,
    /// Changes of registration; null where the source does not say whether there were any.
    pub changes: Option<Vec<RegistrationChange>>,
}

/// One change of a registered item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegistrationChange {
    /// Day of the change.
    pub changed_on: Option<NaiveDate>,
    /// What changed, such as 法定代表人, 注册地址, 经营范围, 股东.
    pub item: Option<String>,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// One tax declaration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Declaration {
    /// Kind of tax, such as 增值税 or 企业所得税.
    pub tax_type: Option<String>,
    /// First day of the tax period.
    pub period_from: Option<NaiveDate>,
    /// Last day of the tax period.
    pub period_to: Option<NaiveDate>,
    /// Last day for declaring.
    pub due_on: Option<NaiveDate>,
    /// Day of declaration; null where it was never declared.
    pub declared_on: Option<NaiveDate>,
    /// Declared sales, fen.
    pub sales_fen: Option<i64>,
    /// Declared tax, fen.
    pub tax_due_fen: Option<i64>,
}

/// One payment of tax.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payment {
    /// Kind of tax.
    pub tax_type: Option<String>,
    /// First day of the tax period.
    pub period_from: Option<NaiveDate>,
    /// Last day of the tax period.
    pub period_to: Option<NaiveDate>,
    /// Last day for paying.
    pub due_on: Option<NaiveDate>,
    /// Day of payment; null where not yet paid.
    pub paid_on: Option<NaiveDate>,
    /// Amount due for the period, fen.
    pub amount_fen: Option<i64>,
}

/// One financial statement: the balance at its last day and the income of its period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FinancialStatement {
    /// First day of the period.
    pub period_from: Option<NaiveDate>,
    /// Last day of the period, on which the balance stands.
    pub period_to: Option<NaiveDate>,
    /// Total assets 资产总计, fen.
    pub assets_fen: Option<i64>,
    /// Total liabilities 负债合计, fen.
    pub liabilities_fen: Option<i64>,
    /// Operating income 营业收入, fen.
    pub revenue_fen: Option<i64>,
    /// Operating costs and expenses 营业总成本, fen.
    pub costs_fen: Option<i64>,
    /// Net profit 净利润, fen.
    pub net_profit_fen: Option<i64>,
}

/// One tax violation on record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Violation {
    /// Day of the violation or of its record.
    pub occurred_on: Option<NaiveDate>,
    /// Kind, such as 逾期未申报 or 虚开发票.
    pub kind: Option<String>,
    /// What the record says.
    pub description: Option<String>,
    /// Fine, fen.
    pub fine_fen: Option<i64>,
    /// Whether it has been settled.
    pub settled: Option<bool>,
}

/// Everything collected about one firm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sources {
    /// Tax registration.
    pub registration: Option<Registration>,
    /// Tax declarations.
    pub declarations: Option<Vec<Declaration>>,
    /// Tax payments.
    pub payments: Option<Vec<Payment>>,
    /// Financial statements.
    pub financials: Option<Vec<FinancialStatement>>,
    /// Tax violations.
    pub violations: Option<Vec<Violation>>,
    /// Input invoices of this firm.
    pub invoices_in: Option<Vec<Invoice>>,
    /// Output invoices of this firm.
    pub invoices_out: Option<Vec<Invoice>>,
    /// Sources that were asked for and failed to the last try, with the adapter's reason.
    pub failed: BTreeMap<SourceKind, String>,
    /// The enterprise's name as the application states it, where there is an application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_name: Option<String>,
    /// Sources that the applicant did not authorise. Empty where nobody was asked, as with files in a folder.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub withheld: BTreeSet<SourceKind>,
}

impl Sources {
    /// Whether the source answered.
    pub fn has(&self, kind: SourceKind) -> bool {
        match kind {
            SourceKind::Registration => self.registration.is_some(),
            SourceKind::Declarations => self.declarations.is_some(),
            SourceKind::Payments => self.payments.is_some(),
            SourceKind::Financials => self.financials.is_some(),
            SourceKind::Violations => self.violations.is_some(),
            SourceKind::InvoicesIn => self.invoices_in.is_some(),
            SourceKind::InvoicesOut => self.invoices_out.is_some(),
        }
    }

    /// The sources that are not there, in the order of [`SourceKind::ALL`].
    pub fn missing(&self) -> Vec<SourceKind> {
        SourceKind::ALL.into_iter().filter(|kind| !self.has(*kind)).collect()
    }
}
