//! Integrity of what was collected (R11.3): which pulls failed and which needed fields are null.
//!
//! A gap that blocks means that the data cannot carry an automatic decision, so a person looks at it. A source that was
//! never asked for is no gap: it is only missing. One that the applicant did not authorise is a gap, or else whoever
//! leaves out what stands against them would get the better decision.

use serde::{Deserialize, Serialize};

use super::clean::LeftOut;
use super::sources::{Registration, SourceKind, Sources};
use crate::person::same_enterprise_name;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The source was asked for and failed.
    Failed,
    /// Needed fields are null.
    Null,
    /// Invoice rows could not be read.
    BadRows,
    /// The applicant did not authorise the source.
    Withheld,
    /// The source says something else than the application.
    Differs,
}

/// One gap in the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The source.
    pub source: SourceKind,
    /// The field, where the gap is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// What is wrong.
    pub kind: GapKind,
    /// How many entries are concerned.
    pub count: u64,
    /// Whether it stops an automatic acceptance.
    pub blocking: bool,
    /// For staff.
    pub text_zh: String,
    /// For staff, in English.
    #[serde(default)]
    pub text_en: String,
}

/// The gaps of the sources apart from invoice rows (see [`row_gap`]), in the order of the sources.
pub fn gaps(sources: &Sources) -> Vec<Gap> {
    let mut found = Vec::new();
    for (&source, reason) in &sources.failed {
        let text_zh = format!("{}采集失败：{reason}", source.zh());
        let text_en = format!("Collecting failed: {}", source.en());
        found.push(Gap { source, field: None, kind: GapKind::Failed, count: 1, blocking: true, text_zh, text_en });
    }
    for &source in sources.withheld.iter().filter(|source| !sources.has(**source)) {
        let text_zh = format!("申请人未授权{}", source.zh());
        let text_en = format!("Not authorised by the applicant: {}", source.en());
        found.push(Gap { source, field: None, kind: GapKind::Withheld, count: 1, blocking: true, text_zh, text_en });
    }
    if let Some(registration) = &sources.registration {
        let fields = [
            ("name", registration.name.is_none()),
            ("credit_code", registration.credit_code.is_none()),
            ("registered_on", registration.registered_on.is_none()),
            ("changes", registration.changes.is_none()),
        ];
        for (field, null) in fields {
            nulls(&mut found, SourceKind::Registration, field, u64::from(null));
        }
        found.extend(another_name(registration, sources.stated_name.as_deref()));
        let changes = registration.changes.as_deref().unwrap_or(&[]);
        nulls(&mut found, SourceKind::Registration, "changes.changed_on", count(changes, |c| c.changed_on.is_none()));
    }
    if let Some(rows) = &sources.declarations {
        nulls(&mut found, SourceKind::Declarations, "period_to", count(rows, |row| row.period_to.is_none()));
        nulls(&mut found, SourceKind::Declarations, "sales_fen", count(rows, |row| row.sales_fen.is_none()));
    }
    if let Some(rows) = &sources.payments {
        nulls(&mut found, SourceKind::Payments, "amount_fen", count(rows, |row| row.amount_fen.is_none()));
        let undated = count(rows, |row| row.paid_on.is_none() && row.due_on.is_none());
        nulls(&mut found, SourceKind::Payments, "due_on", undated);
    }
    if let Some(rows) = &sources.financials {
        nulls(&mut found, SourceKind::Financials, "period_to", count(rows, |row| row.period_to.is_none()));
        nulls(&mut found, SourceKind::Financials, "assets_fen", count(rows, |row| row.assets_fen.is_none()));
        nulls(&mut found, SourceKind::Financials, "liabilities_fen", count(rows, |row| row.liabilities_fen.is_none()));
    }
    if let Some(rows) = &sources.violations {
        nulls(&mut found, SourceKind::Violations, "occurred_on", count(rows, |row| row.occurred_on.is_none()));
    }
    found
}

/// The registration of a firm with another name than the application's: whose data it is must be settled first.
fn another_name(registration: &Registration, stated: Option<&str>) -> Option<Gap> {
    let differs = !same_enterprise_name(registration.name.as_deref()?, stated?);
    let text_zh = "税务登记的企业名称与申请表填写的企业全称不一致".to_owned();
    let text_en = "The registered name differs from the full name in the application".to_owned();
    let (source, field) = (SourceKind::Registration, Some("name".to_owned()));
    differs.then_some(Gap { source, field, kind: GapKind::Differs, count: 1, blocking: true, text_zh, text_en })
}

fn count<T>(rows: &[T], is_null: impl Fn(&T) -> bool) -> u64 {
    u64::try_from(rows.iter().filter(|row| is_null(row)).count()).unwrap_or(u64::MAX)
}

fn nulls(found: &mut Vec<Gap>, source: SourceKind, field: &str, count: u64) {
    if count > 0 {
        let text_zh = format!("{}缺少字段 {field}（{count} 处为空）", source.zh());
        let text_en = format!("The field {field} is empty in {}: {count} times", source.en());
        let field = Some(field.to_string());
        found.push(Gap { source, field, kind: GapKind::Null, count, blocking: true, text_zh, text_en });
    }
}

/// The gap that unreadable invoice rows make. It blocks once they are more than `bad_share_max_bp` of the rows: one
/// smudged row in ten thousand does not change a judgement, one in ten does.
pub fn row_gap(source: SourceKind, left_out: &LeftOut, rows: u64, bad_share_max_bp: i64) -> Option<Gap> {
    if left_out.bad == 0 {
        return None;
    }
    let share = u128::from(left_out.bad) * 10_000 / u128::from(rows.max(1));
    let blocking = i128::try_from(share).unwrap_or(i128::MAX) > i128::from(bad_share_max_bp);
    let text_zh = format!("{}有 {} 行无法读取（共 {rows} 行）", source.zh(), left_out.bad);
    let text_en = format!("{} of {rows} rows cannot be read: {}", left_out.bad, source.en());
    Some(Gap { source, field: None, kind: GapKind::BadRows, count: left_out.bad, blocking, text_zh, text_en })
}
