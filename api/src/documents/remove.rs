//! Taking a document away. The row stays, so that what was once submitted can still be told. The content stays too where a
//! submission named it, since the firm decides on what was submitted; what nobody but its owner has seen goes at once.

use uuid::Uuid;

use super::clean_up::plan_deletion;
use super::store::{self, STATE_ABANDONED, STATE_REMOVED};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// Removes a document of an application that may still be changed, which the caller has checked. Whether a submission
/// named it is the caller's knowledge as well.
///
/// # Errors
/// `not_found`, also where it is removed already, or a failing database.
pub async fn remove(tx: &TenantTx, application: Uuid, document: Uuid, was_submitted: bool) -> Result<()> {
    let row = store::lock_of(tx, application, document).await?;
    if matches!(row.state.as_str(), STATE_REMOVED | STATE_ABANDONED) {
        return Err(Error::not_found());
    }
    store::take_away(tx, &row, was_submitted).await?;
    if was_submitted { Ok(()) } else { plan_deletion(tx, &row).await }
}
