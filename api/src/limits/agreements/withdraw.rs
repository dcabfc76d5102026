//! `POST /v1/sharing-agreements/{id}/withdraw`: whoever entered it saw a mistake before anybody approved it.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::limits::parameters::Verdict;

use super::decide::Decision;
use super::view::AgreementView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Idempotency, IfMatch};

/// Takes back a sharing agreement that the caller entered.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.propose"])),
    responses((status = 200, description = "The agreement, taken back", body = AgreementView))
)]
#[post("/v1/sharing-agreements/{id}/withdraw")]
pub async fn withdraw_sharing_agreement(
    access: Access<may::ProposeParameters>,
    app: Data<App>,
    at: At<kind::Agreement>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    Decision { verdict: Verdict::Withdraw, id: at.uuid(), seen }.run(&app, &access, &idem).await
}
