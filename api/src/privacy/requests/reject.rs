//! `POST /v1/privacy-requests/{id}/reject`: a request that is not to be carried out, with why (PIPL art. 50).

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::REASON_CHARS_MAX;
use super::to_decide;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};
use crate::privacy::store;
use crate::privacy::view::PrivacyRequestView;

/// Why it is not carried out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivacyRejection {
    /// The reason, which the person is told.
    #[schema(example = "未能核实申请人身份", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Rejects a request that somebody else recorded.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["privacy.handle"])),
    request_body = PrivacyRejection,
    responses(
        (status = 200, description = "The request, rejected", body = PrivacyRequestView),
        (status = 409, description = "It was decided on before", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/privacy-requests/{id}/reject")]
pub async fn reject_privacy_request(
    access: Access<may::HandlePrivacyRequests>,
    app: Data<App>,
    context: Context,
    at: At<kind::PrivacyRequest>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<PrivacyRejection>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
    idem.run(&app, &access, &body, async |tx| {
        let row = to_decide(tx, &at, seen).await?;
        checks.done()?;
        let row = store::settle(tx, row, "rejected", Some(&reason), None).await?;
        let act = Act::new("privacy.reject", "privacy_request", row.id);
        let view = PrivacyRequestView::of(tx, &row, context.language).await?;
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}
