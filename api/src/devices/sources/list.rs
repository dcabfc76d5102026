//! `GET /v1/telemetry-sources` and `GET /v1/telemetry-sources/{id}`: the firm's sources of readings, without their secrets.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store;
use super::view::TelemetrySourceView;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// The firm's sources.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of sources, oldest first", body = Page<TelemetrySourceView>))
)]
#[get("/v1/telemetry-sources")]
pub async fn list_telemetry_sources(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<TelemetrySourceView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, cursor).await?;
    let base = store::base(&tx, &app).await?;
    let view = |row: store::SourceRow| TelemetrySourceView::of(&row, &store::under(&base, row.id), context.language);
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}

/// One source.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    responses((status = 200, description = "The source; the ETag is what If-Match wants", body = TelemetrySourceView))
)]
#[get("/v1/telemetry-sources/{id}")]
pub async fn read_telemetry_source(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    context: Context,
    id: At<kind::Source>,
) -> Result<Reply<TelemetrySourceView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    let address = store::address(&tx, &app, row.id).await?;
    Ok(Reply::ok(TelemetrySourceView::of(&row, &address, context.language)?).version(row.version))
}
