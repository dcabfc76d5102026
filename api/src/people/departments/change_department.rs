//! `PATCH /v1/departments/{id}`: renames or moves a department, writes its rules, or makes it the default.

use actix_web::{patch, web::Data};
use domain::id::kind;

use super::form::{DepartmentChange, check_parent, check_products};
use super::store::{self, DepartmentRow};
use super::tree::would_circle;
use super::view::{DepartmentView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::fields;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, IfMatch, Reply};

/// Changes a department.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.manage"])),
    request_body = DepartmentChange,
    responses((status = 200, description = "As it is now", body = DepartmentView))
)]
#[patch("/v1/departments/{id}")]
pub async fn change_department(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    at: At<kind::Department>,
    seen: IfMatch,
    Body(change): Body<DepartmentChange>,
) -> Result<Reply<DepartmentView>> {
    if change.is_empty() {
        return Err(Error::new(Code::NothingToChange));
    }
    let name = change.check()?;
    let tx = access.begin(&app).await?;
    let all = store::all(&tx, true).await?;
    let before = all.iter().find(|row| row.id == at.uuid()).ok_or_else(Error::not_found)?;
    seen.check(before.version, None)?;
    let mut row = before.clone();
    if let Some(name) = name {
        row.name = name;
    }
    if let Some(parent) = change.parent {
        move_under(&all, &mut row, parent.map(|id| id.uuid()))?;
    }
    if let Some(rules) = &change.rules {
        check_products(&tx, rules).await?;
        row.rules = serde_json::to_value(rules)?;
    }
    if let Some(is_default) = change.is_default {
        make_default(&tx, &all, &mut row, is_default).await?;
    }
    row.version = row.version.saturating_add(1);
    store::save(&tx, row.clone()).await?;
    let detail = serde_json::json!({ "before": for_audit(before), "after": for_audit(&row) });
    tx.commit(Act::new("department.change", "department", row.id).detail(detail)).await?;
    Ok(Reply::ok(DepartmentView::of(&row)?).version(row.version))
}

fn move_under(all: &[DepartmentRow], row: &mut DepartmentRow, parent: Option<uuid::Uuid>) -> Result<()> {
    check_parent(all, parent)?;
    if parent.is_some_and(|parent| would_circle(all, row.id, parent)) {
        return Err(fields::one(
            "/parent",
            "circle",
            "不能把部门移到它自己或其下级之下",
            "a department cannot lie below itself",
        ));
    }
    row.parent_id = parent;
    Ok(())
}

/// There is always exactly one default: it moves, and is never merely taken away.
async fn make_default(tx: &TenantTx, all: &[DepartmentRow], row: &mut DepartmentRow, is_default: bool) -> Result<()> {
    if row.is_default && !is_default {
        return Err(fields::one(
            "/is_default",
            "default_needed",
            "请改为把另一个部门设为默认部门",
            "make another department the default instead",
        ));
    }
    if !row.is_default && is_default {
        for other in all.iter().filter(|other| other.is_default) {
            store::no_longer_default(tx, other).await?;
        }
        row.is_default = true;
    }
    Ok(())
}
