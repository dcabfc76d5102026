//! Taking a document away. The row stays, so that what was once there can still be told. The content stays too where
//! something rests on it: a submission that named it, since the firm decides on what was submitted, or the score of a machine.
//! What nothing rests on goes at once.

use uuid::Uuid;

use super::clean_up::plan_deletion;
use super::owner::Owner;
use super::store::{self, STATE_ABANDONED, STATE_REMOVED};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// Removes a document of an owner that may still be changed, which the caller has checked. Whether something rests on it,
/// so that its content stays, is the caller's knowledge as well.
///
/// # Errors
/// `not_found`, also where it is removed already, or a failing database.
pub async fn remove(tx: &TenantTx, owner: Owner<'_>, document: Uuid, keeps_content: bool) -> Result<()> {
    let row = store::lock_of(tx, owner, document).await?;
    if matches!(row.state.as_str(), STATE_REMOVED | STATE_ABANDONED) {
        return Err(Error::not_found());
    }
    store::take_away(tx, &row, keeps_content).await?;
    if keeps_content { Ok(()) } else { plan_deletion(tx, &row).await }
}
