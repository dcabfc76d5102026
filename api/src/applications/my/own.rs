//! Whose application it is: the one place through which the applicant's operations reach a row. Anybody else's does not
//! exist here, and neither does a discarded draft.

use domain::applications::state::ApplicationState as S;
use uuid::Uuid;

use crate::applications::case::Case;
use crate::applications::store::{self, Row};
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// The caller's application, to look at.
pub(super) async fn find(tx: &TenantTx, owner: Uuid, id: Uuid) -> Result<Case> {
    let row = owned(store::find(tx, id).await?, owner)?;
    Case::open(tx, row).await
}

/// The caller's application, locked until the transaction ends.
pub(super) async fn lock(tx: &TenantTx, owner: Uuid, id: Uuid) -> Result<Case> {
    let row = owned(store::lock(tx, id).await?, owner)?;
    Case::open(tx, row).await
}

fn owned(row: Option<Row>, owner: Uuid) -> Result<Row> {
    let discarded = |row: &Row| row.number.is_none() && row.state == S::Withdrawn.code();
    row.filter(|row| row.applicant_id == owner && !discarded(row)).ok_or_else(Error::not_found)
}

/// Lets only a draft or a returned application be changed.
pub(super) fn editable(case: &Case) -> Result<()> {
    if case.facts.state.is_editable() {
        return Ok(());
    }
    Err(locked(case))
}

/// Why it cannot be changed now: it is under way, or its way is over.
pub(super) fn locked(case: &Case) -> Error {
    let error = Error::new(Code::RecordLocked).current(serde_json::json!({ "state": case.row.state }));
    if !case.facts.state.is_final() {
        return error;
    }
    let state = case.facts.state.words();
    error.detail(
        format!("申请已办结（{}），不能再修改；如仍需办理请重新申请。", state.zh),
        format!("The application is closed ({}) and cannot be changed; apply anew if it is still needed.", state.en),
    )
}

/// Lets documents be added until it is decided: what a submitted application lacks can be supplemented at any time.
pub(super) fn undecided(case: &Case) -> Result<()> {
    if case.facts.state.is_final() {
        return Err(locked(case));
    }
    Ok(())
}
