//! Roles: the built-in ones that every firm has, and a firm's own, which name permissions.

mod change_role;
mod create_role;
mod delete_role;
mod form;
mod list_permissions;
mod list_roles;
mod store;
mod view;

use std::collections::HashMap;

use domain::access::{Permission, PermissionSet, conflict, staff_role};
use domain::id::{Id, kind};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::{Language, Result};
use crate::platform::db::TenantTx;

/// Most roles of a firm's own.
const ROLES_MAX: usize = 100;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_roles::list_roles)
        .service(create_role::create_role)
        .service(change_role::change_role)
        .service(delete_role::delete_role)
        .service(list_permissions::list_permissions);
}

/// Every role of a firm, with what it allows.
pub(super) struct Catalogue(HashMap<String, PermissionSet>);

impl Catalogue {
    /// Whether there is such a role.
    pub fn knows(&self, role: &str) -> bool {
        staff_role(role).is_some() || self.0.contains_key(role)
    }

    /// What roles allow together. Roles that no longer exist allow nothing; a log-in can always be used.
    pub fn permissions(&self, roles: &[String]) -> PermissionSet {
        roles.iter().fold(PermissionSet::of(&[Permission::KeepSession]), |all, role| match staff_role(role) {
            Some(built_in) => all.union(PermissionSet::of(built_in.permissions)),
            None => all.union(self.0.get(role).copied().unwrap_or_default()),
        })
    }
}

/// The firm's roles.
pub(super) async fn catalogue(tx: &TenantTx) -> Result<Catalogue> {
    let rows = store::all(tx, false).await?;
    let own = rows.iter().map(|row| (Id::<kind::Role>::from_uuid(row.id).to_string(), set_of(&row.permissions)));
    Ok(Catalogue(own.collect()))
}

/// Why duties must not lie together, where they do. Rules of separation may be younger than a role or somebody's roles, and
/// whoever administers must see what they have to mend.
pub(super) fn conflict_in(set: PermissionSet, language: Language) -> Option<String> {
    conflict(set).map(|(zh, en)| language.choose(format!("{zh}。"), format!("{en}.")))
}

/// The roles in a staff record.
pub(super) fn keys(roles: &serde_json::Value) -> Vec<String> {
    serde_json::from_value(roles.clone()).unwrap_or_default()
}

/// What the roles in a staff record allow.
///
/// # Errors
/// If the database fails.
pub async fn permissions_of(tx: &TenantTx, roles: &serde_json::Value) -> Result<PermissionSet> {
    Ok(catalogue(tx).await?.permissions(&keys(roles)))
}

/// A stored list of permissions; what no longer exists is left out.
fn set_of(keys: &serde_json::Value) -> PermissionSet {
    let list: Vec<String> = serde_json::from_value(keys.clone()).unwrap_or_default();
    let known: Vec<_> = list.iter().filter_map(|key| Permission::from_key(key)).collect();
    PermissionSet::of(&known)
}
