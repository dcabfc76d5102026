//! `GET /v1/t/{tenant}/policies`: the published policies, newest first.

use actix_web::{get, web::Data};

use super::super::publication::Publication;
use super::super::{store, view, view::PolicyCard};
use crate::app::App;
use crate::error::Result;
use crate::platform::http::{Context, Page, PageParams, Params, Reply, Slug};

/// Published policies.
#[utoipa::path(
    tag = "public",
    params(PageParams),
    responses((status = 200, description = "A page of policies", body = Page<PolicyCard>))
)]
#[get("/v1/t/{tenant}/policies")]
pub async fn list_published_policies(
    slug: Slug,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<PolicyCard>>> {
    let cursor = page.cursor()?;
    let tx = super::open(&app, &slug, &context).await?;
    let rows = store::policies(&tx, Some(Publication::Published), &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::policy_card(row)))?))
}
