//! What a member of staff sees: the one place through which the staff's operations reach a row. Whatever lies outside
//! their data scope does not exist for them, and neither do drafts.

use uuid::Uuid;

use crate::applications::case::Case;
use crate::applications::store;
use crate::error::{Error, Result};
use crate::people::scope::{ScopeFilter, departments_of};
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// The caller's data scope.
pub(super) async fn of(tx: &TenantTx, who: &Principal) -> Result<ScopeFilter> {
    departments_of(tx, who).await
}

/// An application within the caller's scope, to look at.
pub(super) async fn find(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Case> {
    let scope = of(tx, who).await?;
    let row = store::find_visible(tx, &scope, id).await?.ok_or_else(Error::not_found)?;
    Case::open(tx, row).await
}

/// An application within the caller's scope, also one that was erased: to say so.
pub(super) async fn find_frame(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Uuid> {
    let scope = of(tx, who).await?;
    store::find_frame(tx, &scope, id).await?.ok_or_else(Error::not_found)
}

/// An application within the caller's scope, locked until the transaction ends.
pub(super) async fn lock(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Case> {
    let scope = of(tx, who).await?;
    let row = store::lock_visible(tx, &scope, id).await?.ok_or_else(Error::not_found)?;
    Case::open(tx, row).await
}
