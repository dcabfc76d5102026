//! What bodies have in common: a reason and a document, amounts, ids.

use domain::applications::action::{REASON_CHARS_MAX, Reason};
use domain::id::{Id, Kind};
use uuid::Uuid;

use crate::error::{Error, FieldProblem, Result};
use crate::limits::ledger::Why;
use crate::platform::http::Checks;

/// Most characters of a document's number.
pub(in crate::limits) const DOCUMENT_CHARS_MAX: usize = 100;

/// Reads the reason, which stands at `pointer`, and the document that every entry says.
pub(in crate::limits) fn why(pointer: &str, reason: &str, document: Option<&str>) -> Result<Why> {
    let mut checks = Checks::new();
    let parsed = Reason::parse(reason);
    if parsed.is_err() {
        checks.problem(
            pointer,
            "reason_missing",
            format!("请填写事由（1至{REASON_CHARS_MAX}字，不含控制字符）"),
            format!("give a reason of 1 to {REASON_CHARS_MAX} characters without control characters"),
        );
    }
    let document = document.map(|text| checks.maybe_line("/document", text, DOCUMENT_CHARS_MAX));
    match parsed {
        Ok(reason) => {
            checks.done()?;
            Ok(Why { reason, document: document.filter(|text| !text.is_empty()) })
        }
        Err(_) => Err(checks.refuse()),
    }
}

/// Reads an id of one kind at a place of the body.
pub(in crate::limits) fn id<K: Kind>(pointer: &str, text: &str) -> Result<Uuid> {
    Id::<K>::parse(text).map(|id| id.uuid()).ok_or_else(|| {
        let zh = format!("请填写以{}_开头的编号", K::PREFIX);
        let en = format!("give an id that begins with {}_", K::PREFIX);
        Error::fields(vec![FieldProblem::new(pointer, "id_format", zh, en)])
    })
}

/// The same where it may be left out.
pub(in crate::limits) fn maybe_id<K: Kind>(pointer: &str, text: Option<&str>) -> Result<Option<Uuid>> {
    text.map(|text| id::<K>(pointer, text)).transpose()
}
