//! `GET /v1/applications/{id}` and its timeline, for staff.

use actix_web::{get, web::Data};
use domain::access::Permission;
use domain::id::kind;

use super::view::StaffApplication;
use super::{act, scope};
use crate::app::App;
use crate::applications::view::{Timeline, offer_recollect, timeline};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// One application, personal data masked.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The application; the ETag is what If-Match wants", body = StaffApplication))
)]
#[get("/v1/applications/{id}")]
pub async fn read_application(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<StaffApplication>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    let actor = act::actor(&tx, &access.principal).await?;
    let mut view = StaffApplication::of(&tx, &case, &actor, context.language).await?;
    let recollects = access.principal.permissions.has(Permission::ReassessApplications);
    offer_recollect(&mut view.allowed_actions, &case, recollects);
    Ok(Reply::ok(view).version(case.row.version))
}

/// Everything that happened, in words for staff, with reasons and opinions.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The timeline, oldest first", body = Timeline))
)]
#[get("/v1/applications/{id}/timeline")]
pub async fn read_timeline(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<Timeline>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(timeline(&tx, case.id(), &case.product, false, context.language).await?))
}
