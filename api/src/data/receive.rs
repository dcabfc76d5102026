//! What an answer holds: read, counted, hashed, and looked through for nulls that matter (R11.3).

use domain::assessments::admission::integrity::row_gap;
use domain::assessments::admission::{Direction, Invoice, LeftOut, Scorecard, SourceKind, Sources, gaps};
use sha2::{Digest, Sha256};

use super::{invoice_rows, json_source};

/// Most characters of a problem that are kept.
const PROBLEM_CHARS_MAX: usize = 500;

/// An answer, ready to be kept.
pub(super) struct Received {
    /// `complete`, `incomplete`, `absent`, `failed` or `refused`.
    pub(super) outcome: &'static str,
    pub(super) rows: usize,
    pub(super) sha256: Option<Vec<u8>>,
    pub(super) text: Option<String>,
    pub(super) invoices: Option<Vec<Invoice>>,
    pub(super) problem: Option<String>,
}

impl Received {
    /// An answer that holds no data.
    pub(super) fn nothing(outcome: &'static str, problem: Option<String>) -> Self {
        Self { outcome, rows: 0, sha256: None, text: None, invoices: None, problem: problem.map(short) }
    }
}

fn short(text: String) -> String {
    text.chars().take(PROBLEM_CHARS_MAX).collect()
}

/// Reads the bytes of one source. What cannot be read has failed; what lacks needed fields is incomplete, and both are
/// asked for again.
pub(super) fn receive(kind: SourceKind, bytes: Vec<u8>) -> Received {
    let read = match kind {
        SourceKind::InvoicesIn => invoices(kind, Direction::In, &bytes),
        SourceKind::InvoicesOut => invoices(kind, Direction::Out, &bytes),
        _ => json(kind, bytes),
    };
    read.unwrap_or_else(|why| Received::nothing("failed", Some(why)))
}

fn invoices(kind: SourceKind, direction: Direction, bytes: &[u8]) -> Result<Received, String> {
    let rows = invoice_rows::read(bytes, direction)?;
    let bad = rows.iter().filter(|row| row.is_bad()).count();
    let left_out = LeftOut { bad: bad as u64, ..LeftOut::default() };
    let share_max = Scorecard::standard().cleaning.bad_share_max_bp;
    let gap = row_gap(kind, &left_out, rows.len() as u64, share_max);
    Ok(Received {
        outcome: if gap.as_ref().is_some_and(|gap| gap.blocking) { "incomplete" } else { "complete" },
        rows: rows.len(),
        sha256: Some(invoice_rows::digest(&rows)),
        text: None,
        invoices: Some(rows),
        problem: gap.map(|gap| short(gap.text_zh)),
    })
}

fn json(kind: SourceKind, bytes: Vec<u8>) -> Result<Received, String> {
    let text = String::from_utf8(bytes).map_err(|_| "不是UTF-8文本".to_owned())?;
    let mut sources = Sources::default();
    let rows = json_source::fill(&mut sources, kind, &text)?;
    let gaps: Vec<String> = gaps(&sources).into_iter().filter(|gap| gap.blocking).map(|gap| gap.text_zh).collect();
    Ok(Received {
        outcome: if gaps.is_empty() { "complete" } else { "incomplete" },
        rows,
        sha256: Some(digest(&text)),
        text: Some(text),
        invoices: None,
        problem: if gaps.is_empty() { None } else { Some(short(gaps.join("；"))) },
    })
}

/// SHA-256 of a text.
pub(super) fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_are_found_and_garbage_has_failed() {
        let whole = r#"{"name":"示例","credit_code":"91350100M000100Y43","registered_on":"2015-01-02","changes":[]}"#;
        let heading = "company_id,invoice_no,issue_date,counterparty_id,amount,tax,total,void\n";
        let good = format!("{heading}E1,1,2019-08-01,A1,100,13,113,0\n");
        let bad = format!("{good}E1,2,2019-99-01,A1,100,13,113,0\n");
        for (kind, text, outcome, rows) in [
            (SourceKind::Registration, whole, "complete", 1),
            (SourceKind::Registration, r#"{"name":"示例"}"#, "incomplete", 1),
            (SourceKind::Registration, "not json", "failed", 0),
            (SourceKind::Violations, "[]", "complete", 0),
            (SourceKind::Payments, "[{}]", "incomplete", 1),
            (SourceKind::InvoicesOut, &good, "complete", 1),
            (SourceKind::InvoicesOut, &bad, "incomplete", 2),
            (SourceKind::InvoicesIn, "", "failed", 0),
        ] {
            let received = receive(kind, text.as_bytes().to_vec());
            assert_eq!((received.outcome, received.rows), (outcome, rows), "{text}");
            assert_eq!(received.problem.is_some(), outcome != "complete", "{text}");
            assert_eq!(received.sha256.is_some(), outcome != "failed", "{text}");
        }
    }
}
