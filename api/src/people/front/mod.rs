//! A firm's front door, before anybody has logged in: which tenant an address means, and what it shows to everyone.

mod read_notice;
mod tenant_front;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::http::Context;
use crate::tenants;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(tenant_front::tenant_front).service(read_notice::read_notice);
}

/// A transaction on the tenant that the address names, for callers who have not logged in.
///
/// # Errors
/// `not_found`, `tenant_suspended`, or a failing database.
pub(super) async fn open(app: &App, slug: &str, from: &Context, writes: bool) -> Result<TenantTx> {
    let tenant = tenants::by_slug(app, slug).await?;
    system_tx(app, tenant.id, &from.request_id, writes).await
}
