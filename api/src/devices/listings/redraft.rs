//! `POST /v1/listings/{id}/redraft` and `POST /v1/my/listings/{id}/redraft`: what was taken back is begun anew as a draft.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::ListingAction;
use domain::id::kind;
use uuid::Uuid;

use super::act::{By, step};
use super::view::ListingView;
use crate::app::App;
use crate::error::{Language, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Context, Done, Idempotency, IfMatch, Reply};

/// Makes a withdrawn listing a draft again.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    responses(
        (status = 200, description = "The listing as it is now", body = ListingView),
        (status = 409, description = "Not in this state, or not with this machine", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/listings/{id}/redraft")]
pub async fn redraft_listing(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &(), async |tx| redraft(tx, by, id.uuid(), seen, context.language).await).await
}

/// Makes a withdrawn listing of the caller's own a draft again.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses(
        (status = 200, description = "The listing as it is now", body = ListingView),
        (status = 409, description = "Not in this state, or not with this machine", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/listings/{id}/redraft")]
pub async fn redraft_my_listing(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let by = By::Owner(access.principal.id);
    idem.run(&app, &access, &(), async |tx| redraft(tx, by, id.uuid(), seen, context.language).await).await
}

async fn redraft(tx: &TenantTx, by: By<'_>, id: Uuid, seen: IfMatch, language: Language) -> Result<Done<ListingView>> {
    let (mut row, machine) = by.lock(tx, id).await?;
    step(tx, by, (&mut row, &machine), seen, &ListingAction::Redraft).await?;
    let view = ListingView::of(tx, &row, &machine, by, language).await?;
    let act = Act::new("listing.redraft", "listing", row.id).detail(serde_json::json!({ "equipment": machine.id }));
    Ok(Reply::ok(view).version(row.version).done(act))
}
