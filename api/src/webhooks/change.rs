//! `PUT /v1/webhook-endpoints/{id}`: where is sent to, and what it is told of.

use actix_web::{put, web::Data};
use domain::id::kind;

use super::form::WebhookEndpointBody;
use super::store;
use super::view::{WebhookEndpointView, for_audit};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes an address; its state and its secret stay. What is on its way goes to where it leads now.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    request_body = WebhookEndpointBody,
    responses((status = 200, description = "As it is now", body = WebhookEndpointView))
)]
#[put("/v1/webhook-endpoints/{id}")]
pub async fn change_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    seen: IfMatch,
    Body(body): Body<WebhookEndpointBody>,
) -> Result<Reply<WebhookEndpointView>> {
    let said = body.checked(&app)?;
    let tx = access.begin(&app).await?;
    let mut row = store::lock(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, Some(&row.state))?;
    let before = store::said(&tx, &row)?;
    store::put(&tx, &mut row, &said)?;
    let row = store::save(&tx, row).await?;
    let view = WebhookEndpointView::of(&tx, &row, context.language)?;
    let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&said) });
    tx.commit(Act::new("webhook_endpoint.change", "webhook_endpoint", row.id).detail(detail)).await?;
    Ok(Reply::ok(view).version(row.version))
}
