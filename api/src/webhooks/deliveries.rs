//! `GET /v1/webhook-endpoints/{id}/deliveries`: what an address was told, and how each message went.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::store::deliveries::{self, Narrow};
use super::view::{EventWord, WebhookDeliveryView, WebhookDeliveryWord};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Cursor, Page, Params, Reply};

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookDeliveriesQuery {
    /// Only those that stand so.
    #[param(inline)]
    state: Option<WebhookDeliveryWord>,
    /// Only of this event.
    #[param(inline)]
    event: Option<EventWord>,
    /// Only of this message: its `webhook-id`.
    #[param(example = "whm_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    message: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// An address's deliveries of the last 30 days, the newest first.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    params(WebhookDeliveriesQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<WebhookDeliveryView>))
)]
#[get("/v1/webhook-endpoints/{id}/deliveries")]
pub async fn list_webhook_deliveries(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    Params(query): Params<WebhookDeliveriesQuery>,
) -> Result<Reply<Page<WebhookDeliveryView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let message = query.message.as_deref().map(|text| {
        let unknown = || Error::parameter("message", "unknown", "没有找到该消息", "no such message");
        Id::<kind::WebhookMessage>::parse(text).map(|id| id.uuid()).ok_or_else(unknown)
    });
    let (state, event) = (query.state.map(|word| word.0), query.event.map(|word| word.0));
    let narrow = Narrow { state, event, message: message.transpose()? };
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let rows = deliveries::page(&tx, row.id, &narrow, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| WebhookDeliveryView::of(&tx, &row, context.language))?))
}
