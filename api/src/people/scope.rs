//! Data scope: which rows a member of staff sees, as every list of work and of colleagues asks for it.

use domain::access::DataScope;
use uuid::Uuid;

use super::{departments, staff};
use crate::error::{Error, Result};
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// Which rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeFilter {
    /// All of the firm's.
    All,
    /// Those of these departments.
    Departments(Vec<Uuid>),
    /// Those that this person handles.
    Own(Uuid),
}

/// The rows that `principal` sees. Without a department there is nothing but one's own.
///
/// # Errors
/// If the database fails.
pub async fn departments_of(tx: &TenantTx, principal: &Principal) -> Result<ScopeFilter> {
    Ok(match (principal.scope, principal.department) {
        (DataScope::All, _) => ScopeFilter::All,
        (DataScope::Department, Some(department)) => ScopeFilter::Departments(vec![department]),
        (DataScope::DepartmentTree, Some(top)) => ScopeFilter::Departments(departments::at_and_below(tx, top).await?),
        _ => ScopeFilter::Own(principal.id),
    })
}

/// The colleague, within what `principal` sees: of a scope that goes by who handles something, one's own account.
///
/// # Errors
/// `not_found` where there is none or none within the scope, or a failing database.
pub(super) async fn colleague(tx: &TenantTx, principal: &Principal, id: Uuid, lock: bool) -> Result<staff::StaffRow> {
    let scope = departments_of(tx, principal).await?;
    staff::store::find_visible(tx, &scope, id, lock).await?.ok_or_else(Error::not_found)
}

/// Lets only those of the staff be acted on whom `principal` sees.
///
/// # Errors
/// As [`colleague`].
pub async fn must_see(tx: &TenantTx, principal: &Principal, id: Uuid) -> Result<()> {
    colleague(tx, principal, id, false).await.map(|_| ())
}
