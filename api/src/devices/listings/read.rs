//! `GET /v1/listings/{id}` and `GET /v1/my/listings/{id}`: one listing with what it rests on.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::act::By;
use super::view::ListingView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// One listing with the machine's score, use and second-hand value.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The listing; the ETag is what If-Match wants", body = ListingView))
)]
#[get("/v1/listings/{id}")]
pub async fn read_listing(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
) -> Result<Reply<ListingView>> {
    let tx = access.read(&app).await?;
    let by = By::Staff(&access.principal);
    let (row, machine) = by.find(&tx, id.uuid()).await?;
    let mut view = ListingView::of(&tx, &row, &machine, by, context.language).await?;
    if !access.principal.permissions.has(domain::access::Permission::ManageEquipment) {
        view.allowed_actions.clear();
    }
    Ok(Reply::ok(view).version(row.version))
}

/// One listing of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The listing; the ETag is what If-Match wants", body = ListingView))
)]
#[get("/v1/my/listings/{id}")]
pub async fn read_my_listing(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
) -> Result<Reply<ListingView>> {
    let tx = access.read(&app).await?;
    let by = By::Owner(access.principal.id);
    let (row, machine) = by.find(&tx, id.uuid()).await?;
    let view = ListingView::of(&tx, &row, &machine, by, context.language).await?;
    Ok(Reply::ok(view).version(row.version))
}
