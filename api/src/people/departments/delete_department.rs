//! `DELETE /v1/departments/{id}`: removes a department that nothing is left in.

use actix_web::{delete, web::Data};
use domain::id::kind;

use super::{store, view::for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::staff;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, IfMatch, Reply};

/// Removes a department.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.manage"])),
    responses((status = 204, description = "Removed"))
)]
#[delete("/v1/departments/{id}")]
pub async fn delete_department(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    at: At<kind::Department>,
    seen: IfMatch,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let all = store::all(&tx, true).await?;
    let row = all.iter().find(|row| row.id == at.uuid()).ok_or_else(Error::not_found)?;
    seen.check(row.version, None)?;
    if row.is_default {
        return Err(Error::new(Code::DepartmentInUse)
            .detail("默认部门不能删除，请先把另一个部门设为默认部门。", "Make another department the default first."));
    }
    let has_below = all.iter().any(|other| other.parent_id == Some(row.id));
    if has_below || staff::store::count_in(&tx, row.id).await? > 0 {
        return Err(Error::new(Code::DepartmentInUse));
    }
    store::delete(&tx, row.id).await?;
    let detail = serde_json::json!({ "before": for_audit(row) });
    tx.commit(Act::new("department.delete", "department", at.uuid()).detail(detail)).await?;
    Ok(Reply::ok(()))
}
