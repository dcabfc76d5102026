//! `POST /v1/limit-operations/{id}/correct`: what was booked by mistake is taken back by new entries.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::Step;
use super::body::why;
use super::hold::Grounds;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::limits::ledger::Operation;
use crate::limits::view::OperationView;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency};

/// Takes back all that one operation wrote, by new entries that name the old ones; once.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.correct"])),
    request_body = Grounds,
    responses(
        (status = 200, description = "What was written", body = OperationView),
        (status = 409, description = "It was taken back before, is of a kind that is not, or what it gave is in use", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limit-operations/{id}/correct")]
pub async fn correct_operation(
    access: Access<may::CorrectLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::LimitOperation>,
    idempotency: Idempotency,
    Body(body): Body<Grounds>,
) -> Result<HttpResponse> {
    let order = (Operation::Correct { operation: at.uuid() }, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: None, idempotency, language: context.language }.run(&app, &access, &body, order).await
}
