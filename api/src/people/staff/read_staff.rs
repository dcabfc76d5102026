//! `GET /v1/staff/{id}`: one member of staff, within the caller's data scope.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::view::{Beside, StaffView};
use crate::app::App;
use crate::error::Result;
use crate::people::scope;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

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
    context: Context,
    at: At<kind::Staff>,
) -> Result<Reply<StaffView>> {
    let tx = access.read(&app).await?;
    let row = scope::colleague(&tx, &access.principal, at.uuid(), false).await?;
    let view = StaffView::of(&tx, &row, &Beside::read(&tx, context.language).await?)?;
    Ok(Reply::ok(view).version(row.version))
}
