//! Whether the same enterprise or person has another application open for the same product: not forbidden, but nobody is
//! to find out at the end.

use domain::consent::SubjectKind;
use domain::words::Words;
use uuid::Uuid;

use crate::applications::case::Case;
use crate::applications::store;
use crate::applications::words::say;
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;

/// The sentence that says so. An applicant is told of their own alone: whoever types the code of another firm does not
/// learn what it has applied for.
pub(in crate::applications) async fn also_open(
    tx: &TenantTx,
    case: &Case,
    applicant: Option<Uuid>,
    language: Language,
) -> Result<Option<String>> {
    if case.facts.state.is_final() {
        return Ok(None);
    }
    let numbers = store::same_open(tx, &case.row, applicant).await?;
    if numbers.is_empty() {
        return Ok(None);
    }
    let (zh, en) = match case.facts.subject {
        SubjectKind::Enterprise => ("该企业", "This enterprise"),
        SubjectKind::Person => ("该申请人", "This applicant"),
    };
    let words = Words::new(
        format!("{zh}已有在办申请{}，请勿重复申请", numbers.join("、")),
        format!("{en} already has an open application for this product: {}", numbers.join(", ")),
    );
    Ok(Some(say(&words, language)))
}
