//! `POST /v1/staff/{id}/enable`: lets somebody disabled in again; who never had a password is invited anew.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::form::no_conflict;
use super::view::{Beside, StaffStatus, StaffView};
use super::{doors, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::{roles, scope};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, Reply};

/// Enables a member of staff.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.manage"])),
    responses((status = 200, description = "As they are now", body = StaffView))
)]
#[post("/v1/staff/{id}/enable")]
pub async fn enable_staff(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    context: Context,
    at: At<kind::Staff>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = scope::colleague(tx, &access.principal, at.uuid(), true).await?;
        if row.status != StaffStatus::Disabled.key() {
            return Err(Error::new(Code::IllegalTransition).current(serde_json::json!({ "state": row.status })));
        }
        // Roles may have changed meanwhile.
        no_conflict(&roles::catalogue(tx).await?, &roles::keys(&row.roles))?;
        let had_password = row.password_hash.is_some();
        let status = if had_password { StaffStatus::Active } else { StaffStatus::Invited };
        row.status = status.key().to_owned();
        row.failed_logins = 0;
        row.locked_until = None;
        row.version = row.version.saturating_add(1);
        store::save(tx, row.clone()).await?;
        if !had_password {
            let email = store::email(tx, &row)?;
            doors::mail_invitation(tx, &app.config.web_url, &row, &email).await?;
        }
        let act = Act::new("staff.enable", "staff", row.id).detail(serde_json::json!({ "status": row.status }));
        let view = StaffView::of(tx, &row, &Beside::read(tx, context.language).await?)?;
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}
