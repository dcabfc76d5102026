//! `POST /v1/telemetry-sources`: adds a source of readings and shows its secret, once.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::intake::Verification;
use domain::devices::messages::Format;
use domain::id::{Id, kind};

use super::form::{self, NewSource};
use super::store::{self, NewRow};
use super::view::{SourceSecret, TelemetrySourceView, for_audit};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, Context, Idempotency, Reply};

/// Adds a source. Its secret is in this answer and in no other: a repeat under the same key does not show it again.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = NewSource,
    responses((status = 201, description = "The source, with its secret", body = SourceSecret))
)]
#[post("/v1/telemetry-sources")]
pub async fn create_telemetry_source(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewSource>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let new = NewRow {
        name: form::name(&mut checks, &body.name),
        format: body.format.0,
        verification: body.verification.0,
        zone: form::zone(&mut checks, body.zone.as_deref()),
        secret: form::secret(&mut checks, body.secret.as_deref()),
    };
    if body.verification.0 == Verification::OneNet && body.format.0 != Format::OneNet {
        let (zh, en) = ("只有OneNET格式才能用OneNET验证", "OneNET's proof goes with OneNET's format alone");
        checks.problem("/verification", "format", zh, en);
    }
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        let row = store::insert(tx, &new).await?;
        let act = Act::new("telemetry_source.create", "telemetry_source", row.id);
        let act = act.detail(serde_json::json!({ "after": for_audit(&row) }));
        let location = format!("/v1/telemetry-sources/{}", Id::<kind::Source>::from_uuid(row.id));
        let source = TelemetrySourceView::of(&row, &store::address(tx, &app, row.id).await?, context.language)?;
        let shown = SourceSecret { source, secret: new.secret.clone() };
        Ok(Reply::created(location, shown).version(row.version).done(act).secret())
    })
    .await
}
