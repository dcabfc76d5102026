//! `GET /v1/limits/{id}/drawdowns` and `GET /v1/drawdowns/{id}`: what was drawn under a limit.

use actix_web::{get, web::Data};
use domain::id::kind;

use crate::app::App;
use crate::error::Result;
use crate::limits::store::{uses, views::lists};
use crate::limits::view::DrawdownView;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Page, PageParams, Params, Reply};

/// What was drawn under a limit itself, the newest first.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(PageParams),
    responses((status = 200, description = "One page of drawdowns", body = Page<DrawdownView>))
)]
#[get("/v1/limits/{id}/drawdowns")]
pub async fn list_limit_drawdowns(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    at: At<kind::Limit>,
    Params(query): Params<PageParams>,
) -> Result<Reply<Page<DrawdownView>>> {
    let cursor = query.cursor()?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let limit = lists::limit(&tx, &scope, at.uuid()).await?;
    let rows = lists::drawdowns(&tx, limit.id, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(DrawdownView::of(&row)))?))
}

/// One drawdown.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    responses((status = 200, description = "The drawdown", body = DrawdownView))
)]
#[get("/v1/drawdowns/{id}")]
pub async fn read_drawdown(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    at: At<kind::Drawdown>,
) -> Result<Reply<DrawdownView>> {
    let tx = access.read(&app).await?;
    let row = uses::drawdown(&tx, at.uuid()).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    lists::limit(&tx, &scope, row.limit_id).await?;
    Ok(Reply::ok(DrawdownView::of(&row)))
}
