//! `GET /v1/t/{tenant}/glossary`: what the field's words mean.

use actix_web::{get, web::Data};

use super::super::{store, view, view::TermView};
use crate::app::App;
use crate::error::Result;
use crate::platform::http::{Context, Page, PageParams, Params, Reply, Slug};

/// The glossary.
#[utoipa::path(
    tag = "public",
    params(PageParams),
    responses((status = 200, description = "A page of entries", body = Page<TermView>))
)]
#[get("/v1/t/{tenant}/glossary")]
pub async fn list_published_terms(
    slug: Slug,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<TermView>>> {
    let cursor = page.cursor()?;
    let tx = super::open(&app, &slug, &context).await?;
    let rows = store::terms(&tx, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::term(row)))?))
}
