//! `POST /v1/telemetry-sources/{id}/rotate-secret`: a new secret, and how long the old one goes on holding beside it, so that
//! senders can be told one after the other.

use actix_web::{HttpResponse, post, web::Data};
use chrono::Duration;
use domain::id::kind;

use super::form::SecretRotation;
use super::store;
use super::view::{SourceSecret, TelemetrySourceView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// Gives a source a new secret, which is in this answer and in no other. Of older ones only the last goes on holding.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = SecretRotation,
    responses((status = 200, description = "The source, with its new secret", body = SourceSecret))
)]
#[post("/v1/telemetry-sources/{id}/rotate-secret")]
pub async fn rotate_telemetry_secret(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    context: Context,
    id: At<kind::Source>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<SecretRotation>,
) -> Result<HttpResponse> {
    let secret = body.check()?;
    let answer = idem
        .run(&app, &access, &body, async |tx| {
            let row = store::lock(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
            seen.check(row.version, None)?;
            let until = tx.now() + Duration::hours(body.previous_hours.into());
            let row = store::rotate(tx, row, &secret, (body.previous_hours > 0).then_some(until)).await?;
            let act = Act::new("telemetry_source.rotate_secret", "telemetry_source", row.id);
            let act = act.detail(serde_json::json!({ "previous_until": row.previous_until }));
            let source = TelemetrySourceView::of(&row, &store::address(tx, &app, row.id).await?, context.language)?;
            let shown = SourceSecret { source, secret: secret.clone() };
            Ok(Reply::ok(shown).version(row.version).done(act).secret())
        })
        .await;
    app.intake.sources.forget();
    answer
}
