//! Tax data as it arrives: the documented JSON of each source, checked before it is kept.

use domain::assessments::admission::{SourceKind, Sources};
use serde::de::DeserializeOwned;

/// Most entries of one source.
const ENTRIES_MAX: usize = 10_000;

/// Puts the JSON of one source where it belongs, and says how many entries it has.
///
/// # Errors
/// Why it is not in the documented form, by place only: the text itself may hold personal data.
pub(super) fn fill(sources: &mut Sources, kind: SourceKind, text: &str) -> Result<usize, String> {
    if text.contains("\\u0000") || text.contains('\0') {
        return Err("含有不允许的字符U+0000".into());
    }
    let count = match kind {
        SourceKind::Registration => {
            let registration = parse(text)?;
            sources.registration = Some(registration);
            1
        }
        SourceKind::Declarations => list(text, &mut sources.declarations)?,
        SourceKind::Payments => list(text, &mut sources.payments)?,
        SourceKind::Financials => list(text, &mut sources.financials)?,
        SourceKind::Violations => list(text, &mut sources.violations)?,
        SourceKind::InvoicesIn | SourceKind::InvoicesOut => return Err("发票不是JSON来源".into()),
    };
    Ok(count)
}

fn list<T: DeserializeOwned>(text: &str, slot: &mut Option<Vec<T>>) -> Result<usize, String> {
    let rows: Vec<T> = parse(text)?;
    if rows.len() > ENTRIES_MAX {
        return Err(format!("超过{ENTRIES_MAX}条"));
    }
    let count = rows.len();
    *slot = Some(rows);
    Ok(count)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|error| format!("第{}行第{}列不符合约定格式", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_is_read_or_refused_by_place() {
        let rows = [
            (SourceKind::Registration, r#"{"name":"示例","changes":[]}"#, Ok(1)),
            (SourceKind::Violations, "[]", Ok(0)),
            (SourceKind::Payments, r#"[{"amount_fen":100,"paid_on":"2026-01-02"},{}]"#, Ok(2)),
            (SourceKind::Payments, r#"[{"amount_fen":"张三"}]"#, Err("第1行")),
            (SourceKind::Declarations, "{", Err("第1行")),
            (SourceKind::Financials, r#"[{"period_to":"\u0000"}]"#, Err("U+0000")),
        ];
        for (kind, text, expected) in rows {
            let mut sources = Sources::default();
            match (fill(&mut sources, kind, text), expected) {
                (Ok(count), Ok(wanted)) => assert_eq!((count, sources.has(kind)), (wanted, true)),
                (Err(why), Err(part)) => assert!(why.contains(part) && !why.contains("张三"), "{why}"),
                (got, wanted) => panic!("{text}: {got:?}, expected {wanted:?}"),
            }
        }
    }
}
