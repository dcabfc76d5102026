//! `GET /v1/equipment/{id}/hours` and `/heat-map`: a month of a machine hour by hour, and at which hours of which weekdays
//! it works.

use actix_web::{get, web::Data};
use chrono::{Datelike, NaiveDate};
use domain::id::kind;
use domain::time::Month;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bands::{HourView, hour_views};
use super::days::DaysQuery;
use super::frame;
use super::store::days::hours_between;
use super::stored::hours;
use super::view::{StateSeconds, ratio};
use super::when::first_day;
use crate::app::App;
use crate::devices::equipment::{self, store::Row as MachineRow};
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Params, Reply};

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MonthQuery {
    /// The month; the present one if not said.
    #[param(example = "2026-11", max_length = 7)]
    pub(super) month: Option<String>,
}

impl MonthQuery {
    /// The month that is asked for.
    pub(super) fn month(&self, today: NaiveDate) -> Result<Month> {
        match &self.month {
            None => Ok(Month::of(today)),
            Some(text) => Month::parse(text).ok().filter(|month| month.first_day() >= first_day()).ok_or_else(|| {
                Error::parameter("month", "format", "应为年-月，如2026-11", "is year-month, as 2026-11")
            }),
        }
    }
}

/// The hours of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursOfDay {
    /// The day.
    #[schema(example = "2026-11-28")]
    pub day: NaiveDate,
    /// Its hours.
    pub hours: Vec<HourView>,
}

/// The days of a month, hour by hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursView {
    /// The month.
    #[schema(example = "2026-11")]
    pub month: String,
    /// Each day of which anything is known.
    pub days: Vec<HoursOfDay>,
}

/// A month of a machine, hour by hour.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(MonthQuery),
    responses((status = 200, description = "The month", body = HoursView))
)]
#[get("/v1/equipment/{id}/hours")]
pub async fn list_equipment_hours(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<MonthQuery>,
) -> Result<Reply<HoursView>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    let month = query.month(frame::today(&tx))?;
    let days = month.days();
    let rows = hours_between(&tx, machine.id, frame::thresholds_id(&machine), (days.from(), days.to())).await?;
    let days = rows.into_iter().map(|(day, kept)| Ok(HoursOfDay { day, hours: hour_views(kept)? }));
    Ok(Reply::ok(HoursView { month: month.to_string(), days: days.collect::<Result<_>>()? }))
}

/// One field of a heat map.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeatField {
    /// The weekday, 1 (Monday) to 7.
    #[schema(example = 1, minimum = 1, maximum = 7)]
    pub weekday: u32,
    /// The hour, 0 to 23.
    #[schema(example = 9, minimum = 0, maximum = 23)]
    pub hour: usize,
    /// Utilisation of all such hours together; null where nothing is known.
    #[schema(example = 0.8, minimum = 0, maximum = 1)]
    pub utilisation: Option<f64>,
    /// Seconds known.
    #[schema(example = 14_400, minimum = 0)]
    pub known_s: i64,
}

/// When a machine works.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeatMap {
    /// The first day counted.
    #[schema(example = "2026-10-31")]
    pub from: NaiveDate,
    /// The last.
    #[schema(example = "2026-11-29")]
    pub to: NaiveDate,
    /// 7 × 24 fields, by weekday and hour.
    pub fields: Vec<HeatField>,
}

/// At which hours of which weekdays a machine works.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(DaysQuery),
    responses((status = 200, description = "The heat map", body = HeatMap))
)]
#[get("/v1/equipment/{id}/heat-map")]
pub async fn read_equipment_heat_map(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<DaysQuery>,
) -> Result<Reply<HeatMap>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    Ok(Reply::ok(heat_map(&tx, &machine, &query).await?))
}

/// The heat map of a machine that was reached.
pub(super) async fn heat_map(tx: &TenantTx, machine: &MachineRow, query: &DaysQuery) -> Result<HeatMap> {
    let stretch = query.stretch(frame::today(tx))?;
    let thresholds = frame::asked_thresholds(machine, query.thresholds.as_deref())?;
    let rows = hours_between(tx, machine.id, thresholds, stretch.half_open()).await?;
    let mut fields = vec![StateSeconds::default(); 7 * 24];
    for (day, kept) in rows {
        let weekday = day.weekday().num_days_from_monday() as usize;
        for (place, hour) in (weekday * 24..).zip(&hours(kept)?) {
            if let Some(field) = fields.get_mut(place) {
                *field = field.plus(hour.seconds());
            }
        }
    }
    let shown = (0..).zip(&fields).map(|(place, seconds): (usize, &StateSeconds)| HeatField {
        weekday: u32::try_from(place / 24).unwrap_or(0) + 1,
        hour: place % 24,
        utilisation: ratio(seconds.busy(), seconds.known()),
        known_s: seconds.known(),
    });
    Ok(HeatMap { from: stretch.from, to: stretch.to, fields: shown.collect() })
}
