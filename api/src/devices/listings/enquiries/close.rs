//! `POST /v1/enquiries/{id}/close` and `POST /v1/my/enquiries/{id}/close`: an enquiry is over. Staff, the owner and whoever
//! asked can say so.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::{EnquiryAction, EnquiryHat, EnquiryState, enquiry_after};
use domain::id::kind;

use super::answer::lock_sellers;
use super::store::{self, EnquiryRow};
use super::view::EnquiryView;
use crate::app::App;
use crate::devices::equipment::words::known;
use crate::devices::listings::act::{By, refused};
use crate::error::{Error, Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Context, Done, Idempotency, IfMatch, Reply};

/// Closes an enquiry.
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
        let row = lock_sellers(tx, by, id.uuid()).await?;
        close(tx, row, seen, EnquiryHat::Seller, context.language).await
    })
    .await
}

/// Closes an enquiry that the caller made, or one about an offer of the caller's.
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
        let (row, hat) = if row.applicant_id == who {
            (store::lock(tx, row.id).await?.ok_or_else(Error::not_found)?, EnquiryHat::Enquirer)
        } else {
            (lock_sellers(tx, By::Owner(who), row.id).await?, EnquiryHat::Seller)
        };
        close(tx, row, seen, hat, context.language).await
    })
    .await
}

async fn close(
    tx: &TenantTx,
    mut row: EnquiryRow,
    seen: IfMatch,
    hat: EnquiryHat,
    language: Language,
) -> Result<Done<EnquiryView>> {
    seen.check(row.version, Some(&row.state))?;
    let state = known(EnquiryState::from_code(&row.state))?;
    let after = enquiry_after(state, EnquiryAction::Close, hat).map_err(refused)?;
    store::save(tx, &mut row, after, None).await?;
    let detail = serde_json::json!({ "listing": row.listing_id, "by": hat.code() });
    let act = Act::new("listing.close_enquiry", "enquiry", row.id).detail(detail);
    Ok(Reply::ok(EnquiryView::of(tx, &row, language).await?).version(row.version).done(act))
}
