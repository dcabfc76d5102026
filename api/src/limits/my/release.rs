//! `POST /v1/my/reservations/{id}/release`: the applicant takes back what they asked for and does not need any more.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::limits::ledger::{By, Operation, perform};
use crate::limits::operations::why;
use crate::limits::view::ReservationView;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, Idempotency, Reply};

/// Why it is taken back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyRelease {
    /// Why, if the applicant wants to say it.
    #[serde(default)]
    #[schema(example = "暂不需要", max_length = 1000)]
    pub reason: Option<String>,
}

/// Gives back what the caller set aside and is not drawn.
#[utoipa::path(
    tag = "my limits",
    security(("token" = ["own.limits"])),
    request_body = MyRelease,
    responses(
        (status = 200, description = "The reservation, ended", body = ReservationView),
        (status = 409, description = "It has ended already", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/reservations/{id}/release")]
pub async fn release_my_reservation(
    access: Access<may::OwnLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Reservation>,
    idempotency: Idempotency,
    Body(body): Body<MyRelease>,
) -> Result<HttpResponse> {
    let given = body.reason.as_deref().filter(|text| !text.trim().is_empty());
    let why = why("/reason", given.unwrap_or("申请人撤回"), None)?;
    idempotency
        .run(&app, &access, &body, async |tx| {
            let operation = Operation::Release { reservation: at.uuid() };
            let outcome = perform(tx, &By::Applicant(access.principal.id), &operation, &why).await?;
            let row = outcome.reservation.as_ref().ok_or_else(|| Error::new(Code::Internal))?;
            let view = ReservationView::of(tx, row, context.language)?;
            let act = Act::new("limit.release_own", "reservation", row.id);
            Ok(Reply::ok(view).done(act))
        })
        .await
}
