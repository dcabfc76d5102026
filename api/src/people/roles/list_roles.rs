//! `GET /v1/roles`: the built-in roles and the firm's own, all on one page: there are never many.

use actix_web::{get, web::Data};
use domain::access::STAFF_ROLES;

use super::{store, view::RoleView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Page, Reply};

/// All roles.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.read"])),
    responses((status = 200, description = "Built-in roles first, then the firm's own", body = Page<RoleView>))
)]
#[get("/v1/roles")]
pub async fn list_roles(
    access: Access<may::ReadStaff>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<Page<RoleView>>> {
    let tx = access.read(&app).await?;
    let own = store::all(&tx, false).await?;
    let built_in = STAFF_ROLES.iter().map(|role| RoleView::built_in(role, context.language));
    let items = built_in.chain(own.iter().map(|row| RoleView::own(row, context.language))).collect();
    Ok(Reply::ok(Page { items, next: None }))
}
