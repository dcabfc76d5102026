//! `POST /v1/webhook-endpoints/{id}/test`: sends an address an event of no meaning, so that its receiver can be tried.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};
use domain::webhooks::event::EventType;

use super::data::WebhookTestData;
use super::store::{self, deliveries, messages};
use super::tell;
use super::turn::must_be_told;
use super::view::WebhookDeliveryView;
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, Reply};

/// Sends `webhook.test` to one address, whatever it asks for. How it went stands in its deliveries.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses(
        (status = 202, description = "The delivery; it is sent soon", body = WebhookDeliveryView),
        (status = 409, description = "It is paused or disabled", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/webhook-endpoints/{id}/test")]
pub async fn test_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let row = store::get(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        must_be_told(&row)?;
        let event = EventType::WebhookTest;
        let endpoint = Id::<kind::WebhookEndpoint>::from_uuid(row.id).to_string();
        let message = messages::add(tx, event, &WebhookTestData { endpoint }).await?;
        let queued = deliveries::add(tx, message, event, &[row.id]).await?;
        let queued = queued.first().ok_or_else(|| Error::new(Code::Internal))?;
        tell::soon(tx, row.id).await?;
        let act = Act::new("webhook_endpoint.test", "webhook_endpoint", row.id);
        Ok(Reply::accepted(WebhookDeliveryView::of(tx, queued, context.language)?).done(act))
    })
    .await
}
