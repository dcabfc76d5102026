//! `DELETE /v1/roles/{id}`: removes a role that nobody holds.

use actix_web::{delete, web::Data};
use domain::id::kind;

use super::{keys, store, view::for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::{sessions, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, IfMatch, Reply};

/// Removes a role.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.manage"])),
    responses((status = 204, description = "Removed"))
)]
#[delete("/v1/roles/{id}")]
pub async fn delete_role(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    at: At<kind::Role>,
    seen: IfMatch,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    sessions::proven(&tx, &access.principal).await?;
    let row = store::lock(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, None)?;
    let key = at.0.to_string();
    let held = staff::store::all_with_roles(&tx).await?.iter().any(|(_, roles)| keys(roles).contains(&key));
    if held {
        return Err(Error::new(Code::RoleInUse));
    }
    store::delete(&tx, row.id).await?;
    let detail = serde_json::json!({ "before": for_audit(&row) });
    tx.commit(Act::new("role.delete", "role", row.id).detail(detail)).await?;
    Ok(Reply::ok(()))
}
