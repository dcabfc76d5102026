//! `PUT /v1/articles/{id}`: an article is reworded; a published one changes for its readers at once.

use actix_web::{put, web::Data};
use domain::id::kind;

use super::super::{store, view, view::ArticleView};
use super::ArticleBody;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, IfMatch, Reply};

/// Changes an article.
#[utoipa::path(
    tag = "articles",
    security(("token" = ["policies.manage"])),
    request_body = ArticleBody,
    responses((status = 200, description = "The article as it is now", body = ArticleView))
)]
#[put("/v1/articles/{id}")]
pub async fn change_article(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Article>,
    seen: IfMatch,
    Body(body): Body<ArticleBody>,
) -> Result<Reply<ArticleView>> {
    let fit = body.checked()?;
    let tx = access.begin(&app).await?;
    let before = store::lock_article(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, Some(&before.status))?;
    let mut row = before.clone();
    row.title = fit.title;
    row.body = fit.body;
    row.summary = fit.summary;
    row.version += 1;
    store::change_article(&tx, &row).await?;
    let (id, version) = (row.id, row.version);
    let (before, after) = (view::article(before), view::article(row));
    let detail = serde_json::json!({ "before": before, "after": after });
    tx.commit(Act::new("article.change", "article", id).detail(detail)).await?;
    Ok(Reply::ok(after).version(version))
}
