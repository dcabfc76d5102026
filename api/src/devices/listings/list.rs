//! `GET /v1/listings` for staff and `GET /v1/my/listings` for owners: what is offered, was, or is to be.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, Narrow, Whose};
use super::view::{About, ListingLine, ListingStateWord};
use crate::app::App;
use crate::error::{Code, Error, Language, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// Which listings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListingsQuery {
    /// Only those that are there.
    #[param(inline)]
    state: Option<ListingStateWord>,
    /// Only this machine's.
    #[param(max_length = 30, example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    equipment: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before, with the same filters.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The listings of the machines that the caller sees.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.read"])),
    params(ListingsQuery),
    responses((status = 200, description = "A page of listings, the newest first", body = Page<ListingLine>))
)]
#[get("/v1/listings")]
pub async fn list_listings(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    Params(query): Params<ListingsQuery>,
) -> Result<Reply<Page<ListingLine>>> {
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    page(&tx, &Whose::Seen(&scope), &query, context.language).await
}

/// The listings of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(ListingsQuery),
    responses((status = 200, description = "A page of listings, the newest first", body = Page<ListingLine>))
)]
#[get("/v1/my/listings")]
pub async fn list_my_listings(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    Params(query): Params<ListingsQuery>,
) -> Result<Reply<Page<ListingLine>>> {
    let tx = access.read(&app).await?;
    page(&tx, &Whose::Own(access.principal.id), &query, context.language).await
}

async fn page(
    tx: &TenantTx,
    whose: &Whose<'_>,
    query: &ListingsQuery,
    language: Language,
) -> Result<Reply<Page<ListingLine>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let bad =
        || Error::new(Code::InvalidParameter).detail("equipment应为设备编号。", "equipment is the id of a machine.");
    let equipment = match query.equipment.as_deref() {
        Some(text) => Some(Id::<kind::Equipment>::parse(text).ok_or_else(bad)?.uuid()),
        None => None,
    };
    let narrow = Narrow { state: query.state.map(|word| word.0), equipment };
    let rows = store::page(tx, whose, &narrow, cursor).await?;
    let about = About::of(tx, &rows, language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| ListingLine::of(&row, &about))?))
}
