//! `DELETE /v1/webhook-endpoints/{id}`: nothing is sent there any more, and its secrets are gone.

use actix_web::{delete, web::Data};
use domain::id::kind;

use super::store;
use super::view::for_audit;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, IfMatch, Reply};

/// Deletes an address, with its secrets and what is on its way there. What was told stays in the audit log only.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/v1/webhook-endpoints/{id}")]
pub async fn delete_webhook_endpoint(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    at: At<kind::WebhookEndpoint>,
    seen: IfMatch,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let row = store::lock(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, Some(&row.state))?;
    let detail = serde_json::json!({ "before": for_audit(&store::said(&tx, &row)?) });
    store::delete(&tx, row).await?;
    tx.commit(Act::new("webhook_endpoint.delete", "webhook_endpoint", at.uuid()).detail(detail)).await?;
    Ok(Reply::ok(()))
}
