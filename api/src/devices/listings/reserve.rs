//! `POST /v1/listings/{id}/reserve` and `POST /v1/my/listings/{id}/reserve`: a machine is kept for one who enquired.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::ListingAction;
use domain::id::kind;
use uuid::Uuid;

use super::act::{By, step};
use super::enquiries;
use super::form::ListingReservation;
use super::view::ListingView;
use crate::app::App;
use crate::error::{Language, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, Done, Idempotency, IfMatch, Reply};

/// Keeps a machine for one who enquired.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    request_body = ListingReservation,
    responses(
        (status = 200, description = "The listing as it is now", body = ListingView),
        (status = 409, description = "Not in this state, or not with this machine", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/listings/{id}/reserve")]
pub async fn reserve_listing(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<ListingReservation>,
) -> Result<HttpResponse> {
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &body, async |tx| reserve(tx, by, id.uuid(), seen, &body, context.language).await).await
}

/// Keeps one of the caller's own machines for one who enquired.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = ListingReservation,
    responses(
        (status = 200, description = "The listing as it is now", body = ListingView),
        (status = 409, description = "Not in this state, or not with this machine", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/listings/{id}/reserve")]
pub async fn reserve_my_listing(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<ListingReservation>,
) -> Result<HttpResponse> {
    let by = By::Owner(access.principal.id);
    idem.run(&app, &access, &body, async |tx| reserve(tx, by, id.uuid(), seen, &body, context.language).await).await
}

async fn reserve(
    tx: &TenantTx,
    by: By<'_>,
    id: Uuid,
    seen: IfMatch,
    body: &ListingReservation,
    language: Language,
) -> Result<Done<ListingView>> {
    let (mut row, machine) = by.lock(tx, id).await?;
    let Some((enquiry, enquiry_state)) = enquiries::lock_state(tx, row.id, body.enquiry.uuid()).await? else {
        let mut checks = Checks::new();
        let (zh, en) = ("该流转信息下没有这条询盘", "there is no such enquiry about this listing");
        checks.problem("/enquiry", "unknown", zh, en);
        return Err(checks.refuse());
    };
    let action = ListingAction::Reserve { enquiry, enquiry_state };
    step(tx, by, (&mut row, &machine), seen, &action).await?;
    let view = ListingView::of(tx, &row, &machine, by, language).await?;
    let detail = serde_json::json!({ "equipment": machine.id, "enquiry": body.enquiry });
    let act = Act::new("listing.reserve", "listing", row.id).detail(detail);
    Ok(Reply::ok(view).version(row.version).done(act))
}
