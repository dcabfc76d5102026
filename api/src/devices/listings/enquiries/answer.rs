//! `POST /v1/enquiries/{id}/answer` and `POST /v1/my/enquiries/{id}/answer`: the seller's side answers.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::listing::{EnquiryAction, EnquiryHat, EnquiryState, enquiry_after};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use super::tell::tell;
use super::view::EnquiryView;
use crate::app::App;
use crate::devices::equipment::words::known;
use crate::devices::listings::act::{By, refused};
use crate::error::{Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, Done, Idempotency, IfMatch, Reply};

const ANSWER_CHARS_MAX: usize = 500;

/// An answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnquiryAnswer {
    /// What is answered.
    #[schema(example = "工作日均可看样。", min_length = 1, max_length = 500)]
    pub answer: String,
}

/// Answers a question about an offer, or answers it anew.
#[utoipa::path(
    tag = "listings",
    security(("token" = ["equipment.manage"])),
    request_body = EnquiryAnswer,
    responses((status = 200, description = "The enquiry as it is now", body = EnquiryView))
)]
#[post("/v1/enquiries/{id}/answer")]
pub async fn answer_enquiry(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Enquiry>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<EnquiryAnswer>,
) -> Result<HttpResponse> {
    let text = checked(&body)?;
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &body, async |tx| answer(tx, by, id.uuid(), seen, &text, context.language).await).await
}

/// Answers a question about one of the caller's own offers.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = EnquiryAnswer,
    responses((status = 200, description = "The enquiry as it is now", body = EnquiryView))
)]
#[post("/v1/my/enquiries/{id}/answer")]
pub async fn answer_my_enquiry(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Enquiry>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<EnquiryAnswer>,
) -> Result<HttpResponse> {
    let text = checked(&body)?;
    let by = By::Owner(access.principal.id);
    idem.run(&app, &access, &body, async |tx| answer(tx, by, id.uuid(), seen, &text, context.language).await).await
}

fn checked(body: &EnquiryAnswer) -> Result<String> {
    let mut checks = Checks::new();
    let text = checks.lines("/answer", &body.answer, ANSWER_CHARS_MAX);
    checks.done()?;
    Ok(text)
}

async fn answer(
    tx: &TenantTx,
    by: By<'_>,
    id: Uuid,
    seen: IfMatch,
    text: &str,
    language: Language,
) -> Result<Done<EnquiryView>> {
    let (mut row, listing, _) = super::lock(tx, Some(by), id).await?;
    seen.check(row.version, Some(&row.state))?;
    let state = known(EnquiryState::from_code(&row.state))?;
    let after = enquiry_after(state, EnquiryAction::Answer, EnquiryHat::Seller).map_err(refused)?;
    store::save(tx, &mut row, after, Some(text)).await?;
    tell(tx, Some(row.applicant_id), "enquiry_answered", &row, &listing).await?;
    let act = Act::new("listing.answer", "enquiry", row.id).detail(serde_json::json!({ "listing": row.listing_id }));
    Ok(Reply::ok(EnquiryView::of(tx, &row, language).await?).version(row.version).done(act))
}
