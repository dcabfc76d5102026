//! `GET /v1/my/applications`: the caller's applications and drafts, newest first.

use actix_web::{get, web::Data};

use crate::app::App;
use crate::applications::store;
use crate::applications::view::{CaseBrief, Names};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Page, PageParams, Params, Reply};

/// The caller's applications and drafts.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    params(PageParams),
    responses((status = 200, description = "One page, newest first", body = Page<CaseBrief>))
)]
#[get("/v1/my/applications")]
pub async fn list_my_applications(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<CaseBrief>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::own_page(&tx, access.principal.id, &cursor).await?;
    let names = Names::of(&tx, &rows, context.language).await?;
    let page = cursor.page(rows, |row| row.id, |row| CaseBrief::of(&row, &names, context.language))?;
    Ok(Reply::ok(page))
}
