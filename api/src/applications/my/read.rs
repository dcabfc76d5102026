//! `GET /v1/my/applications/{id}`: one application with its form, what is missing, and what may be done next.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::{own, view::MyApplication};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// One of the caller's applications.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "The application; the ETag is what If-Match wants", body = MyApplication))
)]
#[get("/v1/my/applications/{id}")]
pub async fn read_my_application(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<MyApplication>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    let view = MyApplication::of(&tx, &case, context.language).await?;
    Ok(Reply::ok(view).version(case.row.version))
}
