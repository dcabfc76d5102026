//! `GET /v1/my/equipment/{id}/state`, `/days`, `/days/{day}` and `/heat-map`, `GET /v1/my/equipment-states`: how much the
//! caller's own machines are used. It is what staff see of them, counted once.

use actix_web::{HttpRequest, get, web::Data};
use domain::id::kind;

use super::bands::{DayPicture, asked_day, picture};
use super::days::{DaysQuery, DaysView, days_of};
use super::frame;
use super::hours::{HeatMap, heat_map};
use super::live::{LiveView, live};
use crate::app::App;
use crate::devices::equipment::scope::own;
use crate::devices::equipment::store::{Narrow, page};
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// What one of the caller's machines does right now, from what its socket said in the last half hour.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "Its state", body = LiveView))
)]
#[get("/v1/my/equipment/{id}/state")]
pub async fn read_my_equipment_state(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Equipment>,
) -> Result<Reply<LiveView>> {
    let tx = access.read(&app).await?;
    let machine = own(&tx, access.principal.id, at.uuid(), false).await?;
    let frame = frame::of(&tx, machine).await?;
    Ok(Reply::ok(live(&tx, &frame, context.language).await?))
}

/// What the caller's machines do right now, in the order in which they were registered.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(PageParams),
    responses((status = 200, description = "The machines", body = Page<LiveView>))
)]
#[get("/v1/my/equipment-states")]
pub async fn list_my_equipment_states(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    Params(asked): Params<PageParams>,
) -> Result<Reply<Page<LiveView>>> {
    let cursor = asked.cursor()?;
    let tx = access.read(&app).await?;
    let narrow = Narrow::own(access.principal.id);
    let mut views = vec![];
    for machine in page(&tx, &ScopeFilter::All, &narrow, cursor).await? {
        let frame = frame::of(&tx, machine).await?;
        views.push((frame.machine.id, live(&tx, &frame, context.language).await?));
    }
    Ok(Reply::ok(cursor.page(views, |(id, _)| *id, |(_, view)| Ok(view))?))
}

/// How much one of the caller's machines was used, day by day. Days of which nothing is known are not among them.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(DaysQuery),
    responses((status = 200, description = "The days and their sum", body = DaysView))
)]
#[get("/v1/my/equipment/{id}/days")]
pub async fn list_my_equipment_days(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<DaysQuery>,
) -> Result<Reply<DaysView>> {
    let tx = access.read(&app).await?;
    let machine = own(&tx, access.principal.id, at.uuid(), false).await?;
    Ok(Reply::ok(days_of(&tx, &machine, &query).await?))
}

/// One day of one of the caller's machines as coloured bands, and hour by hour.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(("day" = String, Path, description = "The day, in the firm's zone", format = Date, example = "2026-11-28")),
    responses((status = 200, description = "The day", body = DayPicture))
)]
#[get("/v1/my/equipment/{id}/days/{day}")]
pub async fn read_my_equipment_day(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    request: HttpRequest,
) -> Result<Reply<DayPicture>> {
    let day = asked_day(&request)?;
    let tx = access.read(&app).await?;
    let machine = own(&tx, access.principal.id, at.uuid(), false).await?;
    Ok(Reply::ok(picture(&tx, &machine, day).await?))
}

/// At which hours of which weekdays one of the caller's machines works.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(DaysQuery),
    responses((status = 200, description = "The heat map", body = HeatMap))
)]
#[get("/v1/my/equipment/{id}/heat-map")]
pub async fn read_my_equipment_heat_map(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<DaysQuery>,
) -> Result<Reply<HeatMap>> {
    let tx = access.read(&app).await?;
    let machine = own(&tx, access.principal.id, at.uuid(), false).await?;
    Ok(Reply::ok(heat_map(&tx, &machine, &query).await?))
}
