//! `GET /v1/t/{tenant}/articles`: the published articles, newest first.

use actix_web::{get, web::Data};

use super::super::publication::Publication;
use super::super::{store, view, view::ArticleCard};
use crate::app::App;
use crate::error::Result;
use crate::platform::http::{Context, Page, PageParams, Params, Reply, Slug};

/// Published articles.
#[utoipa::path(
    tag = "public",
    params(PageParams),
    responses((status = 200, description = "A page of articles", body = Page<ArticleCard>))
)]
#[get("/v1/t/{tenant}/articles")]
pub async fn list_published_articles(
    slug: Slug,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ArticleCard>>> {
    let cursor = page.cursor()?;
    let tx = super::open(&app, &slug, &context).await?;
    let rows = store::articles(&tx, Some(Publication::Published), &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::article_card(row)))?))
}
