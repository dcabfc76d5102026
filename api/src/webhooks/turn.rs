//! `POST /v1/webhook-endpoints/{id}/pause` and `/resume`: an address is told no more for a while, or again.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::webhooks::endpoint::{EndpointState, Health};

use super::view::WebhookEndpointView;
use super::{store, tell};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Context, Idempotency, IfMatch, Reply};

/// Stops telling an address. What happens meanwhile is kept for it and sent once it is resumed.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses(
        (status = 200, description = "The address", body = WebhookEndpointView),
        (status = 409, description = "It is not told now", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/webhook-endpoints/{id}/pause")]
pub async fn pause_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = locked(tx, &at, seen).await?;
        must_be_told(&row)?;
        row.state = EndpointState::Paused.code().to_owned();
        let row = store::save(tx, row).await?;
        let view = WebhookEndpointView::of(tx, &row, context.language)?;
        Ok(Reply::ok(view).version(row.version).done(Act::new("webhook_endpoint.pause", "webhook_endpoint", row.id)))
    })
    .await
}

/// Tells an address again that was paused or disabled. What is due is sent at once; what happened while it was disabled can be
/// replayed.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses(
        (status = 200, description = "The address", body = WebhookEndpointView),
        (status = 409, description = "It is told already", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/webhook-endpoints/{id}/resume")]
pub async fn resume_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = locked(tx, &at, seen).await?;
        if store::state(&row)? == EndpointState::Active {
            return Err(illegal(&row, "该地址正在推送，无需恢复。", "It is told already."));
        }
        let detail = serde_json::json!({ "before": { "state": row.state, "reason": row.reason } });
        row.state = EndpointState::Active.code().to_owned();
        row.reason = None;
        row.rest_until = None;
        store::put_health(&mut row, Health::default());
        let row = store::save(tx, row).await?;
        tell::soon(tx, row.id).await?;
        let view = WebhookEndpointView::of(tx, &row, context.language)?;
        let act = Act::new("webhook_endpoint.resume", "webhook_endpoint", row.id).detail(detail);
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}

async fn locked(tx: &TenantTx, at: &At<kind::WebhookEndpoint>, seen: IfMatch) -> Result<store::EndpointRow> {
    let row = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, Some(&row.state))?;
    Ok(row)
}

/// Lets only what is told be sent something.
pub(super) fn must_be_told(row: &store::EndpointRow) -> Result<()> {
    if store::state(row)? == EndpointState::Active {
        return Ok(());
    }
    Err(illegal(row, "该地址已暂停或停用，请先恢复推送。", "It is paused or disabled; resume it first."))
}

fn illegal(row: &store::EndpointRow, zh: &str, en: &str) -> Error {
    Error::new(Code::IllegalTransition).detail(zh, en).current(serde_json::json!({ "state": row.state }))
}
