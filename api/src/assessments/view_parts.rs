//! The parts of an evaluation's view.

use domain::assessments::admission::indicators::IndicatorValue;
use domain::assessments::admission::risks::Risk;
use domain::assessments::admission::series::{MonthFigures, MonthRow};
use domain::assessments::admission::{DecisionReason, Gap, GapKind, Period};
use domain::assessments::personal::PersonalItem;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::data::{SourceView, UsedPull, source_of};
use crate::error::{Language, Result};

/// Whole months, both ends included.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PeriodView {
    /// First month.
    #[schema(example = "2026-05", max_length = 7)]
    pub from: String,
    /// Last month.
    #[schema(example = "2026-10", max_length = 7)]
    pub to: String,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        Self { from: period.from.to_string(), to: period.to.to_string() }
    }
}

/// Why the outcome is what it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReasonView {
    /// Stable code.
    #[schema(example = "over_review_total")]
    pub code: String,
    /// In Chinese.
    #[schema(example = "风险总分 75 高于复核总分 60，未超过可接受总分 100")]
    pub reason_zh: String,
    /// In English.
    pub reason_en: String,
}

impl From<DecisionReason> for ReasonView {
    fn from(reason: DecisionReason) -> Self {
        Self { code: reason.code, reason_zh: reason.reason_zh, reason_en: reason.reason_en }
    }
}

/// One risk with its score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RiskView {
    /// Stable id.
    #[schema(example = "violations")]
    pub id: String,
    /// Label in Chinese.
    #[schema(example = "税务违法违章")]
    pub label_zh: String,
    /// Label in English.
    #[schema(example = "Tax violations")]
    pub label_en: String,
    /// Score; 0 where nothing is wrong or nothing is known.
    #[schema(example = 12, minimum = 0)]
    pub score: i64,
    /// The indicator it is read from.
    pub indicator: Option<String>,
    /// The figure in the indicator's unit; null where it cannot be known.
    pub figure: Option<i64>,
    /// The threshold that was passed, or is to be passed first.
    pub threshold: Option<i64>,
    /// The period, in words.
    #[schema(example = "2026年5月至2026年10月")]
    pub period_zh: Option<String>,
    /// Figure, threshold and period in a sentence; null where it scores 0.
    pub reason_zh: Option<String>,
    /// The sentence in English.
    pub reason_en: Option<String>,
}

impl From<Risk> for RiskView {
    fn from(risk: Risk) -> Self {
        Self {
            id: risk.id,
            label_zh: risk.label_zh,
            label_en: risk.label_en,
            score: risk.score,
            indicator: Some(risk.indicator),
            figure: risk.figure,
            threshold: risk.threshold,
            period_zh: Some(risk.period_zh),
            reason_zh: risk.reason_zh,
            reason_en: risk.reason_en,
        }
    }
}

/// One item of a person's grade as a risk.
pub(super) fn personal_risk(item: PersonalItem) -> RiskView {
    let (label_zh, label_en) = match item.id.as_str() {
        "young" => ("年龄", "Age"),
        "old_at_end" => ("到期时年龄", "Age at the end of the term"),
        "amount_to_income" => ("申请金额与收入", "Amount against income"),
        "debt_to_income" => ("负债与收入", "Debts against income"),
        "term" => ("期限", "Term"),
        "years_in_trade" => ("从业年限", "Years in the trade"),
        "industry" => ("行业", "Industry"),
        "region" => ("地区", "Region"),
        _ => ("未填写", "Not stated"),
    };
    RiskView {
        id: item.id,
        label_zh: label_zh.into(),
        label_en: label_en.into(),
        score: item.score,
        indicator: None,
        figure: None,
        threshold: None,
        period_zh: None,
        reason_zh: item.reason_zh,
        reason_en: item.reason_en,
    }
}

/// The value of one indicator.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IndicatorView {
    /// Stable id.
    #[schema(example = "sales_period")]
    pub id: String,
    /// Label in Chinese.
    pub label_zh: String,
    /// The value in its unit; null where it cannot be known.
    pub value: Option<i64>,
    /// `fen`, `basis_points`, `count`, `months` or `tax_grade`.
    #[schema(example = "fen")]
    pub unit: String,
    /// `period`, `year`, `changes` or `history`.
    #[schema(example = "period")]
    pub window: String,
}

