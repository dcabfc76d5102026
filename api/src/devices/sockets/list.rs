//! `GET /v1/sockets` and `GET /v1/sockets/{id}`: the firm's sockets, each with what it said last.

use std::collections::HashMap;

use actix_web::{get, web::Data};
use domain::devices::reading::Reading;
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::scope;
use super::store::{self, SocketRow, Wanted};
use super::view::SocketView;
use crate::app::App;
use crate::devices::readings::latest;
use crate::error::{Error, Result};
use crate::people::scope::{ScopeFilter, departments_of};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Cursor, Page, Params, Reply};

/// Which sockets.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SocketsQuery {
    /// Only those of this source.
    #[param(value_type = Option<String>, example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    source: Option<Id<kind::Source>>,
    /// Only those that are at no machine now, or only those that are.
    unbound: Option<bool>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's sockets. Whoever sees only some machines sees the sockets at these, and those at none.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["equipment.read"])),
    params(SocketsQuery),
    responses((status = 200, description = "A page of sockets, oldest first", body = Page<SocketView>))
)]
#[get("/v1/sockets")]
pub async fn list_sockets(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    Params(query): Params<SocketsQuery>,
) -> Result<Reply<Page<SocketView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let wanted = Wanted { source: query.source.map(|source| source.uuid()), unbound: query.unbound };
    let rows = store::page(&tx, &wanted, &scope, cursor).await?;
    let names = store::source_names(&tx, &rows).await?;
    let said = said(&tx, &scope, &rows).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(SocketView::of(&row, &names, said.get(&row.id))))?))
}

/// One socket.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The socket; the ETag is what If-Match wants", body = SocketView))
)]
#[get("/v1/sockets/{id}")]
pub async fn read_socket(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    id: At<kind::Socket>,
) -> Result<Reply<SocketView>> {
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    scope::visible_since(&tx, &scope, id.uuid()).await?;
    let rows: Vec<SocketRow> = store::get(&tx, id.uuid()).await?.into_iter().collect();
    let names = store::source_names(&tx, &rows).await?;
    let said = said(&tx, &scope, &rows).await?;
    let row = rows.first().ok_or_else(Error::not_found)?;
    Ok(Reply::ok(SocketView::of(row, &names, said.get(&row.id))).version(row.version))
}

/// What sockets said last, unless it was at a machine that is not the caller's to see.
async fn said(tx: &TenantTx, scope: &ScopeFilter, rows: &[SocketRow]) -> Result<HashMap<Uuid, Reading>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let hidden = scope::hidden(tx, scope, &ids).await?;
    let mut said = latest(tx, &ids).await?;
    said.retain(|socket, reading| {
        hidden.get(socket).is_none_or(|until| until.is_some_and(|until| until <= reading.at))
    });
    Ok(said)
}
