//! `GET /v1/equipment/{id}/days/{day}`: one day as coloured bands, and hour by hour.

use actix_web::{HttpRequest, get, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::frame;
use super::store::days::between;
use super::stored::{Hour, hours, spans};
use super::view::{Band, DayView, MachineUse};
use super::when::first_day;
use crate::app::App;
use crate::devices::equipment::{self, store::Row as MachineRow};
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Reply};

/// One day of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayPicture {
    /// The day as a whole.
    #[serde(flatten)]
    pub day: DayView,
    /// Its bands, in order and without a gap.
    pub bands: Vec<Band>,
    /// Its hours.
    pub hours: Vec<HourView>,
}

/// An hour of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct HourView {
    /// The hour of the day, 0 to 23.
    #[schema(example = 8, minimum = 0, maximum = 23)]
    pub hour: u8,
    /// How much the machine was used.
    #[serde(flatten)]
    pub used: MachineUse,
}

impl HourView {
    pub(super) fn of(hour: u8, counted: &Hour) -> Self {
        let used = MachineUse::of(counted.seconds(), (counted.unknown_s, counted.ahead_s), 0, counted.energy_mwh);
        Self { hour, used: MachineUse { error: None, ..used } }
    }
}

/// The hours as a row keeps them.
pub(super) fn hour_views(kept: serde_json::Value) -> Result<Vec<HourView>> {
    Ok((0u8..).zip(&hours(kept)?).map(|(number, hour)| HourView::of(number, hour)).collect())
}

/// One day as coloured bands, and hour by hour.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(("day" = String, Path, description = "The day, in the firm's zone", format = Date, example = "2026-11-28")),
    responses((status = 200, description = "The day", body = DayPicture))
)]
#[get("/v1/equipment/{id}/days/{day}")]
pub async fn read_equipment_day(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    request: HttpRequest,
) -> Result<Reply<DayPicture>> {
    let day = asked_day(&request)?;
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    Ok(Reply::ok(picture(&tx, &machine, day).await?))
}

/// The day that an address names.
pub(super) fn asked_day(request: &HttpRequest) -> Result<NaiveDate> {
    let day = request.match_info().get("day").and_then(|day| day.parse().ok());
    day.filter(|day| *day >= first_day()).ok_or_else(Error::not_found)
}

/// A day of a machine that was reached.
pub(super) async fn picture(tx: &TenantTx, machine: &MachineRow, day: NaiveDate) -> Result<DayPicture> {
    let rows = between(tx, machine.id, frame::thresholds_id(machine), (day, super::days::after(day))).await?;
    let row = rows.first().ok_or_else(Error::not_found)?;
    Ok(DayPicture { day: DayView::of(row), bands: spans(row)?, hours: hour_views(row.hours.clone())? })
}
