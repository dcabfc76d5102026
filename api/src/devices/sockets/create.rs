//! `POST /v1/sockets`: puts a socket on record; what was set aside of it until then is counted.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};

use super::form::{self, NewSocket};
use super::store::{self, NewRow};
use super::view::{SocketView, for_audit};
use crate::app::App;
use crate::devices::{quarantine, sources};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, Idempotency, Reply};

/// Puts a socket on record. Readings of it that wait because it was not known are counted soon.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = NewSocket,
    responses((status = 201, description = "The socket", body = SocketView))
)]
#[post("/v1/sockets")]
pub async fn create_socket(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<NewSocket>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let new = NewRow {
        source: body.source.uuid(),
        device: form::device(&mut checks, &body.device, body.channel),
        channel: body.channel,
        label: body.label.as_deref().and_then(|label| form::label(&mut checks, label)),
    };
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        // whoever sets readings of this source aside just now commits first, so that they are replayed too
        if sources::lock(tx, new.source).await?.is_none() {
            let mut checks = Checks::new();
            checks.problem("/source", "unknown", "没有这个数据源", "there is no such source");
            return Err(checks.refuse());
        }
        let row = store::insert(tx, &new).await?;
        quarantine::replay_soon(tx, row.source_id, &row.device, row.channel).await?;
        let act = Act::new("socket.create", "socket", row.id);
        let act = act.detail(serde_json::json!({ "after": for_audit(&row) }));
        let location = format!("/v1/sockets/{}", Id::<kind::Socket>::from_uuid(row.id));
        let names = store::source_names(tx, std::slice::from_ref(&row)).await?;
        Ok(Reply::created(location, SocketView::of(&row, &names, None)).version(row.version).done(act))
    })
    .await
}
