//! `POST /v1/privacy-requests/{id}/carry-out`: another than who recorded it has the copy made or the data erased. It cannot be taken
//! back, so they prove once more who they are.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde_json::json;

use super::to_decide;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, IfMatch, Reply};
use crate::privacy::build;
use crate::privacy::erase::erase;
use crate::privacy::store::{self, Person};
use crate::privacy::view::PrivacyRequestView;

/// Carries a request out: a copy is made by a job; an erasure is done at once, and its outcome says what was erased, what is kept,
/// why and until when.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["privacy.handle"])),
    responses(
        (status = 200, description = "The request, done", body = PrivacyRequestView),
        (status = 409, description = "It was decided on before", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/privacy-requests/{id}/carry-out")]
pub async fn carry_out_privacy_request(
    access: Access<may::HandlePrivacyRequests>,
    app: Data<App>,
    context: Context,
    at: At<kind::PrivacyRequest>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let mut ended = None;
    let done = idem
        .run(&app, &access, &(), async |tx| {
            let row = to_decide(tx, &at, seen).await?;
            people::proven(tx, &access.principal).await?;
            let who = Person { applicant: row.applicant_id, customer: row.customer_id };
            let (action, outcome) = if row.kind == "export" {
                let copy = store::add_export(tx, who, Some(row.id)).await?;
                build::plan(tx, copy.id).await?;
                ("privacy.export", None)
            } else {
                let erased = erase(tx, who).await?;
                ended = erased.ended;
                ("privacy.erase", Some(serde_json::to_value(&erased.outcome)?))
            };
            let row = store::settle(tx, row, "done", None, outcome.clone()).await?;
            let act = Act::new(action, "privacy_request", row.id).detail(json!({ "outcome": outcome }));
            let view = PrivacyRequestView::of(tx, &row, context.language).await?;
            Ok(Reply::ok(view).version(row.version).done(act))
        })
        .await?;
    if let Some(ended) = ended {
        ended.note(&app);
    }
    Ok(done)
}
