//! How a member of staff is shown: the name in clear, since they are colleagues, the address masked.

use chrono::{DateTime, Utc};
use domain::access::DataScope;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::{self, StaffRow};
use crate::error::{Language, Result};
use crate::people::roles::{self, Catalogue};
use crate::platform::db::TenantTx;

/// Which rows a member of staff sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScopeWord {
    /// What they themselves handle.
    Own,
    /// Their department's.
    Department,
    /// Their department's and those below it.
    DepartmentTree,
    /// The whole firm's.
    All,
}

impl From<ScopeWord> for DataScope {
    fn from(word: ScopeWord) -> Self {
        match word {
            ScopeWord::Own => Self::Own,
            ScopeWord::Department => Self::Department,
            ScopeWord::DepartmentTree => Self::DepartmentTree,
            ScopeWord::All => Self::All,
        }
    }
}

/// Whether somebody can log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffStatus {
    /// Has not set a password yet.
    Invited,
    /// Can log in.
    Active,
    /// Cannot log in any more.
    Disabled,
}

impl StaffStatus {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffView {
    /// Their id.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What they log in with.
    #[schema(example = "zhao.investigator")]
    pub login_name: String,
    /// Their name.
    #[schema(example = "赵示例")]
    pub name: String,
    /// Their address, masked.
    #[schema(example = "z***@example.com")]
    pub email: String,
    /// invited, active or disabled.
    #[schema(example = "active")]
    pub status: String,
    /// Their department.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: String,
    /// Keys of built-in roles and ids of the firm's own.
    #[schema(example = json!(["investigator"]))]
    pub roles: Vec<String>,
    /// Why their roles must not lie with one person, where that is so: the rule is younger than their roles, which are to be
    /// changed. Null where nothing stands against them.
    #[schema(example = "系统管理与审计须由不同的人负责。")]
    pub conflict: Option<String>,
    /// own, department, department_tree or all.
    #[schema(example = "department")]
    pub data_scope: String,
    /// Largest amount they may approve, fen.
    #[schema(example = 0)]
    pub authority_limit_fen: i64,
    /// Until when the account is locked after wrong passwords.
    pub locked_until: Option<DateTime<Utc>>,
    /// Until when a forgotten password is not reset by mail, since somebody else changed the address.
    pub reset_held_until: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// What rows are shown with: the firm's roles, which are read once, and the reader's language.
pub(super) struct Beside {
    catalogue: Catalogue,
    language: Language,
}

impl Beside {
    /// Reads it.
    pub(super) async fn read(tx: &TenantTx, language: Language) -> Result<Self> {
        Ok(Self { catalogue: roles::catalogue(tx).await?, language })
    }
}

impl StaffView {
    /// Shows a row.
    pub(super) fn of(tx: &TenantTx, row: &StaffRow, beside: &Beside) -> Result<Self> {
        let held = beside.catalogue.permissions(&roles::keys(&row.roles));
        Ok(Self {
            id: Id::<kind::Staff>::from_uuid(row.id).to_string(),
            login_name: row.login_name.clone(),
            name: store::name(tx, row)?,
            email: store::email(tx, row)?.masked(),
            status: row.status.clone(),
            department: Id::<kind::Department>::from_uuid(row.department_id).to_string(),
            roles: serde_json::from_value(row.roles.clone())?,
            conflict: roles::conflict_in(held, beside.language),
            data_scope: row.data_scope.clone(),
            authority_limit_fen: row.authority_fen,
            locked_until: row.locked_until.filter(|until| *until > tx.now()),
            reset_held_until: row.reset_held_until.filter(|until| *until > tx.now()),
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// What the audit chain keeps of an account.
pub(super) fn for_audit(row: &StaffRow) -> serde_json::Value {
    serde_json::json!({
        "login_name": row.login_name, "status": row.status, "department": row.department_id, "roles": row.roles,
        "data_scope": row.data_scope, "authority_limit_fen": row.authority_fen,
    })
}
