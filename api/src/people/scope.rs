//! Data scope: which rows a member of staff sees, as every list of work asks for it.

use domain::access::DataScope;
use uuid::Uuid;

use super::departments;
use crate::error::Result;
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
