//! `POST /v1/listings/{id}/sell`: staff record that a machine was sold. The owner does not: the sale of a watched machine takes
//! evidence away, and somebody of the firm has to have seen it.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::ListingAction;
use domain::id::kind;
use domain::money::Fen;

use super::act::{By, step};
use super::form::ListingSale;
use super::view::ListingView;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

const DOCUMENT_CHARS_MAX: usize = 100;

/// Records that a machine was sold.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    request_body = ListingSale,
    responses(
        (status = 200, description = "The listing as it is now", body = ListingView),
        (status = 409, description = "Not in this state, or not with this machine", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/listings/{id}/sell")]
pub async fn sell_listing(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<ListingSale>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let document = checks.line("/document", &body.document, DOCUMENT_CHARS_MAX);
    checks.done()?;
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &body, async |tx| {
        let (mut row, machine) = by.lock(tx, id.uuid()).await?;
        let action = ListingAction::Sell { price_fen: Fen(body.price_fen) };
        step(tx, by, (&mut row, &machine), seen, &action).await?;
        let view = ListingView::of(tx, &row, &machine, by, context.language).await?;
        let detail = serde_json::json!({ "equipment": machine.id, "price_fen": body.price_fen, "document": document });
        let act = Act::new("listing.sell", "listing", row.id).detail(detail);
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}
