//! `POST /v1/customer-shares/{id}/revoke`: a channel no longer sees a record, from the next look on.

use actix_web::{HttpResponse, post, web::Data};
use domain::customers::ShareState;
use domain::id::kind;
use domain::time::TenantZone;

use super::form::ShareRevocation;
use super::store;
use super::view::ShareView;
use crate::app::App;
use crate::customers::REASON_CHARS_MAX;
use crate::customers::clients::scope;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

/// Withdraws a share.
#[utoipa::path(
    tag = "shares",
    security(("token" = ["customers.share"])),
    request_body = ShareRevocation,
    responses((status = 200, description = "The share as it is now", body = ShareView))
)]
#[post("/v1/customer-shares/{id}/revoke")]
pub async fn revoke_share(
    access: Access<may::ShareCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Share>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<ShareRevocation>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let row = store::lock(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
        scope::find(tx, &access.principal, row.customer_id).await?;
        seen.check(row.version, None)?;
        if store::share_of(&row).state(TenantZone::default().date_of(tx.now())) != ShareState::InForce {
            return Err(Error::new(Code::AlreadyEnded));
        }
        let mut checks = Checks::new();
        let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
        checks.done()?;
        let row = store::revoke(tx, row, &reason).await?;
        let detail = serde_json::json!({ "customer": row.customer_id, "channel": row.channel_id, "reason": reason });
        let act = Act::new("customers.revoke_share", "share", row.id).detail(detail);
        Ok(Reply::ok(ShareView::one(tx, &row, context.language).await?).version(row.version).done(act))
    })
    .await
}
