//! An invoice as it came, and the reader of one CSV record of invoices.
//!
//! A file is never failed by one row: what cannot be read becomes `None` with a flaw that says which field and why,
//! and cleaning counts the row as bad.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::text::{parse_date, parse_fen, parse_void};

/// Which side of an invoice the firm stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Input invoice 进项: the firm bought.
    In,
    /// Output invoice 销项: the firm sold.
    Out,
}

/// Why a field of a row could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "field", rename_all = "snake_case")]
pub enum Flaw {
    /// The field is empty or absent.
    Empty(Field),
    /// The field holds something that is not what it should be.
    Unreadable(Field),
    /// The record has more fields than the heading, so its values may stand in the wrong columns.
    Surplus(Field),
}

/// The columns of an invoice file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Whose invoice it is.
    CompanyId,
    /// Invoice number, text.
    InvoiceNo,
    /// Day of issue.
    IssueDate,
    /// The other party.
    CounterpartyId,
    /// Amount without tax, yuan.
    Amount,
    /// Tax, yuan.
    Tax,
    /// Amount and tax, yuan.
    Total,
    /// Void mark.
    Void,
}

impl Field {
    /// All columns, in the order in which the publisher writes them.
    pub const ALL: [Field; 8] = [
        Field::CompanyId,
        Field::InvoiceNo,
        Field::IssueDate,
        Field::CounterpartyId,
        Field::Amount,
        Field::Tax,
        Field::Total,
        Field::Void,
    ];

    /// The heading of the column.
    pub fn name(self) -> &'static str {
        match self {
            Field::CompanyId => "company_id",
            Field::InvoiceNo => "invoice_no",
            Field::IssueDate => "issue_date",
            Field::CounterpartyId => "counterparty_id",
            Field::Amount => "amount",
            Field::Tax => "tax",
            Field::Total => "total",
            Field::Void => "void",
        }
    }
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Flaw::Empty(field) => write!(f, "{} is empty", field.name()),
            Flaw::Unreadable(field) => write!(f, "{} cannot be read", field.name()),
            Flaw::Surplus(_) => write!(f, "more fields than the heading"),
        }
    }
}

/// One invoice of one firm as it was collected; `None` where a field was absent or could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Bought or sold.
    pub direction: Direction,
    /// Invoice number as written, which may have lost leading zeros; empty where absent.
    #[serde(default)]
    pub number: Box<str>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// The other party's id; empty where the invoice names none (retail sales to persons).
    #[serde(default)]
    pub counterparty: Box<str>,
    /// Amount without tax, fen; negative on a red-letter invoice 红字发票.
    pub amount_fen: Option<i64>,
    /// Tax, fen.
    pub tax_fen: Option<i64>,
    /// Amount and tax, fen.
    pub total_fen: Option<i64>,
    /// Cancelled 作废; `None` where nobody says.
    pub void: Option<bool>,
    /// What could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
}

impl Invoice {
    /// Whether cleaning will count the row as bad: a flaw, no number, or a needed field without value. A missing
    /// counterparty is no such reason: the sale happened, only concentration cannot use it.
    pub fn is_bad(&self) -> bool {
        !self.flaws.is_empty()
            || self.number.trim().is_empty()
            || self.issued_on.is_none()
            || self.amount_fen.is_none()
            || self.tax_fen.is_none()
            || self.total_fen.is_none()
            || self.void.is_none()
    }
}

/// Where each column stands in a file's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    at: [usize; 8],
    width: usize,
}

impl Columns {
    /// Finds the columns by name in a heading; order, case, surrounding blanks, further columns and a byte order mark
    /// do not matter.
    ///
    /// # Errors
    /// The names of the needed columns that are not there, or that are there twice.
    pub fn find<'a>(heading: impl IntoIterator<Item = &'a str>) -> Result<Self, Vec<&'static str>> {
        let names: Vec<String> = heading
            .into_iter()
            .map(|name| name.trim_matches(['\u{feff}', ' ', '\t', '"']).to_ascii_lowercase())
            .collect();
        let mut columns = Columns { at: [0; 8], width: names.len() };
        let mut wrong = Vec::new();
        for (slot, field) in columns.at.iter_mut().zip(Field::ALL) {
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == field.name());
            match (found.next(), found.next()) {
                (Some((index, _)), None) => *slot = index,
                _ => wrong.push(field.name()),
            }
        }
        if wrong.is_empty() { Ok(columns) } else { Err(wrong) }
    }

    fn of(&self, field: Field) -> usize {
        let place = Field::ALL.iter().position(|other| *other == field).unwrap_or(0);
        self.at.get(place).copied().unwrap_or(usize::MAX)
    }
}