impl IndicatorView {
    pub(super) fn of((id, value): (String, IndicatorValue)) -> Result<Self> {
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Self {
            id,
            label_zh: value.label_zh,
            value: value.value,
            unit: word(serde_json::to_value(value.unit)?),
            window: word(serde_json::to_value(value.window)?),
        })
    }
}

/// A gap in what was collected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GapView {
    /// The source.
    pub source: SourceView,
    /// `failed`, `null`, `bad_rows`, `withheld` (the applicant did not authorise the source) or
    /// `differs` (the source says something else than the application).
    #[schema(example = "null")]
    pub kind: String,
    /// The field, where it is about one.
    pub field: Option<String>,
    /// Entries concerned.
    #[schema(minimum = 0)]
    pub count: u64,
    /// Whether it stops an automatic acceptance.
    pub blocking: bool,
    /// In words, in the caller's language.
    #[schema(example = "销项发票有 3 行无法读取（共 812 行）")]
    pub text: String,
}

impl GapView {
    pub(super) fn of(gap: Gap, language: Language) -> Self {
        let kind = match gap.kind {
            GapKind::Failed => "failed",
            GapKind::Null => "null",
            GapKind::BadRows => "bad_rows",
            GapKind::Withheld => "withheld",
            GapKind::Differs => "differs",
        };
        Self {
            source: gap.source.into(),
            kind: kind.into(),
            field: gap.field,
            count: gap.count,
            blocking: gap.blocking,
            text: language.choose(gap.text_zh, gap.text_en),
        }
    }
}

/// Invoice rows by what became of them, each counted once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LeftOutCounts {
    /// A needed field is absent or unreadable.
    #[schema(minimum = 0)]
    pub bad: u64,
    /// Cancelled 作废.
    #[schema(minimum = 0)]
    pub void: u64,
    /// The same number, day and amount came before.
    #[schema(minimum = 0)]
    pub duplicate: u64,
    /// Cannot be a real invoice.
    #[schema(minimum = 0)]
    pub abnormal: u64,
    /// Kept, and netting its month 红字发票.
    #[schema(minimum = 0)]
    pub red_letter: u64,
}

/// The same by direction.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LeftOutView {
    /// Input invoices.
    #[serde(rename(deserialize = "in"))]
    pub purchases: LeftOutCounts,
    /// Output invoices.
    #[serde(rename(deserialize = "out"))]
    pub sales: LeftOutCounts,
}

/// The invoices of one direction in one month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MonthFiguresView {
    /// Sum without tax, red-letter invoices deducted, fen.
    pub net_fen: i64,
    /// Of it the red-letter invoices, as a positive sum, fen.
    pub red_letter_fen: i64,
    /// Invoices that count.
    #[schema(minimum = 0)]
    pub invoices: u64,
    /// Void invoices.
    #[schema(minimum = 0)]
    pub voids: u64,
}

impl From<MonthFigures> for MonthFiguresView {
    fn from(month: MonthFigures) -> Self {
        Self {
            net_fen: month.net_fen,
            red_letter_fen: month.red_letter_fen,
            invoices: month.invoices,
            voids: month.voids,
        }
    }
}

/// One month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MonthView {
    /// The month.
    #[schema(example = "2026-10", max_length = 7)]
    pub month: String,
    /// Input invoices.
    pub purchases: MonthFiguresView,
    /// Output invoices.
    pub sales: MonthFiguresView,
}

impl From<MonthRow> for MonthView {
    fn from(row: MonthRow) -> Self {
        Self { month: row.month.to_string(), purchases: row.purchases.into(), sales: row.sales.into() }
    }
}

/// A pull that an evaluation rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InputView {
    /// The pull.
    #[schema(example = "pul_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub pull_id: String,
    /// The source.
    pub source: SourceView,
    /// What came of it.
    #[schema(example = "complete")]
    pub outcome: String,
    /// SHA-256 of what was kept, hexadecimal.
    #[schema(max_length = 64)]
    pub sha256: Option<String>,
}

impl InputView {
    pub(super) fn of(used: UsedPull) -> Option<Self> {
        Some(Self {
            pull_id: Id::<kind::Pull>::from_uuid(used.pull).to_string(),
            source: source_of(&used.source)?.into(),
            outcome: used.outcome,
            sha256: used.sha256,
        })
    }
}
