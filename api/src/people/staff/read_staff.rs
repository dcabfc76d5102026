//! `GET /v1/staff/{id}`: one member of staff.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::{doors, view::StaffView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One member of staff.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.read"])),
    responses((status = 200, description = "The member of staff; the ETag is what If-Match wants", body = StaffView))
)]
#[get("/v1/staff/{id}")]
pub async fn read_staff(
    access: Access<may::ReadStaff>,
    app: Data<App>,
    at: At<kind::Staff>,
) -> Result<Reply<StaffView>> {
    let tx = access.read(&app).await?;
    let view = doors::staff_view(&tx, at.uuid()).await?;
    let version = view.version;
    Ok(Reply::ok(view).version(version))
}
