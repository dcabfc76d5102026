//! `POST /v1/sharing-agreements/{id}/approve`: from its day on it holds. Whoever entered it cannot approve it.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::limits::parameters::Verdict;

use super::decide::Decision;
use super::view::AgreementView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Idempotency, IfMatch};

/// Approves a sharing agreement that somebody else entered.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.approve"])),
    responses((status = 200, description = "The agreement, approved", body = AgreementView))
)]
#[post("/v1/sharing-agreements/{id}/approve")]
pub async fn approve_sharing_agreement(
    access: Access<may::ApproveParameters>,
    app: Data<App>,
    at: At<kind::Agreement>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    Decision { verdict: Verdict::Approve, id: at.uuid(), seen }.run(&app, &access, &idem).await
}
