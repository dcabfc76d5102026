//! `POST /v1/listings/{id}/redraft` and `POST /v1/my/listings/{id}/redraft`: what was taken back is begun anew as a draft.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::ListingAction;
use domain::id::kind;

use super::act::{By, take};
use super::view::ListingView;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Idempotency, IfMatch};

const STEP: (&str, ListingAction) = ("listing.redraft", ListingAction::Redraft);

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
    idem.run(&app, &access, &(), async |tx| take(tx, by, id.uuid(), seen, STEP, context.language).await).await
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
    idem.run(&app, &access, &(), async |tx| take(tx, by, id.uuid(), seen, STEP, context.language).await).await
}
