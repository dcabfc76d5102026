//! What is typed about a role, and the rules it must keep.

use domain::access::{Permission, PermissionSet, STAFF_ROLES, conflict, grantable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::platform::http::Checks;

const NAME_CHARS_MAX: usize = 40;
const PERMISSIONS_MAX: usize = 64;

/// A role of the firm's own.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// Its name.
    #[schema(example = "档案管理员", min_length = 1, max_length = 40)]
    pub name: String,
    /// What it allows: keys from `/v1/permissions` that are grantable.
    #[schema(example = json!(["applications.read", "enterprises.read"]), min_items = 1, max_items = 64)]
    pub permissions: Vec<String>,
}

/// A role, checked.
pub(super) struct Checked {
    pub name: String,
    pub permissions: Vec<String>,
}

impl RoleForm {
    /// Checks the form.
    pub(super) fn check(&self) -> Result<Checked> {
        let mut checks = Checks::new();
        let name = checks.line("/name", &self.name, NAME_CHARS_MAX);
        if STAFF_ROLES.iter().any(|role| [role.label_zh, role.label_en, role.key].contains(&name.as_str())) {
            checks.problem("/name", "built_in", "该名称属于内置角色", "a built-in role has this name");
        }
        if self.permissions.is_empty() || self.permissions.len() > PERMISSIONS_MAX {
            checks.problem("/permissions", "count", "请至少选择一项权限", "name at least one permission");
        }
        let mut known = vec![];
        for (place, key) in self.permissions.iter().enumerate().take(PERMISSIONS_MAX) {
            match Permission::from_key(key).filter(|permission| grantable().has(*permission)) {
                Some(permission) => known.push(permission),
                None => checks.problem(
                    &format!("/permissions/{place}"),
                    "unknown",
                    "没有这项权限，或它不能授予角色",
                    "there is no such permission, or it cannot be granted",
                ),
            }
        }
        checks.done()?;
        let set = PermissionSet::of(&known);
        if let Some((zh, en)) = conflict(set) {
            return Err(Error::new(Code::DutiesConflict).detail(format!("{zh}。"), format!("{en}.")));
        }
        // Whoever acts on applications must find them first.
        let acts = |permission: &Permission| permission.key().starts_with("applications.");
        if known.iter().any(acts) && !set.has(Permission::ReadApplications) {
            let (zh, en) = (Permission::ReadApplications.label_zh(), Permission::ReadApplications.label_en());
            let mut checks = Checks::new();
            checks.problem(
                "/permissions",
                "read_needed",
                format!("办理申请的权限须与“{zh}”一同授予"),
                format!("what acts on applications goes together with “{en}”"),
            );
            checks.done()?;
        }
        Ok(Checked { name, permissions: set.iter().map(|permission| permission.key().to_owned()).collect() })
    }
}
