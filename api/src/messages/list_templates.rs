//! `GET /v1/message-templates`: what the firm says at each step, by each channel.

use actix_web::{get, web::Data};

use super::store;
use super::view::{self, TemplateView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Page, PageParams, Params, Reply};

/// The firm's message templates.
#[utoipa::path(
    tag = "messages",
    security(("token" = ["templates.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of templates", body = Page<TemplateView>))
)]
#[get("/v1/message-templates")]
pub async fn list_message_templates(
    access: Access<may::ManageTemplates>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<TemplateView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::templates(&tx, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::template(row)))?))
}
