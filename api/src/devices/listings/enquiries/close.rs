//! `POST /v1/enquiries/{id}/close` and `POST /v1/my/enquiries/{id}/close`: an enquiry is over. Staff, the owner and whoever
//! asked can say so. A reservation that was made for it is over with it, in the same transaction.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::{EnquiryAction, EnquiryHat, EnquiryState, enquiry_after};
use domain::id::kind;

use super::store::{self, EnquiryRow};
use super::tell::tell;
use super::view::EnquiryView;
use crate::app::App;
use crate::devices::equipment::store::Row as Machine;
use crate::devices::equipment::words::known;
use crate::devices::listings::act::{By, lapse, refused};
use crate::devices::listings::store::ListingRow;
use crate::error::{Error, Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Context, Done, Idempotency, IfMatch, Reply};

/// Closes an enquiry. A machine that was kept for it is offered to all again.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    responses((status = 200, description = "The enquiry as it is now", body = EnquiryView))
)]
#[post("/v1/enquiries/{id}/close")]
pub async fn close_enquiry(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Enquiry>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &(), async |tx| {
        let all = super::lock(tx, Some(by), id.uuid()).await?;
        close(tx, all, seen, EnquiryHat::Seller, context.language).await
    })
    .await
}

/// Closes an enquiry that the caller made, or one about an offer of the caller's. A machine that was kept for it is offered to
/// all again.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The enquiry as it is now", body = EnquiryView))
)]
#[post("/v1/my/enquiries/{id}/close")]
pub async fn close_my_enquiry(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Enquiry>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let who = access.principal.id;
    idem.run(&app, &access, &(), async |tx| {
        let row = store::get(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
        let (by, hat) = if row.applicant_id == who {
            (None, EnquiryHat::Enquirer)
        } else {
            (Some(By::Owner(who)), EnquiryHat::Seller)
        };
        close(tx, super::lock(tx, by, row.id).await?, seen, hat, context.language).await
    })
    .await
}

async fn close(
    tx: &TenantTx,
    (mut row, mut listing, machine): (EnquiryRow, ListingRow, Machine),
    seen: IfMatch,
    hat: EnquiryHat,
    language: Language,
) -> Result<Done<EnquiryView>> {
    seen.check(row.version, Some(&row.state))?;
    let state = known(EnquiryState::from_code(&row.state))?;
    let after = enquiry_after(state, EnquiryAction::Close, hat).map_err(refused)?;
    store::save(tx, &mut row, after, None).await?;
    let released = lapse(tx, &mut listing, &machine, row.id).await?;
    let (to, event) = match hat {
        EnquiryHat::Seller => (Some(row.applicant_id), "enquiry_closed"),
        EnquiryHat::Enquirer => (machine.applicant_id, "enquiry_withdrawn"),
    };
    tell(tx, to, event, &row, &listing).await?;
    let detail = serde_json::json!({
        "listing": listing.id, "equipment": machine.id, "by": hat.code(), "listing_released": released,
    });
    let act = Act::new("listing.close_enquiry", "enquiry", row.id).detail(detail);
    Ok(Reply::ok(EnquiryView::of(tx, &row, language).await?).version(row.version).done(act))
}
