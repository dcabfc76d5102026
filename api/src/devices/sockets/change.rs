//! `PATCH /v1/sockets/{id}`: what people call a socket. What its source calls it never changes: a device by another name is
//! another socket.

use std::collections::HashMap;

use actix_web::{patch, web::Data};
use domain::id::kind;
use uuid::Uuid;

use super::form::{self, SocketChange};
use super::store;
use super::view::{SocketView, for_audit};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, IfMatch, Reply};

/// Labels a socket. The last reading is not shown here.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    request_body = SocketChange,
    responses((status = 200, description = "As it is now", body = SocketView))
)]
#[patch("/v1/sockets/{id}")]
pub async fn change_socket(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    id: At<kind::Socket>,
    seen: IfMatch,
    Body(body): Body<SocketChange>,
) -> Result<Reply<SocketView>> {
    let mut checks = Checks::new();
    let label = form::label(&mut checks, &body.label);
    checks.done()?;
    let tx = access.begin(&app).await?;
    let before = store::lock(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, None)?;
    let row = store::save(&tx, store::SocketRow { label, ..before.clone() }).await?;
    let names: HashMap<Uuid, String> = store::source_names(&tx, std::slice::from_ref(&row)).await?;
    let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&row) });
    tx.commit(Act::new("socket.change", "socket", row.id).detail(detail)).await?;
    Ok(Reply::ok(SocketView::of(&row, &names, None)).version(row.version))
}
