//! `GET /v1/quarantined-readings`: what was set aside, newest first.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, Wanted};
use super::view::QuarantinedView;
use crate::app::App;
use crate::devices::words::{QuarantineReasonWord, QuarantineStateWord};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuarantineQuery {
    /// Only those that stand so.
    #[param(inline)]
    state: Option<QuarantineStateWord>,
    /// Only those that were set aside for this.
    #[param(inline)]
    reason: Option<QuarantineReasonWord>,
    /// Only what this source sent.
    #[param(value_type = Option<String>, example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    source: Option<Id<kind::Source>>,
    /// Only what this device said.
    #[param(max_length = 128, example = "tasmota_4B2C11")]
    device: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// What came and could not be counted.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    params(QuarantineQuery),
    responses((status = 200, description = "A page of rows, newest first", body = Page<QuarantinedView>))
)]
#[get("/v1/quarantined-readings")]
pub async fn list_quarantined_readings(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    context: Context,
    Params(query): Params<QuarantineQuery>,
) -> Result<Reply<Page<QuarantinedView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let wanted = Wanted {
        state: query.state.map(|word| word.0),
        reason: query.reason.map(|word| word.0),
        source: query.source.map(|source| source.uuid()),
        device: query.device,
    };
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, &wanted, cursor).await?;
    let names = store::source_names(&tx, rows.iter().map(|row| row.source_id)).await?;
    let view = |row| QuarantinedView::of(&tx, row, &names, context.language);
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}
