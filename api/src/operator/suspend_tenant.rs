//! `POST /v1/platform/tenants/{id}/suspend`: nobody of the tenant can do anything until it is resumed; nothing is lost.

use actix_web::{post, web::Data};
use chrono::Duration;
use domain::id::kind;

use super::{store, view::TenantView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may, operator_tx};
use crate::platform::db::Act;
use crate::platform::http::{At, Reply};

/// Log-ins and refreshes that saw the tenant active just before end with those of earlier, seconds.
const OVERLAP_S: i64 = 15;

/// Suspends a tenant; suspending it again changes nothing.
#[utoipa::path(
    tag = "platform",
    security(("token" = ["tenants.manage"])),
    responses((status = 200, description = "The tenant, suspended", body = TenantView))
)]
#[post("/v1/platform/tenants/{id}/suspend")]
pub async fn suspend_tenant(
    access: Access<may::ManageTenants>,
    app: Data<App>,
    at: At<kind::Tenant>,
) -> Result<Reply<TenantView>> {
    let tx = operator_tx(&app, at.uuid(), &access.actor().request_id).await?;
    if store::set_status(&tx, "suspended").await? {
        let until = tx.instant() + Duration::seconds(OVERLAP_S);
        store::revoke_tenant(&tx, until).await?;
        tx.commit(Act::new("tenant.suspend", "tenant", at.uuid())).await?;
        app.revocations.note(at.uuid(), until);
    }
    Ok(Reply::ok(TenantView::read(&app, at.uuid()).await?))
}
