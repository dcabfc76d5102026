//! Taking a document away. The row stays, so that what was once submitted can still be told; the content goes.

use uuid::Uuid;

use super::clean_up::plan_deletion;
use super::store::{self, Change, STATE_ABANDONED, STATE_REMOVED};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// Removes a document of an application that may still be changed, which the caller has checked.
///
/// # Errors
/// `not_found`, also where it is removed already, or a failing database.
pub async fn remove(tx: &TenantTx, application: Uuid, document: Uuid) -> Result<()> {
    let mut row = store::lock_of(tx, application, document).await?;
    if matches!(row.state.as_str(), STATE_REMOVED | STATE_ABANDONED) {
        return Err(Error::not_found());
    }
    store::change(tx, &mut row, Change { state: Some(STATE_REMOVED), ..Change::default() }).await?;
    plan_deletion(tx, &row).await
}
