//! `POST /v1/platform/tenants/{id}/resume`: a suspended tenant goes on where it stopped.

use actix_web::{post, web::Data};
use domain::id::kind;

use super::{store, view::TenantView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may, operator_tx};
use crate::platform::db::Act;
use crate::platform::http::{At, Reply};

/// Resumes a tenant; resuming it again changes nothing.
#[utoipa::path(
    tag = "platform",
    security(("token" = ["tenants.manage"])),
    responses((status = 200, description = "The tenant, active", body = TenantView))
)]
#[post("/v1/platform/tenants/{id}/resume")]
pub async fn resume_tenant(
    access: Access<may::ManageTenants>,
    app: Data<App>,
    at: At<kind::Tenant>,
) -> Result<Reply<TenantView>> {
    let tx = operator_tx(&app, at.uuid(), &access.actor().request_id).await?;
    if store::set_status(&tx, "active").await? {
        store::forget_revocation(&tx).await?;
        tx.commit(Act::new("tenant.resume", "tenant", at.uuid())).await?;
        app.revocations.forget(at.uuid());
    }
    Ok(Reply::ok(TenantView::read(&app, at.uuid()).await?))
}
