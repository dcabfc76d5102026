//! `GET …/timeline`, `…/progress`, `…/result`, `…/return-items`: what the applicant follows their application by.

use actix_web::{get, web::Data};
use domain::applications::headline::headline;
use domain::id::kind;

use super::own;
use crate::app::App;
use crate::applications::view::{ProgressView, ReturnItems, Timeline, return_items, timeline};
use crate::assessments::{self, ApplicantResult, AssessmentOutcome};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// Everything that happened, in words for the applicant.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "The timeline, oldest first", body = Timeline))
)]
#[get("/v1/my/applications/{id}/timeline")]
pub async fn read_my_timeline(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<Timeline>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    Ok(Reply::ok(timeline(&tx, case.id(), &case.product, true, context.language).await?))
}

/// The current step, what it waits for and from whom.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "Where it is on its way", body = ProgressView))
)]
#[get("/v1/my/applications/{id}/progress")]
pub async fn read_my_progress(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<ProgressView>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    Ok(Reply::ok(ProgressView::of(&case.facts, context.language)))
}

/// The result of scoring in words meant for applicants; 404 until there is one, and again once the authorisation that it
/// rests on was revoked.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "The result", body = ApplicantResult))
)]
#[get("/v1/my/applications/{id}/result")]
pub async fn read_my_result(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
) -> Result<Reply<ApplicantResult>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    let none = || Error::new(Code::NotFound).detail("预审尚未完成，暂无结果。", "It has not been scored yet.");
    let mut result = assessments::applicant_result(&tx, case.id()).await?.ok_or_else(none)?;
    let over_limit = result.outcome == AssessmentOutcome::Refuse;
    if let Some(now) = headline(&case.facts, over_limit) {
        result.headline = now.to_owned();
    }
    Ok(Reply::ok(result))
}

/// What the last return asked for, item by item.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "The items; empty if it was never returned", body = ReturnItems))
)]
#[get("/v1/my/applications/{id}/return-items")]
pub async fn list_my_return_items(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<ReturnItems>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    Ok(Reply::ok(return_items(&tx, case.id(), &case.product, context.language).await?))
}
