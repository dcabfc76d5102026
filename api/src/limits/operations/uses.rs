//! `POST /v1/limits/{id}/reserve`, `POST /v1/reservations/{id}/draw` and `/release`, `POST /v1/drawdowns/{id}/repay`: a limit in
//! use. They ask for no version: what guards them is what is free, and many use one limit at a time.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Step;
use super::body::why;
use super::hold::Grounds;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::limits::ledger::Operation;
use crate::limits::view::OperationView;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency};

/// How long an amount stays set aside if nothing else is said, days.
pub(in crate::limits) const RESERVED_DAYS: i64 = 30;

/// An amount to be set aside.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReservation {
    /// How much, in fen.
    #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// From which instant on it is void if not drawn; in thirty days if not said.
    #[serde(default)]
    #[schema(example = "2026-12-29T08:00:00Z")]
    pub lapses_at: Option<DateTime<Utc>>,
    /// Why.
    #[schema(example = "拟向银行推荐放款", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "推荐函-2026-001", max_length = 100)]
    pub document: Option<String>,
}

/// What the bank has paid out.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraw {
    /// How much, in fen.
    #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Why.
    #[schema(example = "银行放款", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "放款通知书-2026-001", max_length = 100)]
    pub document: Option<String>,
}

/// What the client has paid back to the bank.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRepayment {
    /// How much, in fen.
    #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Why.
    #[schema(example = "客户还款", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "还款凭证-2026-001", max_length = 100)]
    pub document: Option<String>,
}

/// Sets an amount of a limit aside until it is drawn, released, or lapses by itself.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.use"])),
    request_body = NewReservation,
    responses(
        (status = 200, description = "The reservation", body = OperationView),
        (status = 409, description = "Not enough is free, or the limit cannot be used", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/reserve")]
pub async fn reserve_limit(
    access: Access<may::UseLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    idempotency: Idempotency,
    Body(body): Body<NewReservation>,
) -> Result<HttpResponse> {
    let lapses_at = body.lapses_at.unwrap_or_else(|| app.clock.now() + Duration::days(RESERVED_DAYS));
    let order = (
        Operation::Reserve { limit: at.uuid(), amount: Fen(body.amount_fen), lapses_at },
        why("/reason", &body.reason, body.document.as_deref())?,
    );
    Step { seen: None, idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// Draws from a reservation, in part or whole. The law and the firm's ceilings are judged in the same transaction.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.use"])),
    request_body = NewDraw,
    responses(
        (status = 200, description = "The drawdown, with what every rule said", body = OperationView),
        (status = 409, description = "The reservation has ended or has too little left, or a rule would be broken", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/reservations/{id}/draw")]
pub async fn draw_reservation(
    access: Access<may::UseLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Reservation>,
    idempotency: Idempotency,
    Body(body): Body<NewDraw>,
) -> Result<HttpResponse> {
    let order = (
        Operation::Draw { reservation: at.uuid(), amount: Fen(body.amount_fen) },
        why("/reason", &body.reason, body.document.as_deref())?,
    );
    Step { seen: None, idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// Gives the rest of a reservation back and ends it.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.use"])),
    request_body = Grounds,
    responses(
        (status = 200, description = "The reservation, ended", body = OperationView),
        (status = 409, description = "It has ended already", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/reservations/{id}/release")]
pub async fn release_reservation(
    access: Access<may::UseLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Reservation>,
    idempotency: Idempotency,
    Body(body): Body<Grounds>,
) -> Result<HttpResponse> {
    let order =
        (Operation::Release { reservation: at.uuid() }, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: None, idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// Books a repayment of a drawdown, in part or whole; a revolving limit is restored by it at once.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.use"])),
    request_body = NewRepayment,
    responses(
        (status = 200, description = "The drawdown as it is now", body = OperationView),
        (status = 409, description = "More than is outstanding, or it was taken back", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/drawdowns/{id}/repay")]
pub async fn repay_drawdown(
    access: Access<may::UseLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Drawdown>,
    idempotency: Idempotency,
    Body(body): Body<NewRepayment>,
) -> Result<HttpResponse> {
    let order = (
        Operation::Repay { drawdown: at.uuid(), amount: Fen(body.amount_fen) },
        why("/reason", &body.reason, body.document.as_deref())?,
    );
    Step { seen: None, idempotency, language: context.language }.run(&app, &access, &body, order).await
}
