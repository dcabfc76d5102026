//! `POST /v1/staff`: adds somebody and mails them a link to their first password.

use actix_web::{HttpResponse, post, web::Data};

use super::view::{Beside, StaffView, for_audit};
use super::{doors, form::StaffForm};
use crate::app::App;
use crate::error::Result;
use crate::people::sessions;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Invites a member of staff.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.manage"])),
    request_body = StaffForm,
    responses((status = 201, description = "Invited; the link for the first password was mailed", body = StaffView))
)]
#[post("/v1/staff")]
pub async fn create_staff(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(form): Body<StaffForm>,
) -> Result<HttpResponse> {
    let new = form.check()?;
    idem.run(&app, &access, &form, async |tx| {
        sessions::proven(tx, &access.principal).await?;
        let (row, _link) = doors::add(tx, &app.config.web_url, &new).await?;
        let act = Act::new("staff.create", "staff", row.id).detail(serde_json::json!({ "after": for_audit(&row) }));
        let view = StaffView::of(tx, &row, &Beside::read(tx, context.language).await?)?;
        Ok(Reply::created(doors::address(row.id), view).version(row.version).done(act))
    })
    .await
}
