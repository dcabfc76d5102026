//! `PATCH /v1/telemetry-sources/{id}`: renames a source, sets its zone, stops it, or lets it send again.

use actix_web::{patch, web::Data};
use domain::id::kind;

use super::form::{self, SourceChange};
use super::store;
use super::view::{TelemetrySourceView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, IfMatch, Reply};

/// Changes a source. One that is not active is answered as if there were none; other replicas see it within five seconds.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = SourceChange,
    responses((status = 200, description = "As it is now", body = TelemetrySourceView))
)]
#[patch("/v1/telemetry-sources/{id}")]
pub async fn change_telemetry_source(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    context: Context,
    id: At<kind::Source>,
    seen: IfMatch,
    Body(body): Body<SourceChange>,
) -> Result<Reply<TelemetrySourceView>> {
    if body.name.is_none() && body.zone.is_none() && body.active.is_none() {
        return Err(Error::new(Code::NothingToChange));
    }
    let mut checks = Checks::new();
    let name = body.name.as_deref().map(|name| form::name(&mut checks, name));
    let zone = body.zone.as_deref().map(|zone| form::zone(&mut checks, Some(zone)));
    checks.done()?;
    let tx = access.begin(&app).await?;
    let before = store::lock(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, None)?;
    let mut row = before.clone();
    row.name = name.unwrap_or(row.name);
    row.zone = zone.unwrap_or(row.zone);
    row.active = body.active.unwrap_or(row.active);
    let row = store::save(&tx, row).await?;
    let address = store::address(&tx, &app, row.id).await?;
    let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&row) });
    tx.commit(Act::new("telemetry_source.change", "telemetry_source", row.id).detail(detail)).await?;
    app.intake.sources.forget();
    Ok(Reply::ok(TelemetrySourceView::of(&row, &address, context.language)?).version(row.version))
}
