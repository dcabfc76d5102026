//! `GET /v1/platform/tenants/{id}`: one tenant.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::view::TenantView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One tenant.
#[utoipa::path(
    tag = "platform",
    security(("token" = ["tenants.manage"])),
    responses((status = 200, description = "The tenant", body = TenantView))
)]
#[get("/v1/platform/tenants/{id}")]
pub async fn read_tenant(
    _access: Access<may::ManageTenants>,
    app: Data<App>,
    at: At<kind::Tenant>,
) -> Result<Reply<TenantView>> {
    let view = TenantView::read(&app, at.uuid()).await?;
    let version = view.version;
    Ok(Reply::ok(view).version(version))
}
