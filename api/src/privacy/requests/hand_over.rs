//! `POST /v1/privacy-requests/{id}/download`: the copy for somebody who asked on paper, or a look at what is blocked. It is all in
//! clear, so it takes the permission to see personal data unmasked, which those who deal with requests do not have, and a reason.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::record::REASON_CHARS_MAX;
use crate::app::App;
use crate::documents::DownloadView;
use crate::error::{Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Idempotency, Reply};
use crate::privacy::{download, store};

/// Why the copy is taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyHandOver {
    /// The reason.
    #[schema(example = "当面交付申请人本人", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Gives the request with which the copy of a carried-out request is downloaded. The reason is kept in the audit chain; the answer
/// is not kept, so a repeat under the same key is refused.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["personal_data.reveal"])),
    request_body = CopyHandOver,
    responses(
        (status = 200, description = "The request for the file", body = DownloadView),
        (status = 409, description = "It is not made yet, or has expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/privacy-requests/{id}/download")]
pub async fn download_privacy_request(
    access: Access<may::RevealPersonalData>,
    app: Data<App>,
    at: At<kind::PrivacyRequest>,
    idem: Idempotency,
    Body(body): Body<CopyHandOver>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
    idem.run(&app, &access, &body, async |tx| {
        let row = store::export_of_request(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        checks.done()?;
        let request = download::request(&app, tx, &row).await?;
        let act = Act::new("data_export.hand_over", "data_export", row.id).detail(json!({ "reason": reason }));
        Ok(Reply::ok(request).done(act).secret())
    })
    .await
}
