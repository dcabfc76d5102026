//! The demonstration firms' data, as the file adapter reads it: real invoices (an excerpt, see `data/README.md`) moved
//! forward by whole months so that they end now, and fictional tax data that fits each firm's part in the story.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::Context;
use chrono::{Datelike, Months, NaiveDate};
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// A fictional firm with real invoices.
pub struct Firm {
    /// Its full name, marked 示例.
    pub name: &'static str,
    /// Its credit code, valid and fictional.
    pub credit_code: &'static str,
    /// Division of GB/T 2260.
    pub region: &'static str,
    /// Class of GB/T 4754.
    pub industry: &'static str,
    /// Its legal representative, fictional; whoever consents for it.
    pub legal_representative: &'static str,
    /// Violations on record.
    pub violations: usize,
    /// Assets and liabilities, fen.
    pub balance_fen: (i64, i64),
    purchases: &'static [u8],
    sales: &'static [u8],
}

macro_rules! firm {
    ($code:literal, $name:literal, $person:literal, $industry:literal, $violations:literal, $balance:expr) => {
        Firm {
            name: $name,
            legal_representative: $person,
            credit_code: $code,
            region: "330106",
            industry: $industry,
            violations: $violations,
            balance_fen: $balance,
            purchases: include_bytes!(concat!("data/", $code, "_invoices_in.csv.gz")),
            sales: include_bytes!(concat!("data/", $code, "_invoices_out.csv.gz")),
        }
    };
}

/// An ID number that is nobody's (born 1899), for whoever consents in the demonstration.
pub const ID_NUMBER: &str = "110101189912310001";

/// The firms, the sound one first.
pub const FIRMS: [Firm; 5] = [
    firm!(
        "9133010099DEM0013K",
        "示例一号智能设备有限公司（示例）",
        "示例法人甲",
        "3499",
        0,
        (420_000_000, 150_000_000)
    ),
    firm!("9133010099DEM0021E", "示例二号食品加工有限公司（示例）", "示例法人乙", "1499", 1, (180_000_000, 90_000_000)),
    firm!("9133010099DEM003X6", "示例三号商贸有限公司（示例）", "示例法人丙", "5191", 8, (60_000_000, 90_000_000)),
    firm!("9133010099DEM00486", "示例四号建材有限公司（示例）", "示例法人丁", "5165", 2, (600_000_000, 400_000_000)),
    firm!("9133010099DEM00561", "示例五号农机服务有限公司（示例）", "示例法人戊", "0512", 0, (50_000_000, 20_000_000)),
];

/// The last whole month of the published series.
const SERIES_ENDS: (i32, u32) = (2020, 1);

/// Writes every firm's folder under `dir`.
///
/// # Errors
/// If a file cannot be written.
pub fn write(dir: &Path, today: NaiveDate) -> anyhow::Result<()> {
    for firm in &FIRMS {
        let folder = dir.join(firm.credit_code);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        for (name, packed) in [("invoices_in.csv.gz", firm.purchases), ("invoices_out.csv.gz", firm.sales)] {
            fs::write(folder.join(name), moved(packed, today)?)?;
        }
        for (name, content) in tax_data(firm, today) {
            fs::write(folder.join(name), serde_json::to_vec_pretty(&content)?)?;
        }
    }
    Ok(())
}

/// The invoices with their dates moved so that the month before `today`'s is the last whole one; what would lie in the
/// future is left out.
fn moved(packed: &[u8], today: NaiveDate) -> anyhow::Result<Vec<u8>> {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text)?;
    let month = |year: i32, month: u32| i64::from(year) * 12 + i64::from(month) - 1;
    let by = month(today.year(), today.month()) - 1 - month(SERIES_ENDS.0, SERIES_ENDS.1);
    let by = Months::new(u32::try_from(by.max(0))?);
    let mut out = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for (number, line) in text.lines().enumerate() {
        if number == 0 {
            writeln!(out, "{line}")?;
            continue;
        }
        let mut cells: Vec<&str> = line.split(',').collect();
        let date: NaiveDate = cells.get(2).context("a date")?.parse()?;
        let date = date.checked_add_months(by).context("a date out of range")?;
        if date <= today {
            let date = date.to_string();
            if let Some(cell) = cells.get_mut(2) {
                *cell = &date;
            }
            writeln!(out, "{}", cells.join(","))?;
        }
    }
    Ok(out.finish()?)
}

fn tax_data(firm: &Firm, today: NaiveDate) -> [(&'static str, Value); 5] {
    let ago = |months: u32| today.checked_sub_months(Months::new(months)).unwrap_or(today).to_string();
    let period = |months: u32| {
        let first = today.with_day(1).unwrap_or(today).checked_sub_months(Months::new(months)).unwrap_or(today);
        let last = first.checked_add_months(Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(first);
        (first.to_string(), last.to_string())
    };
    let (assets, liabilities) = firm.balance_fen;
    let months: Vec<u32> = (1..=12).collect();
    let declarations: Vec<Value> = months
        .iter()
        .map(|m| {
            let (from, to) = period(*m);
            json!({ "tax_type": "增值税", "period_from": from, "period_to": to, "due_on": null, "declared_on": to,
                    "sales_fen": assets / 12, "tax_due_fen": assets / 12 * 3 / 100 })
        })
        .collect();
    let payments: Vec<Value> = months
        .iter()
        .map(|m| {
            let (from, to) = period(*m);
            json!({ "tax_type": "增值税", "period_from": from, "period_to": to, "due_on": to, "paid_on": to,
                    "amount_fen": assets / 12 * 3 / 100 })
        })
        .collect();
    let (from, to) = (ago(12), ago(1));
    let violations: Vec<Value> = (0..firm.violations)
        .map(|n| {
            let months = u32::try_from(n).unwrap_or(0) * 2 + 2;
            json!({ "occurred_on": ago(months), "kind": "逾期申报", "description": "示例：未按期申报", "fine_fen": 20_000, "settled": true })
        })
        .collect();
    [
        (
            "registration.json",
            json!({
                "name": firm.name, "credit_code": firm.credit_code, "registered_on": ago(96), "legal_representative": firm.legal_representative,
                "registered_capital_fen": 100_000_000, "industry": firm.industry, "region": firm.region, "tax_grade": "B",
                "changes": [{ "changed_on": ago(18), "item": "经营范围", "before": "示例", "after": "示例（增项）" }],
            }),
        ),
        ("declarations.json", Value::Array(declarations)),
        ("payments.json", Value::Array(payments)),
        (
            "financials.json",
            json!([{ "period_from": from, "period_to": to, "assets_fen": assets, "liabilities_fen": liabilities,
                     "revenue_fen": assets, "costs_fen": assets * 8 / 10, "net_profit_fen": assets / 20 }]),
        ),
        ("violations.json", Value::Array(violations)),
    ]
}
