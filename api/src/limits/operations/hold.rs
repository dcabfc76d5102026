//! `POST /v1/limits/{id}/freeze`, `/thaw` and `/close`: whether a limit can be used.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Step;
use super::body::why;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::limits::ledger::Operation;
use crate::limits::view::OperationView;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// Why something is done, and under which document.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grounds {
    /// Why.
    #[schema(example = "企业经营异常，暂停使用", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "风险处置单-2026-001", max_length = 100)]
    pub document: Option<String>,
}

/// Stops the use of a limit and of everything below it; repayment and release go on.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.manage"])),
    request_body = Grounds,
    responses(
        (status = 200, description = "The limit, frozen", body = OperationView),
        (status = 409, description = "It is not active", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/freeze")]
pub async fn freeze_limit(
    access: Access<may::ManageLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Grounds>,
) -> Result<HttpResponse> {
    let order = (Operation::Freeze { limit: at.uuid() }, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: Some(seen), idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// Ends a freeze. Parts that were frozen themselves stay so.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.manage"])),
    request_body = Grounds,
    responses(
        (status = 200, description = "The limit, active again", body = OperationView),
        (status = 409, description = "It is not frozen", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/thaw")]
pub async fn thaw_limit(
    access: Access<may::ManageLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Grounds>,
) -> Result<HttpResponse> {
    let order = (Operation::Thaw { limit: at.uuid() }, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: Some(seen), idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// Ends a limit of which nothing is in use; what a part has free goes back to the limit above.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.manage"])),
    request_body = Grounds,
    responses(
        (status = 200, description = "The limit, closed", body = OperationView),
        (status = 409, description = "Something is still in use", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/close")]
pub async fn close_limit(
    access: Access<may::ManageLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Grounds>,
) -> Result<HttpResponse> {
    let order = (Operation::Close { limit: at.uuid() }, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: Some(seen), idempotency, language: context.language }.run(&app, &access, &body, order).await
}
