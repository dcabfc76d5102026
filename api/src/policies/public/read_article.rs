//! `GET /v1/t/{tenant}/articles/{id}`: one published article; a draft or a withdrawn one does not exist for readers.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::super::publication::Publication;
use super::super::{store, view, view::ArticleView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::http::{At, Context, Reply, Slug};

/// One published article.
#[utoipa::path(
    tag = "public",
    responses((status = 200, description = "The article", body = ArticleView))
)]
#[get("/v1/t/{tenant}/articles/{id}")]
pub async fn read_published_article(
    slug: Slug,
    app: Data<App>,
    at: At<kind::Article>,
    context: Context,
) -> Result<Reply<ArticleView>> {
    let tx = super::open(&app, &slug, &context).await?;
    let row = store::article(&tx, at.uuid()).await?;
    let row = row.filter(|row| row.status == Publication::Published.key()).ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::article(row)).version(version))
}
