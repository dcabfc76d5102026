//! `POST /v1/parameters/{id}/approve`: from its day on it holds. Whoever entered it cannot approve it.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use domain::limits::parameters::Verdict;

use super::decide::Decision;
use super::view::ParameterView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Idempotency, IfMatch};

/// Approves a parameter that somebody else entered.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.approve"])),
    responses((status = 200, description = "The parameter, approved", body = ParameterView))
)]
#[post("/v1/parameters/{id}/approve")]
pub async fn approve_parameter(
    access: Access<may::ApproveParameters>,
    app: Data<App>,
    at: At<kind::Parameter>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    Decision { verdict: Verdict::Approve, id: at.uuid(), seen }.run(&app, &access, &idem).await
}
