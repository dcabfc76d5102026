//! `POST /v1/equipment/{id}/listings` and `POST /v1/my/equipment/{id}/listings`: a machine is to be offered. What comes of
//! it is a draft, which nobody else sees.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::time::TenantZone;
use uuid::Uuid;

use super::act::By;
use super::form::{self, NewListing};
use super::store;
use super::view::ListingView;
use crate::app::App;
use crate::devices::equipment::scope;
use crate::error::{Code, Error, Language, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Done, Idempotency, Reply};

/// Drafts the listing of a machine.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    request_body = NewListing,
    responses(
        (status = 201, description = "The draft", body = ListingView),
        (status = 409, description = "The machine is offered already, encumbered or retired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/equipment/{id}/listings")]
pub async fn create_listing(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewListing>,
) -> Result<HttpResponse> {
    let new = checked(&body)?;
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &body, async |tx| draft(tx, by, id.uuid(), &new, "/v1/listings", context.language).await)
        .await
}

/// Drafts the listing of one of the caller's own machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = NewListing,
    responses(
        (status = 201, description = "The draft", body = ListingView),
        (status = 409, description = "The machine is offered already, encumbered or retired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/equipment/{id}/listings")]
pub async fn create_my_listing(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewListing>,
) -> Result<HttpResponse> {
    let new = checked(&body)?;
    let by = By::Owner(access.principal.id);
    idem.run(&app, &access, &body, async |tx| draft(tx, by, id.uuid(), &new, "/v1/my/listings", context.language).await)
        .await
}

fn checked(body: &NewListing) -> Result<NewListing> {
    let content = form::content(Some(&body.title), Some(&body.description), body.price_fen)?;
    let (title, description) = (content.title.unwrap_or_default(), content.description.unwrap_or_default());
    Ok(NewListing { title, description, price_fen: body.price_fen })
}

async fn draft(
    tx: &TenantTx,
    by: By<'_>,
    machine: Uuid,
    new: &NewListing,
    place: &str,
    language: Language,
) -> Result<Done<ListingView>> {
    let machine = by.machine(tx, machine, true).await?;
    scope::must_be_in_use(&machine)?;
    if machine.encumbrance.is_some() {
        return Err(Error::new(Code::EquipmentEncumbered));
    }
    if store::has_open(tx, machine.id).await? {
        return Err(Error::new(Code::ListingOpen));
    }
    let day = TenantZone::default().date_of(tx.now()).format("%Y%m%d").to_string();
    let number = tx.next_number(&format!("listing/{day}")).await?;
    let row = store::insert(tx, format!("LZ{day}-{number:04}"), &machine, new).await?;
    let view = ListingView::of(tx, &row, &machine, by, language).await?;
    let detail = serde_json::json!({ "equipment": machine.id, "after": new });
    let location = format!("{place}/{}", view.line.offer.brief.id);
    Ok(Reply::created(location, view)
        .version(row.version)
        .done(Act::new("listing.create", "listing", row.id).detail(detail)))
}
