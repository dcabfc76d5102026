//! `PATCH /v1/listings/{id}` and `PATCH /v1/my/listings/{id}`: what an offer says, and what is asked for it.

use actix_web::{patch, web::Data};
use domain::devices::listing::ListingAction;
use domain::id::kind;
use domain::money::Fen;
use uuid::Uuid;

use super::act::{By, step};
use super::form::{self, ListingChange};
use super::view::ListingView;
use crate::app::App;
use crate::error::{Code, Error, Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes a draft, or what is offered already.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    request_body = ListingChange,
    responses((status = 200, description = "The listing as it is now", body = ListingView))
)]
#[patch("/v1/listings/{id}")]
pub async fn change_listing(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    Body(body): Body<ListingChange>,
) -> Result<Reply<ListingView>> {
    let tx = access.begin(&app).await?;
    change(tx, By::Staff(&access.principal), id.uuid(), seen, &body, context.language).await
}

/// Changes a listing of one of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = ListingChange,
    responses((status = 200, description = "The listing as it is now", body = ListingView))
)]
#[patch("/v1/my/listings/{id}")]
pub async fn change_my_listing(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    Body(body): Body<ListingChange>,
) -> Result<Reply<ListingView>> {
    let tx = access.begin(&app).await?;
    change(tx, By::Owner(access.principal.id), id.uuid(), seen, &body, context.language).await
}

async fn change(
    tx: TenantTx,
    by: By<'_>,
    id: Uuid,
    seen: IfMatch,
    body: &ListingChange,
    language: Language,
) -> Result<Reply<ListingView>> {
    if body.title.is_none() && body.description.is_none() && body.price_fen.is_none() {
        return Err(Error::new(Code::NothingToChange));
    }
    let content = form::content(body.title.as_deref(), body.description.as_deref(), body.price_fen.flatten())?;
    let (mut row, machine) = by.lock(&tx, id).await?;
    let before = (row.title.clone(), row.description.clone(), row.price_fen);
    row.title = content.title.unwrap_or(row.title);
    row.description = content.description.unwrap_or(row.description);
    let asking_fen = body.price_fen.unwrap_or(row.price_fen).map(Fen);
    step(&tx, by, (&mut row, &machine), seen, &ListingAction::Change { asking_fen }).await?;
    let view = ListingView::of(&tx, &row, &machine, by, language).await?;
    let said = |(title, description, price): (String, String, Option<i64>)| serde_json::json!({ "title": title, "description": description, "price_fen": price });
    let after = (row.title.clone(), row.description.clone(), row.price_fen);
    let detail = serde_json::json!({ "before": said(before), "after": said(after) });
    tx.commit(Act::new("listing.change", "listing", row.id).detail(detail)).await?;
    Ok(Reply::ok(view).version(row.version))
}
