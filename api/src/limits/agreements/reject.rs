//! `POST /v1/sharing-agreements/{id}/reject`: it never holds; a right one is entered anew.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::limits::parameters::Verdict;

use super::decide::Decision;
use super::view::AgreementView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Idempotency, IfMatch};

/// Rejects a sharing agreement.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.approve"])),
    responses((status = 200, description = "The agreement, rejected", body = AgreementView))
)]
#[post("/v1/sharing-agreements/{id}/reject")]
pub async fn reject_sharing_agreement(
    access: Access<may::ApproveParameters>,
    app: Data<App>,
    at: At<kind::Agreement>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    Decision { verdict: Verdict::Reject, id: at.uuid(), seen }.run(&app, &access, &idem).await
}
