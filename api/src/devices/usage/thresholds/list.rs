//! `GET /v1/equipment/{id}/thresholds`: the thresholds of a machine, suggested, in force and past.

use actix_web::{get, web::Data};
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::store::thresholds::of_machine;
use super::view::ThresholdsView;
use crate::app::App;
use crate::devices::equipment;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// Most that are shown.
const ROWS_MAX: u64 = 100;

/// The thresholds of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThresholdsList {
    /// The newest first; the standard ones last.
    pub items: Vec<ThresholdsView>,
}

/// The thresholds of a machine, suggested, in force and past.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The newest first", body = ThresholdsList))
)]
#[get("/v1/equipment/{id}/thresholds")]
pub async fn list_thresholds(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Equipment>,
) -> Result<Reply<ThresholdsList>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    let rows = of_machine(&tx, machine.id, ROWS_MAX).await?;
    let mut items = rows.iter().map(|row| ThresholdsView::of(row, context.language)).collect::<Result<Vec<_>>>()?;
    items.push(ThresholdsView::standard(machine.thresholds_id.is_none()));
    Ok(Reply::ok(ThresholdsList { items }))
}
