//! `GET /v1/quarantined-devices`: devices that send and that no socket is known for, to be put on record.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::view::{QuarantinedDeviceView, QuarantinedDevices};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Params, Reply};

/// Which devices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuarantinedDevicesQuery {
    /// Only those of this source.
    #[param(value_type = Option<String>, example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    source: Option<Id<kind::Source>>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
}

/// Devices whose readings wait for a socket, those first that most readings wait of.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["telemetry.manage"])),
    params(QuarantinedDevicesQuery),
    responses((status = 200, description = "The devices", body = QuarantinedDevices))
)]
#[get("/v1/quarantined-devices")]
pub async fn list_quarantined_devices(
    access: Access<may::ManageTelemetry>,
    app: Data<App>,
    Params(query): Params<QuarantinedDevicesQuery>,
) -> Result<Reply<QuarantinedDevices>> {
    let limit = Cursor::read(query.limit, None)?;
    let tx = access.read(&app).await?;
    let fetch = i64::try_from(limit.fetch()).unwrap_or(i64::MAX);
    let mut rows = store::devices(&tx, query.source.map(|source| source.uuid()), fetch).await?;
    let wanted = usize::try_from(limit.limit).unwrap_or(usize::MAX);
    let complete = rows.len() <= wanted;
    rows.truncate(wanted);
    let names = store::source_names(&tx, rows.iter().map(|row| row.source_id)).await?;
    let items = rows.into_iter().map(|row| QuarantinedDeviceView::of(row, &names)).collect::<Result<_>>()?;
    Ok(Reply::ok(QuarantinedDevices { items, complete }))
}
