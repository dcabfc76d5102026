//! What a member of staff sees of customers: the one place through which the staff's operations reach a record. Whatever
//! lies outside their data scope does not exist for them.

use uuid::Uuid;

use super::store::{self, Row};
use crate::error::{Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// The record, if the caller sees it.
pub(in crate::customers) async fn find(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Row> {
    load(tx, who, id, false).await
}

/// The record, if the caller sees it, locked until the transaction ends.
pub(in crate::customers) async fn lock(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Row> {
    load(tx, who, id, true).await
}

async fn load(tx: &TenantTx, who: &Principal, id: Uuid, lock: bool) -> Result<Row> {
    let scope = departments_of(tx, who).await?;
    store::find_visible(tx, &scope, id, lock).await?.ok_or_else(Error::not_found)
}
