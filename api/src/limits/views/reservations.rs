//! `GET /v1/limits/{id}/reservations` and `GET /v1/reservations/{id}`: what was set aside of a limit.

use actix_web::{get, web::Data};
use domain::id::kind;

use crate::app::App;
use crate::error::Result;
use crate::limits::store::{uses, views::lists};
use crate::limits::view::ReservationView;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// What was set aside of a limit itself, the newest first.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(PageParams),
    responses((status = 200, description = "One page of reservations", body = Page<ReservationView>))
)]
#[get("/v1/limits/{id}/reservations")]
pub async fn list_limit_reservations(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    Params(query): Params<PageParams>,
) -> Result<Reply<Page<ReservationView>>> {
    let cursor = query.cursor()?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let limit = lists::limit(&tx, &scope, at.uuid()).await?;
    let rows = lists::reservations(&tx, limit.id, cursor).await?;
    let page = cursor.page(rows, |row| row.id, |row| ReservationView::of(&tx, &row, context.language))?;
    Ok(Reply::ok(page))
}

/// One reservation.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    responses((status = 200, description = "The reservation", body = ReservationView))
)]
#[get("/v1/reservations/{id}")]
pub async fn read_reservation(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Reservation>,
) -> Result<Reply<ReservationView>> {
    let tx = access.read(&app).await?;
    let row = uses::reservation(&tx, at.uuid()).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    lists::limit(&tx, &scope, row.limit_id).await?;
    Ok(Reply::ok(ReservationView::of(&tx, &row, context.language)?))
}
