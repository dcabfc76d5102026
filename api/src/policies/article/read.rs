//! `GET /v1/articles/{id}`: one article as its writers see it.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::super::{store, view, view::ArticleView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Reply};

/// One article, also a draft.
#[utoipa::path(
    tag = "articles",
    security(("token" = ["policies.manage"])),
    responses((status = 200, description = "The article", body = ArticleView))
)]
#[get("/v1/articles/{id}")]
pub async fn read_article(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Article>,
) -> Result<Reply<ArticleView>> {
    let tx = access.read(&app).await?;
    let row = store::article(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::article(row)).version(version))
}
