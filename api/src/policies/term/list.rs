//! `GET /v1/glossary`: the glossary, in the order in which it was written.

use actix_web::{get, web::Data};

use super::super::{store, view, view::TermView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Page, PageParams, Params, Reply};

/// The firm's glossary.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    params(PageParams),
    responses((status = 200, description = "A page of entries", body = Page<TermView>))
)]
#[get("/v1/glossary")]
pub async fn list_terms(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<TermView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::terms(&tx, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::term(row)))?))
}