/// One record of an invoice file: the firm it belongs to and the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedRow {
    /// The firm; empty where the record names none.
    pub company_id: Box<str>,
    /// The invoice with its flaws.
    pub invoice: Invoice,
}

/// Reads one record. Never fails: what cannot be read is `None` and named in the invoice's flaws.
pub fn parse_record<'a>(
    columns: &Columns,
    direction: Direction,
    record_len: usize,
    field: impl Fn(usize) -> Option<&'a str>,
) -> ParsedRow {
    let text = |name: Field| field(columns.of(name)).unwrap_or("").trim();
    let mut flaws = Vec::new();
    if record_len > columns.width {
        flaws.push(Flaw::Surplus(Field::Void));
    }
    let company_id = text(Field::CompanyId);
    let number = text(Field::InvoiceNo);
    for (name, value) in [(Field::CompanyId, company_id), (Field::InvoiceNo, number)] {
        if value.is_empty() {
            flaws.push(Flaw::Empty(name));
        }
    }
    let issued_on = read(text(Field::IssueDate), Field::IssueDate, parse_date, &mut flaws);
    let amount_fen = read(text(Field::Amount), Field::Amount, parse_fen, &mut flaws);
    let tax_fen = read(text(Field::Tax), Field::Tax, parse_fen, &mut flaws);
    let total_fen = read(text(Field::Total), Field::Total, parse_fen, &mut flaws);
    let void = read(text(Field::Void), Field::Void, parse_void, &mut flaws);
    let counterparty = text(Field::CounterpartyId).into();
    let number = number.into();
    let invoice = Invoice { direction, number, issued_on, counterparty, amount_fen, tax_fen, total_fen, void, flaws };
    ParsedRow { company_id: company_id.into(), invoice }
}

fn read<T>(text: &str, field: Field, parse: impl Fn(&str) -> Option<T>, flaws: &mut Vec<Flaw>) -> Option<T> {
    let value = parse(text);
    if value.is_none() {
        flaws.push(if text.is_empty() { Flaw::Empty(field) } else { Flaw::Unreadable(field) });
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(heading: &str, line: &str) -> ParsedRow {
        let columns = Columns::find(heading.split('|')).unwrap();
        let fields: Vec<&str> = line.split('|').collect();
        parse_record(&columns, Direction::Out, fields.len(), |at| fields.get(at).copied())
    }

    const HEADING: &str = "company_id|invoice_no|issue_date|counterparty_id|amount|tax|total|void";

    #[test]
    fn rows_are_read_or_named() {
        for (line, flaws) in [
            ("E2|50137391|2017-01-04|A13902|311.32|18.68|330.00|0", vec![]),
            ("E2|0001|2017/1/4||-1,311.32|-18.68|-1330|TRUE", vec![]),
            ("E2|1|2017-13-04|A|311.32|18.68|330.00|0", vec![Flaw::Unreadable(Field::IssueDate)]),
            ("E2|1|2017-01-04|A|NaN|18.68|330.00|", vec![Flaw::Unreadable(Field::Amount), Flaw::Empty(Field::Void)]),
            (
                "|",
                vec![
                    Flaw::Empty(Field::CompanyId),
                    Flaw::Empty(Field::InvoiceNo),
                    Flaw::Empty(Field::IssueDate),
                    Flaw::Empty(Field::Amount),
                    Flaw::Empty(Field::Tax),
                    Flaw::Empty(Field::Total),
                    Flaw::Empty(Field::Void),
                ],
            ),
            (
                "E2|1|2017-01-04|A|1|311.32|18.68|330.00|0",
                vec![Flaw::Surplus(Field::Void), Flaw::Unreadable(Field::Void)],
            ),
        ] {
            let parsed = row(HEADING, line);
            assert_eq!(parsed.invoice.flaws, flaws, "{line}");
            assert_eq!(parsed.invoice.is_bad(), !flaws.is_empty(), "{line}");
        }
    }

    #[test]
    fn columns_are_found_by_name() {
        let parsed = row(
            "\u{feff}Void| total |note|tax|amount|counterparty_id|issue_date|invoice_no|COMPANY_ID",
            "1|330|x|18.68|311.32|A1|2017-01-04|007|E2",
        );
        assert_eq!((&*parsed.company_id, &*parsed.invoice.number), ("E2", "007"));
        assert_eq!((parsed.invoice.amount_fen, parsed.invoice.void), (Some(31_132), Some(true)));
        assert_eq!(Columns::find(["company_id", "tax", "tax"]).unwrap_err().len(), 7);
    }
}
