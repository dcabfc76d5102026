//! `GET /v1/articles`: all articles, drafts included, newest first.

use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::publication::Publication;
use super::super::{store, view, view::ArticleCard};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which articles are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArticleListQuery {
    /// Only those in this state.
    #[param(inline)]
    pub status: Option<Publication>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// The firm's articles, drafts included.
#[utoipa::path(
    tag = "articles",
    security(("token" = ["policies.manage"])),
    params(ArticleListQuery),
    responses((status = 200, description = "A page of articles", body = Page<ArticleCard>))
)]
#[get("/v1/articles")]
pub async fn list_articles(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    Params(query): Params<ArticleListQuery>,
) -> Result<Reply<Page<ArticleCard>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let rows = store::articles(&tx, query.status, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::article_card(row)))?))
}
