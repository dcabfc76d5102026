//! `PUT /v1/roles/{id}`: writes a role anew. Whoever holds it must not come to hold duties that must lie apart, and
//! gets new access tokens.

use actix_web::{put, web::Data};
use domain::access::conflict;
use domain::id::kind;
use uuid::Uuid;

use super::view::{RoleView, for_audit};
use super::{catalogue, form::RoleForm, keys, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::{sessions, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, ActorKind, TenantTx};
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes a role.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.manage"])),
    request_body = RoleForm,
    responses((status = 200, description = "As it is now", body = RoleView))
)]
#[put("/v1/roles/{id}")]
pub async fn change_role(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    context: Context,
    at: At<kind::Role>,
    seen: IfMatch,
    Body(form): Body<RoleForm>,
) -> Result<Reply<RoleView>> {
    let checked = form.check()?;
    let tx = access.begin(&app).await?;
    sessions::proven(&tx, &access.principal).await?;
    let before = store::lock(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, None)?;
    let mut row = before.clone();
    row.name = checked.name;
    row.permissions = serde_json::to_value(&checked.permissions)?;
    row.version = row.version.saturating_add(1);
    store::save(&tx, row.clone()).await?;
    let mut all_revoked = vec![];
    if row.permissions != before.permissions {
        for holder in holders_without_conflict(&tx, &at.0.to_string()).await? {
            all_revoked.push(sessions::revoke(&tx, holder).await?);
        }
    }
    let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&row) });
    tx.commit(Act::new("role.change", "role", row.id).detail(detail)).await?;
    all_revoked.iter().for_each(|revoked| revoked.note(&app));
    Ok(Reply::ok(RoleView::own(&row, context.language)).version(row.version))
}

/// Who holds a role, now that it allows what it allows. Nobody widens what they themselves may do.
async fn holders_without_conflict(tx: &TenantTx, role: &str) -> Result<Vec<Uuid>> {
    let catalogue = catalogue(tx).await?;
    let mut holders = vec![];
    for (who, roles) in staff::store::all_with_roles(tx).await? {
        let roles = keys(&roles);
        if !roles.iter().any(|held| held == role) {
            continue;
        }
        if tx.actor().kind == ActorKind::Staff && tx.actor().id == who {
            return Err(Error::new(Code::NotDisabledSelf).detail(
                "您自己持有该角色，请由其他管理员修改。",
                "You hold this role yourself; ask another administrator.",
            ));
        }
        if let Some((zh, en)) = conflict(catalogue.permissions(&roles)) {
            return Err(Error::new(Code::DutiesConflict).detail(
                format!("持有该角色的员工将兼任不相容的职责：{zh}。"),
                format!("Somebody who holds this role would join duties: {en}."),
            ));
        }
        holders.push(who);
    }
    Ok(holders)
}
