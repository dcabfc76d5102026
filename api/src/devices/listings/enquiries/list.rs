//! `GET /v1/listings/{id}/enquiries`, `GET /v1/my/listings/{id}/enquiries` and `GET /v1/my/enquiries`: who asked what about an
//! offer, and what oneself asked.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::store::{self, Of};
use super::view::EnquiryView;
use crate::app::App;
use crate::devices::listings::act::By;
use crate::error::{Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Context, Cursor, Page, PageParams, Params, Reply};

/// What was asked about a listing.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of enquiries, the newest first", body = Page<EnquiryView>))
)]
#[get("/v1/listings/{id}/enquiries")]
pub async fn list_enquiries(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<EnquiryView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let (row, _) = By::Staff(&access.principal).find(&tx, id.uuid()).await?;
    shown(&tx, &Of::Listing(row.id), cursor, context.language).await
}

/// What was asked about one of the caller's own listings.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(PageParams),
    responses((status = 200, description = "A page of enquiries, the newest first", body = Page<EnquiryView>))
)]
#[get("/v1/my/listings/{id}/enquiries")]
pub async fn list_my_listing_enquiries(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<EnquiryView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let (row, _) = By::Owner(access.principal.id).find(&tx, id.uuid()).await?;
    shown(&tx, &Of::Listing(row.id), cursor, context.language).await
}

/// What the caller asked about offers.
#[utoipa::path(
    tag = "offers",
    security(("token" = ["own.equipment"])),
    params(PageParams),
    responses((status = 200, description = "A page of enquiries, the newest first", body = Page<EnquiryView>))
)]
#[get("/v1/my/enquiries")]
pub async fn list_my_enquiries(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<EnquiryView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    shown(&tx, &Of::Applicant(access.principal.id), cursor, context.language).await
}

async fn shown(tx: &TenantTx, of: &Of, cursor: Cursor, language: Language) -> Result<Reply<Page<EnquiryView>>> {
    let rows = store::page(tx, of, cursor).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push((row.id, EnquiryView::of(tx, &row, language).await?));
    }
    Ok(Reply::ok(cursor.page(views, |(id, _)| *id, |(_, view)| Ok(view))?))
}
