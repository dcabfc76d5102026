//! `POST /v1/quarantined-readings/{id}/dismiss` and `POST /v1/quarantined-readings/dismiss`: what does not count, one row or
//! all of a source or device. Whoever sends it again does not bring it back.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::intake::QuarantineState;
use domain::id::kind;

use super::form::QuarantineDismissal;
use super::store;
use super::view::QuarantineCount;
use crate::app::App;
use crate::devices::sources;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Idempotency, Reply};

/// Says of one row that it does not count.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    responses((status = 200, description = "It does not count", body = QuarantineCount))
)]
#[post("/v1/quarantined-readings/{id}/dismiss")]
pub async fn dismiss_quarantined_reading(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    id: At<kind::Quarantined>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let row = store::lock(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
        if row.state != QuarantineState::Open.code() {
            return Err(Error::new(Code::AlreadyDecided));
        }
        store::decide(tx, &[row.id], QuarantineState::Dismissed, access.principal.id).await?;
        let act = Act::new("quarantine.dismiss", "quarantined_reading", row.id);
        Ok(Reply::ok(QuarantineCount { rows: 1 }).done(act))
    })
    .await
}

/// Says of all that waits of a source, or of a device of it, that it does not count.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = QuarantineDismissal,
    responses((status = 200, description = "How many rows", body = QuarantineCount))
)]
#[post("/v1/quarantined-readings/dismiss")]
pub async fn dismiss_quarantined_readings(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<QuarantineDismissal>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    if body.channel.is_some() && body.device.is_none() {
        checks.problem("/device", "required", "请先给出设备", "is needed beside a channel");
    }
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        let source = body.source.uuid();
        if !sources::exists(tx, source).await? {
            let mut checks = Checks::new();
            checks.problem("/source", "unknown", "没有这个数据源", "there is no such source");
            return Err(checks.refuse());
        }
        let who = access.principal.id;
        let rows = store::dismiss_all(tx, source, body.device.as_deref(), body.channel, who).await?;
        let detail = serde_json::json!({ "device": body.device, "channel": body.channel, "rows": rows });
        let act = Act::new("quarantine.dismiss_all", "telemetry_source", source).detail(detail);
        Ok(Reply::ok(QuarantineCount { rows }).done(act))
    })
    .await
}
