//! `POST /v1/webhook-endpoints`: adds an address that is told of events and shows its secret, once.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};
use domain::webhooks::signature::SigningSecret;

use super::form::WebhookEndpointBody;
use super::store::{self, ENDPOINTS_MAX};
use super::view::{WebhookEndpointSecret, WebhookEndpointView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Adds an address. Its secret is in this answer and in no other: a repeat under the same key does not show it again.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    request_body = WebhookEndpointBody,
    responses((status = 201, description = "The address, with its secret", body = WebhookEndpointSecret))
)]
#[post("/v1/webhook-endpoints")]
pub async fn create_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<WebhookEndpointBody>,
) -> Result<HttpResponse> {
    let said = body.checked(&app)?;
    let secret = SigningSecret::of(rand::random());
    idem.run(&app, &access, &body, async |tx| {
        if store::count(tx).await? >= ENDPOINTS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        let row = store::insert(tx, &said, &secret).await?;
        let act = Act::new("webhook_endpoint.create", "webhook_endpoint", row.id);
        let act = act.detail(serde_json::json!({ "after": for_audit(&said) }));
        let location = format!("/v1/webhook-endpoints/{}", Id::<kind::WebhookEndpoint>::from_uuid(row.id));
        let endpoint = WebhookEndpointView::of(tx, &row, context.language)?;
        let shown = WebhookEndpointSecret { endpoint, secret: secret.expose() };
        Ok(Reply::created(location, shown).version(row.version).done(act).secret())
    })
    .await
}
