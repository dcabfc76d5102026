//! `POST /v1/staff/{id}/invite`: mails a new link to somebody who has not set a password yet; the old one ends.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::view::{Beside, StaffView};
use super::{doors, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::scope;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, Reply};

/// Invites somebody again.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.manage"])),
    responses((status = 202, description = "A new link is on its way", body = StaffView))
)]
#[post("/v1/staff/{id}/invite")]
pub async fn invite_staff(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    context: Context,
    at: At<kind::Staff>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let row = scope::colleague(tx, &access.principal, at.uuid(), true).await?;
        if row.status != "invited" {
            return Err(Error::new(Code::IllegalTransition)
                .detail("只能邀请尚未设置密码的员工。", "Only somebody without a password is invited.")
                .current(serde_json::json!({ "state": row.status })));
        }
        let email = store::email(tx, &row)?;
        doors::mail_invitation(tx, &app.config.web_url, &row, &email).await?;
        let view = StaffView::of(tx, &row, &Beside::read(tx, context.language).await?)?;
        Ok(Reply::accepted(view).version(row.version).done(Act::new("staff.invite", "staff", row.id)))
    })
    .await
}
