//! `POST /v1/roles`: adds a role of the firm's own.

use actix_web::{HttpResponse, post, web::Data};

use super::view::{RoleView, for_audit};
use super::{ROLES_MAX, form::RoleForm, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::sessions;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Adds a role.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.manage"])),
    request_body = RoleForm,
    responses((status = 201, description = "The role", body = RoleView))
)]
#[post("/v1/roles")]
pub async fn create_role(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(form): Body<RoleForm>,
) -> Result<HttpResponse> {
    let checked = form.check()?;
    idem.run(&app, &access, &form, async |tx| {
        sessions::proven(tx, &access.principal).await?;
        if store::all(tx, true).await?.len() >= ROLES_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        let row = store::insert(tx, &checked.name, &checked.permissions).await?;
        let view = RoleView::own(&row, context.language);
        let act = Act::new("role.create", "role", row.id).detail(serde_json::json!({ "after": for_audit(&row) }));
        Ok(Reply::created(format!("/v1/roles/{}", view.id), view).version(row.version).done(act))
    })
    .await
}
