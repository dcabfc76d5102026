//! `POST /v1/articles`: a draft, which nobody outside sees yet.

use actix_web::{HttpResponse, post, web::Data};
use uuid::Uuid;

use super::super::publication::Publication;
use super::super::{store, view, view::ArticleView};
use super::ArticleBody;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Idempotency, Reply};

/// Writes a new article as a draft.
#[utoipa::path(
    tag = "articles",
    security(("token" = ["policies.manage"])),
    request_body = ArticleBody,
    responses((status = 201, description = "The draft", body = ArticleView))
)]
#[post("/v1/articles")]
pub async fn create_article(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<ArticleBody>,
) -> Result<HttpResponse> {
    let fit = body.checked()?;
    idem.run(&app, &access, &body, async |tx| {
        let row = store::ArticleRow {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            title: fit.title,
            body: fit.body,
            summary: fit.summary,
            status: Publication::Draft.key().to_owned(),
            published_at: None,
            version: 1,
            created_at: tx.now(),
        };
        store::insert_article(tx, &row).await?;
        let id = row.id;
        let view = view::article(row);
        let act = Act::new("article.create", "article", id).detail(serde_json::json!({ "after": view }));
        Ok(Reply::created(format!("/v1/articles/{}", view.id), view).version(1).done(act))
    })
    .await
}
