//! Invoices as they arrive: bytes become rows, each bad one kept with its flaw, and rows become a hash that can be made
//! again from what is stored.

use domain::assessments::admission::invoice::Field;
use domain::assessments::admission::{Columns, Direction, Flaw, Invoice, parse_record};
use sha2::{Digest, Sha256};

use super::csv_lines::Lines;

/// Most rows of one pull.
const ROWS_MAX: usize = 1_000_000;
/// Most characters kept of a number or a counterparty; more is a slipped column.
const TEXT_CHARS_MAX: usize = 200;

/// Reads a file of invoices of one firm.
///
/// # Errors
/// Why it is no such file, in words for staff.
pub(super) fn read(bytes: &[u8], direction: Direction) -> Result<Vec<Invoice>, String> {
    let mut lines = Lines::new(bytes);
    let heading = match lines.next_record() {
        Ok(Some(Ok(heading))) => heading,
        Ok(None) => return Err("文件为空，缺少表头".into()),
        _ => return Err("表头无法读取".into()),
    };
    let columns = Columns::find(&heading).map_err(|names| format!("表头缺少或重复列：{}", names.join("、")))?;
    let mut rows = Vec::new();
    while let Some(record) = lines.next_record().map_err(|_| "文件无法完整读取".to_string())? {
        if rows.len() >= ROWS_MAX {
            return Err(format!("发票超过{ROWS_MAX}行"));
        }
        rows.push(match record {
            Ok(record) => storable(parse_record(&columns, direction, record.len(), |at| record.get(at)).invoice),
            Err(_) => unreadable(direction),
        });
    }
    Ok(rows)
}

/// What a database can keep: a text with U+0000 or of absurd length is a flaw of its row, not a failure of the pull.
fn storable(mut invoice: Invoice) -> Invoice {
    for (field, text) in [(Field::InvoiceNo, &mut invoice.number), (Field::CounterpartyId, &mut invoice.counterparty)] {
        if text.contains('\0') || text.chars().nth(TEXT_CHARS_MAX).is_some() {
            *text = text.chars().filter(|char| *char != '\0').take(TEXT_CHARS_MAX).collect();
            invoice.flaws.push(Flaw::Unreadable(field));
        }
    }
    invoice
}

fn unreadable(direction: Direction) -> Invoice {
    Invoice {
        direction,
        number: "".into(),
        issued_on: None,
        counterparty: "".into(),
        amount_fen: None,
        tax_fen: None,
        total_fen: None,
        void: None,
        flaws: vec![Flaw::Unreadable(Field::CompanyId)],
    }
}

/// The flaws as stored; `None` where there are none.
pub(super) fn flaws_text(flaws: &[Flaw]) -> Option<String> {
    if flaws.is_empty() { None } else { serde_json::to_string(flaws).ok() }
}

/// The invoice of a stored row. A void mark that could not be read is known from the flaws, since the column has none.
#[allow(clippy::type_complexity, reason = "the columns of a row, in their order")]
pub(super) fn from_columns(
    direction: Direction,
    row: (String, Option<chrono::NaiveDate>, String, Option<i64>, Option<i64>, Option<i64>, bool, Option<String>),
) -> Invoice {
    let (number, issued_on, counterparty, amount_fen, tax_fen, total_fen, void, flaw) = row;
    let flaws: Vec<Flaw> = match flaw {
        None => Vec::new(),
        Some(text) => serde_json::from_str(&text).unwrap_or_else(|_| vec![Flaw::Unreadable(Field::CompanyId)]),
    };
    let no_void = |flaw: &Flaw| matches!(flaw, Flaw::Empty(Field::Void) | Flaw::Unreadable(Field::Void));
    let nothing_read = flaws.as_slice() == [Flaw::Unreadable(Field::CompanyId)];
    let void = if nothing_read || flaws.iter().any(no_void) { None } else { Some(void) };
    Invoice {
        direction,
        number: number.into_boxed_str(),
        issued_on,
        counterparty: counterparty.into_boxed_str(),
        amount_fen,
        tax_fen,
        total_fen,
        void,
        flaws,
    }
}

/// SHA-256 over the rows in their order, as they are stored.
pub(super) fn digest(rows: &[Invoice]) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut line = String::new();
    for row in rows {
        line.clear();
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let parts = [
            row.number.to_string(),
            row.issued_on.map(|day| day.to_string()).unwrap_or_default(),
            row.counterparty.to_string(),
            number(row.amount_fen),
            number(row.tax_fen),
            number(row.total_fen),
            row.void.map(|void| u8::from(void).to_string()).unwrap_or_default(),
            flaws_text(&row.flaws).unwrap_or_default(),
        ];
        for part in parts {
            line.push_str(&part);
            line.push('\u{1f}');
        }
        line.push('\n');
        hash.update(line.as_bytes());
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "company_id,invoice_no,issue_date,counterparty_id,amount,tax,total,void\n";

    fn stored(row: &Invoice) -> Invoice {
        let columns = (
            row.number.to_string(),
            row.issued_on,
            row.counterparty.to_string(),
            row.amount_fen,
            row.tax_fen,
            row.total_fen,
            row.void.unwrap_or(false),
            flaws_text(&row.flaws),
        );
        from_columns(row.direction, columns)
    }

    #[test]
    fn every_row_is_stored_and_read_back_as_it_came() {
        let text = format!(
            "{HEADING}E1,0001,2019-08-01,A1,100.00,13.00,113.00,0\nE1,0002,2019-08-02,A1,-1,-0.13,-1.13,1\n\
             E1,0003,2019-13-01,A1,x,13,113,?\nE1,0004,2019-08-03,,1,0,1,\nE1,a\u{0}b,2019-08-03,A,1,0,1,0\n"
        );
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(b"E1,\xff\xfe,2019-08-03,A,1,0,1,0\n");
        let rows = read(&bytes, Direction::Out).unwrap();
        assert_eq!(rows.iter().map(Invoice::is_bad).collect::<Vec<_>>(), [false, false, true, true, true, true]);
        let again: Vec<Invoice> = rows.iter().map(stored).collect();
        assert_eq!(again, rows);
        assert_eq!(digest(&again), digest(&rows));
        assert!(rows.iter().all(|row| !row.number.contains('\0')));
    }

    #[test]
    fn a_file_that_is_no_list_of_invoices_is_named() {
        for (text, why) in [("", "表头"), ("company_id,tax\n1,2\n", "invoice_no")] {
            let problem = read(text.as_bytes(), Direction::In).unwrap_err();
            assert!(problem.contains(why), "{problem}");
        }
        assert_eq!(read(HEADING.as_bytes(), Direction::In).unwrap(), vec![]);
    }
}
