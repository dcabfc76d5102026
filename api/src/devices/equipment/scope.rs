//! Who reaches a machine: the one place through which operations come to a record. Staff see those within their data
//! scope, applicants their own; whatever else there is does not exist for them.

use uuid::Uuid;

use super::store::{self, Row};
use super::words::EquipmentStateWord;
use crate::error::{Code, Error, Result};
use crate::people::scope::{ScopeFilter, departments_of};
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// Who acts: what both staff and owners may do with a machine is written once for both.
#[derive(Clone, Copy)]
pub(in crate::devices) enum By<'a> {
    /// Staff, within their data scope.
    Staff(&'a Principal),
    /// An applicant, with their own machines.
    Owner(Uuid),
}

impl By<'_> {
    /// The machine, if they reach it; locked until the transaction ends where it is about to change.
    ///
    /// # Errors
    /// As [`find`].
    pub(in crate::devices) async fn machine(self, tx: &TenantTx, id: Uuid, is_locked: bool) -> Result<Row> {
        match self {
            Self::Staff(who) => load(tx, who, id, is_locked).await,
            Self::Owner(applicant) => own(tx, applicant, id, is_locked).await,
        }
    }
}

/// Lets only those touch what holds for more than one machine who see all of the firm's.
///
/// # Errors
/// `forbidden`, or a failing database.
pub(in crate::devices) async fn must_see_all(tx: &TenantTx, who: &Principal) -> Result<()> {
    if departments_of(tx, who).await? == ScopeFilter::All {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden).detail(
        "适用于多台设备的设置，只有数据范围为全部的人员才能更改。",
        "What holds for more than one machine is set by those who see all of the firm's.",
    ))
}

/// The record, if the member of staff sees it.
///
/// # Errors
/// `not_found`, or a failing database.
pub(in crate::devices) async fn find(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Row> {
    load(tx, who, id, false).await
}

/// The record, if the member of staff sees it, locked until the transaction ends.
///
/// # Errors
/// As [`find`].
pub(in crate::devices) async fn lock(tx: &TenantTx, who: &Principal, id: Uuid) -> Result<Row> {
    load(tx, who, id, true).await
}

async fn load(tx: &TenantTx, who: &Principal, id: Uuid, lock: bool) -> Result<Row> {
    let scope = departments_of(tx, who).await?;
    store::find_visible(tx, &scope, id, lock).await?.ok_or_else(Error::not_found)
}

/// The record, if it is the applicant's own; locked until the transaction ends where it is about to change.
///
/// # Errors
/// As [`find`].
pub(in crate::devices) async fn own(tx: &TenantTx, applicant: Uuid, id: Uuid, lock: bool) -> Result<Row> {
    store::find_own(tx, applicant, id, lock).await?.ok_or_else(Error::not_found)
}

/// Lets the work go on only with a machine that is in use.
///
/// # Errors
/// `equipment_retired`.
pub(in crate::devices) fn must_be_in_use(row: &Row) -> Result<()> {
    if row.state == EquipmentStateWord::InUse.code() { Ok(()) } else { Err(Error::new(Code::EquipmentRetired)) }
}
