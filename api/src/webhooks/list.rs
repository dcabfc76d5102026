//! `GET /v1/webhook-endpoints` and `GET /v1/webhook-endpoints/{id}`: the firm's addresses, without their secrets.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::WebhookEndpointView;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// The firm's addresses that are told of events.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of addresses, oldest first", body = Page<WebhookEndpointView>))
)]
#[get("/v1/webhook-endpoints")]
pub async fn list_webhook_endpoints(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<WebhookEndpointView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| WebhookEndpointView::of(&tx, &row, context.language))?))
}

/// One address.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses((status = 200, description = "The address; the ETag is what If-Match wants", body = WebhookEndpointView))
)]
#[get("/v1/webhook-endpoints/{id}")]
pub async fn read_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
) -> Result<Reply<WebhookEndpointView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    Ok(Reply::ok(WebhookEndpointView::of(&tx, &row, context.language)?).version(row.version))
}
