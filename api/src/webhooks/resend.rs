//! `POST /v1/webhook-endpoints/{id}/deliveries/{delivery}/resend`: one message once more, under the same id.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::webhooks::endpoint::DeliveryState;

use super::store::{self, deliveries};
use super::tell;
use super::turn::must_be_told;
use super::view::WebhookDeliveryView;
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, Reply, Under};

/// Sends a message again that was delivered or given up. Its `webhook-id` stays, by which the receiver knows it.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses(
        (status = 202, description = "The delivery; it is sent soon", body = WebhookDeliveryView),
        (status = 409, description = "It is on its way already, or the address is not told now", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/webhook-endpoints/{id}/deliveries/{delivery}/resend")]
pub async fn resend_webhook_delivery(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    under: Under<kind::WebhookDelivery>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        // the address first, as whoever sends locks it first
        let endpoint = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        let row = deliveries::lock(tx, endpoint.id, under.uuid()).await?;
        let mut row = row.ok_or_else(Error::not_found)?;
        must_be_told(&endpoint)?;
        if row.state == DeliveryState::Queued.code() {
            return Err(Error::new(Code::IllegalTransition)
                .detail("该消息正在推送中，无需重发。", "It is on its way already.")
                .current(serde_json::json!({ "state": row.state, "next_at": row.next_at })));
        }
        let detail = serde_json::json!({ "before": { "state": row.state, "attempts": row.attempts } });
        deliveries::begin_again(tx, &mut row);
        deliveries::save(tx, row.clone()).await?;
        tell::soon(tx, endpoint.id).await?;
        let act = Act::new("webhook_delivery.resend", "webhook_delivery", row.id).detail(detail);
        Ok(Reply::accepted(WebhookDeliveryView::of(tx, &row, context.language)?).done(act))
    })
    .await
}
