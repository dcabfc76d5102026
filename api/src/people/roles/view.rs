//! How a role is shown.

use domain::access::{BuiltInRole, PermissionSet};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::RoleRow;
use super::{conflict_in, set_of};
use crate::error::Language;

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleView {
    /// Key of a built-in role, or id of one of the firm's own: what staff records name.
    #[schema(example = "investigator")]
    pub id: String,
    /// Its name; a built-in role's in the caller's language.
    #[schema(example = "项目经理")]
    pub name: String,
    /// Whether every firm has it; such a role cannot be changed.
    pub built_in: bool,
    /// What it allows.
    #[schema(example = json!(["session", "applications.read", "applications.investigate"]))]
    pub permissions: Vec<String>,
    /// Why what it allows must not lie with one person, where that is so: the rule is younger than the role, which is to be
    /// changed. Null where nothing stands against it.
    #[schema(example = "系统管理与审计须由不同的人负责。")]
    pub conflict: Option<String>,
    /// Version for `If-Match`; none for a built-in role.
    #[schema(example = 1)]
    pub version: Option<i64>,
}

impl RoleView {
    /// Shows a built-in role.
    pub(super) fn built_in(role: &BuiltInRole, language: Language) -> Self {
        Self {
            id: role.key.to_owned(),
            name: language.choose(role.label_zh, role.label_en).to_owned(),
            built_in: true,
            permissions: keys(PermissionSet::of(role.permissions)),
            conflict: conflict_in(PermissionSet::of(role.permissions), language),
            version: None,
        }
    }

    /// Shows one of the firm's own.
    pub(super) fn own(row: &RoleRow, language: Language) -> Self {
        let allowed = set_of(&row.permissions);
        Self {
            id: Id::<kind::Role>::from_uuid(row.id).to_string(),
            name: row.name.clone(),
            built_in: false,
            permissions: keys(allowed),
            conflict: conflict_in(allowed, language),
            version: Some(row.version),
        }
    }
}

fn keys(set: PermissionSet) -> Vec<String> {
    set.iter().map(|permission| permission.key().to_owned()).collect()
}

/// What the audit chain keeps of a role.
pub(super) fn for_audit(row: &RoleRow) -> serde_json::Value {
    serde_json::json!({ "name": row.name, "permissions": row.permissions })
}
