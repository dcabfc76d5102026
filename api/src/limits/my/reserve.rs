//! `POST /v1/my/limits/{id}/reserve`: the applicant draws again within the limit's time. The amount is set aside for them
//! until the bank has paid and the firm's staff draw from it, or until it lapses.

use actix_web::{HttpResponse, post, web::Data};
use chrono::Duration;
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::limits::ledger::{By, Operation, perform};
use crate::limits::operations::{RESERVED_DAYS, why};
use crate::limits::store::uses;
use crate::limits::view::ReservationView;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, Idempotency, Reply};

/// Most amounts that an applicant has set aside under one limit at once.
const OPEN_MAX: u64 = 20;

/// What the applicant wants to draw.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyReservation {
    /// How much, in fen: at most what is free.
    #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// What for.
    #[schema(example = "采购秋季饲料", min_length = 1, max_length = 1000)]
    pub purpose: String,
}

/// Sets an amount of the caller's own limit aside, to be drawn once the bank pays; it lapses in thirty days.
#[utoipa::path(
    tag = "my limits",
    security(("token" = ["own.limits"])),
    request_body = MyReservation,
    responses(
        (status = 201, description = "What is set aside", body = ReservationView),
        (status = 409, description = "Not enough is free, or the limit cannot be used", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/limits/{id}/reserve")]
pub async fn reserve_my_limit(
    access: Access<may::OwnLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    idempotency: Idempotency,
    Body(body): Body<MyReservation>,
) -> Result<HttpResponse> {
    let why = why("/purpose", &body.purpose, None)?;
    idempotency
        .run(&app, &access, &body, async |tx| {
            let lapses_at = tx.now() + Duration::days(RESERVED_DAYS);
            let operation = Operation::Reserve { limit: at.uuid(), amount: Fen(body.amount_fen), lapses_at };
            let outcome = perform(tx, &By::Applicant(access.principal.id), &operation, &why).await?;
            // counted under the limit's lock, with this one among them
            if uses::open_own(tx, at.uuid(), OPEN_MAX.saturating_add(1)).await? > OPEN_MAX {
                return Err(Error::new(Code::TooManyItems).detail(
                    format!("最多同时有{OPEN_MAX}笔用款申请，请先撤回不需要的。"),
                    format!("At most {OPEN_MAX} requests at once; take back those not needed."),
                ));
            }
            let row = outcome.reservation.as_ref().ok_or_else(|| Error::new(Code::Internal))?;
            let view = ReservationView::of(tx, row, context.language)?;
            let act = Act::new("limit.reserve_own", "reservation", row.id)
                .detail(serde_json::json!({ "limit": view.limit, "amount_fen": body.amount_fen }));
            Ok(Reply::created(format!("/v1/my/limits/{}", view.limit), view).done(act))
        })
        .await
}
