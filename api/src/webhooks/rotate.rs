//! `POST /v1/webhook-endpoints/{id}/rotate-secret`: a new secret; for a day the old one goes on signing beside it, so that the
//! receiver can change over without missing a message.

use actix_web::{HttpResponse, post, web::Data};
use chrono::Duration;
use domain::id::kind;
use domain::webhooks::signature::SigningSecret;

use super::store;
use super::view::{WebhookEndpointSecret, WebhookEndpointView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, IfMatch, Reply};

/// How long the old secret goes on signing, hours.
const OVERLAP_HOURS: i64 = 24;

/// Gives an address a new secret, which is in this answer and in no other. Of older ones only the last goes on signing, for 24
/// hours.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses((status = 200, description = "The address, with its new secret", body = WebhookEndpointSecret))
)]
#[post("/v1/webhook-endpoints/{id}/rotate-secret")]
pub async fn rotate_webhook_secret(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    at: At<kind::WebhookEndpoint>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let secret = SigningSecret::of(rand::random());
    idem.run(&app, &access, &(), async |tx| {
        let row = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        seen.check(row.version, Some(&row.state))?;
        let row = store::rotate(tx, row, &secret, tx.now() + Duration::hours(OVERLAP_HOURS)).await?;
        let act = Act::new("webhook_endpoint.rotate_secret", "webhook_endpoint", row.id);
        let act = act.detail(serde_json::json!({ "previous_until": row.previous_until }));
        let endpoint = WebhookEndpointView::of(tx, &row, context.language)?;
        let shown = WebhookEndpointSecret { endpoint, secret: secret.expose() };
        Ok(Reply::ok(shown).version(row.version).done(act).secret())
    })
    .await
}
