//! `GET /v1/offers` and `GET /v1/offers/{id}`: what every applicant of the firm may buy. Whose a machine is is not said; who
//! is interested asks.

use actix_web::{get, web::Data};
use domain::devices::listing::ListingState;
use domain::id::kind;
use uuid::Uuid;

use super::store::{self, ListingRow, Narrow, Whose};
use super::view::{About, OfferLine, OfferView};
use crate::app::App;
use crate::devices::equipment::store::{self as machines, Row as Machine};
use crate::devices::equipment::words::known;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// What is offered now.
#[utoipa::path(
    tag = "offers",
    security(("token" = ["own.equipment"])),
    params(PageParams),
    responses((status = 200, description = "A page of offers, the newest first", body = Page<OfferLine>))
)]
#[get("/v1/offers")]
pub async fn list_offers(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<OfferLine>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let narrow = Narrow { state: Some(ListingState::Published), equipment: None };
    let rows = store::page(&tx, &Whose::Free, &narrow, cursor).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| OfferLine::of(&row, &about))?))
}

/// One offer with the machine's score, use and second-hand value.
#[utoipa::path(
    tag = "offers",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The offer", body = OfferView))
)]
#[get("/v1/offers/{id}")]
pub async fn read_offer(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
) -> Result<Reply<OfferView>> {
    let tx = access.read(&app).await?;
    let (row, machine) = offered(&tx, store::get(&tx, id.uuid()).await?).await?;
    Ok(Reply::ok(OfferView::of(&tx, &row, &machine, context.language).await?))
}

/// A listing as an offer: published, of a machine that secures no guarantee.
async fn offered(tx: &TenantTx, row: Option<ListingRow>) -> Result<(ListingRow, Machine)> {
    let row = row.filter(|row| row.state == ListingState::Published.code()).ok_or_else(Error::not_found)?;
    let machine = known(machines::get(tx, row.equipment_id).await?)?;
    if machine.encumbrance.is_some() {
        return Err(Error::not_found());
    }
    Ok((row, machine))
}

/// An offer that is there now, locked until the transaction ends, so that nobody asks about what is being withdrawn; with
/// its machine, which is locked first, as by everybody who moves a listing.
pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<(ListingRow, Machine)> {
    let row = store::get(tx, id).await?.ok_or_else(Error::not_found)?;
    machines::lock_any(tx, row.equipment_id).await?;
    offered(tx, store::lock(tx, id).await?).await
}
