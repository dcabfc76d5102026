//! What other areas may ask of staff and do to them.

use std::collections::HashMap;

use domain::access::Permission;
use domain::id::{Id, kind};
use domain::person::EmailAddress;
use uuid::Uuid;

use super::form::{NewStaff, check_place};
use super::store::{self, StaffRow};
use crate::error::{Code, Error, Result};
use crate::people::credentials::{self, Purpose};
use crate::people::{roles, sessions};
use crate::platform::db::{ActorKind, TenantTx};

/// A member of staff as other people's pages name them.
#[derive(Clone, Debug)]
pub struct StaffBrief {
    /// Their id.
    pub id: Uuid,
    /// Their name, for colleagues.
    pub name: String,
    /// Their department.
    pub department: Uuid,
    /// Largest amount they may approve, fen.
    pub authority_fen: i64,
    /// Whether they can log in.
    pub active: bool,
}

/// Somebody who was invited.
#[derive(Debug)]
pub struct Invited {
    /// Who.
    pub staff: Uuid,
    /// The one-time link to their first password. It was mailed to them.
    pub link: String,
}

/// Names of staff, by id; ids of nobody are left out.
///
/// # Errors
/// If the database fails.
pub async fn staff_brief(tx: &TenantTx, ids: &[Uuid]) -> Result<HashMap<Uuid, StaffBrief>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let brief = |row: store::Named| {
        let name = row.name(tx)?;
        let (id, department, authority_fen) = (row.id, row.department_id, row.authority_fen);
        Ok((id, StaffBrief { id, name, department, authority_fen, active: row.status == "active" }))
    };
    store::named(tx, ids).await?.into_iter().map(brief).collect()
}

/// The address of somebody of the staff who can log in; nothing where they cannot.
///
/// # Errors
/// If the database fails.
pub async fn staff_email(tx: &TenantTx, id: Uuid) -> Result<Option<EmailAddress>> {
    let row = store::find(tx, id).await?.filter(|row| row.status == "active");
    row.map(|row| store::email(tx, &row)).transpose()
}

/// Those who can log in now and whose roles give `permission`, of one department or of all, in the order of their ids.
///
/// # Errors
/// If the database fails.
pub async fn officers_with(tx: &TenantTx, permission: Permission, department: Option<Uuid>) -> Result<Vec<Uuid>> {
    let catalogue = roles::catalogue(tx).await?;
    let rows = store::active(tx, department).await?;
    let able = |row: &StaffRow| catalogue.permissions(&roles::keys(&row.roles)).has(permission);
    Ok(rows.into_iter().filter(able).map(|row| row.id).collect())
}

/// Whether somebody's roles give `permission`; `None` where there is no such member of staff, or they are out.
///
/// # Errors
/// If the database fails.
pub async fn staff_holds(tx: &TenantTx, staff: Uuid, permission: Permission) -> Result<Option<bool>> {
    let Some(row) = store::find(tx, staff).await?.filter(|row| row.status != "disabled") else { return Ok(None) };
    Ok(Some(roles::permissions_of(tx, &row.roles).await?.has(permission)))
}

/// Adds somebody and mails them a link to their first password. Audit is the caller's.
///
/// # Errors
/// An unknown department or role, roles that must lie apart, a name or address that is taken.
pub async fn invite_new(tx: &TenantTx, web_url: &str, new: &NewStaff) -> Result<Invited> {
    let (row, link) = add(tx, web_url, new).await?;
    Ok(Invited { staff: row.id, link })
}

/// The row of somebody new, whose place and roles hold together.
async fn enrol(tx: &TenantTx, new: &NewStaff) -> Result<StaffRow> {
    check_place(tx, Some(new.department), Some(&new.roles)).await?;
    let fresh = store::Fresh {
        login_name: &new.login_name,
        name: &new.name,
        email: &new.email,
        department: new.department,
        roles: &new.roles,
        scope: new.scope,
        authority_fen: new.authority_fen,
    };
    store::insert(tx, &fresh).await
}

pub(super) async fn add(tx: &TenantTx, web_url: &str, new: &NewStaff) -> Result<(StaffRow, String)> {
    let row = enrol(tx, new).await?;
    let link = mail_invitation(tx, web_url, &row, &new.email).await?;
    Ok((row, link))
}

pub(super) async fn mail_invitation(
    tx: &TenantTx,
    web_url: &str,
    row: &StaffRow,
    email: &EmailAddress,
) -> Result<String> {
    let name = store::name(tx, row)?;
    credentials::issue(tx, web_url, (row.id, &name, email), Purpose::Invite).await
}

/// Ends somebody's access: status, log-ins, links and tokens. Reassigning what they hold and the audit entry are the
/// caller's. What is given back tells this process at once (`note`, after the commit); others learn it within a second.
///
/// # Errors
/// `not_self` for oneself, `not_found`.
pub async fn disable(tx: &TenantTx, staff: Uuid) -> Result<sessions::Revoked> {
    if tx.actor().kind == ActorKind::Staff && tx.actor().id == staff {
        return Err(Error::new(Code::NotDisabledSelf));
    }
    let mut row = store::lock(tx, staff).await?.ok_or_else(Error::not_found)?;
    if row.status != "disabled" {
        row.status = "disabled".to_owned();
        row.version = row.version.saturating_add(1);
        store::save(tx, row).await?;
    }
    credentials::void(tx, staff).await?;
    let ended = sessions::end_all(tx, staff).await?;
    Ok(ended.and(sessions::revoke(tx, staff).await?))
}

/// The address of a member of staff.
pub(super) fn address(id: Uuid) -> String {
    format!("/v1/staff/{}", Id::<kind::Staff>::from_uuid(id))
}

/// Gives somebody a password without a link. For the demonstration firm, whose people are nobody's.
///
/// # Errors
/// `not_found`, or a failing database.
pub async fn give_password(tx: &TenantTx, staff: Uuid, password: String) -> Result<()> {
    let hash = crate::people::password::hash(password).await?;
    let mut row = store::lock(tx, staff).await?.ok_or_else(Error::not_found)?;
    row.password_hash = Some(hash);
    row.status = "active".to_owned();
    row.version = row.version.saturating_add(1);
    store::save(tx, row).await
}

/// Adds somebody with a password and without mail. For the demonstration firm, as [`give_password`].
///
/// # Errors
/// As [`invite_new`].
pub async fn add_ready(tx: &TenantTx, new: &NewStaff, password: String) -> Result<Uuid> {
    let row = enrol(tx, new).await?;
    give_password(tx, row.id, password).await?;
    Ok(row.id)
}
