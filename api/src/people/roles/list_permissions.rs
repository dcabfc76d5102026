//! `GET /v1/permissions`: every permission there is, with its label, for those who write roles.

use actix_web::get;
use domain::access::{Permission, grantable};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Page, Reply};

/// A permission.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionView {
    /// Its key; never renamed.
    #[schema(example = "applications.read")]
    pub key: String,
    /// What it allows, in the caller's language.
    #[schema(example = "查看申请")]
    pub label: String,
    /// Whether a firm's own role may name it.
    pub grantable: bool,
}

/// All permissions.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.read"])),
    responses((status = 200, description = "Every permission", body = Page<PermissionView>))
)]
#[get("/v1/permissions")]
pub async fn list_permissions(
    _access: Access<may::ReadStaff>,
    context: Context,
) -> Result<Reply<Page<PermissionView>>> {
    let can_be_granted = grantable();
    let items = Permission::ALL.iter().map(|permission| PermissionView {
        key: permission.key().to_owned(),
        label: context.language.choose(permission.label_zh(), permission.label_en()).to_owned(),
        grantable: can_be_granted.has(*permission),
    });
    Ok(Reply::ok(Page { items: items.collect(), next: None }))
}
