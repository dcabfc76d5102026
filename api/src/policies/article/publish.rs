//! `POST /v1/articles/{id}/publish`: from here on everybody reads it.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::super::publication::Publication;
use super::super::{store, view, view::ArticleView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Idempotency, IfMatch, Reply};

/// Publishes an article.
#[utoipa::path(
    tag = "articles",
    security(("token" = ["policies.manage"])),
    responses((status = 200, description = "The article, published", body = ArticleView))
)]
#[post("/v1/articles/{id}/publish")]
pub async fn publish_article(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    at: At<kind::Article>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = store::lock_article(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        seen.check(row.version, Some(&row.status))?;
        let detail = serde_json::json!({ "before": row.status });
        row.status = Publication::from_key(&row.status).publish()?.key().to_owned();
        row.published_at = Some(tx.now());
        row.version += 1;
        store::change_article(tx, &row).await?;
        let (id, version) = (row.id, row.version);
        let act = Act::new("article.publish", "article", id).detail(detail);
        Ok(Reply::ok(view::article(row)).version(version).done(act))
    })
    .await
}
