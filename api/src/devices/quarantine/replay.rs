//! `POST /v1/quarantined-readings/replay`: counts what was set aside of a device after all. A person asks, so what lies far
//! back is counted too; what lies ahead is not until its time has come.

use actix_web::{HttpResponse, post, web::Data};

use super::form::QuarantineReplay;
use super::job;
use super::store::{self, Place};
use super::view::QuarantineCount;
use crate::app::App;
use crate::devices::sockets;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, Idempotency, Reply};

/// Has the readings of a device counted that wait; needs a socket. Those that are there already are not counted twice.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = QuarantineReplay,
    responses((status = 202, description = "How many wait; they are counted soon", body = QuarantineCount))
)]
#[post("/v1/quarantined-readings/replay")]
pub async fn replay_quarantined_readings(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<QuarantineReplay>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let place = Place { source: body.source.uuid(), device: body.device.clone(), channel: body.channel };
        let Some(socket) = sockets::find(tx, place.source, &place.device, place.channel).await? else {
            let mut checks = Checks::new();
            let (zh, en) = ("没有这样的插座，请先登记", "there is no such socket; put it on record first");
            checks.problem("/device", "unknown", zh, en);
            return Err(checks.refuse());
        };
        let rows = store::count_open(tx, &place).await?;
        job::enqueue(tx, &place, Some(access.principal.id)).await?;
        let act = Act::new("quarantine.replay", "socket", socket).detail(serde_json::json!({ "rows": rows }));
        Ok(Reply::accepted(QuarantineCount { rows }).done(act))
    })
    .await
}
