//! `GET /v1/t/{tenant}/policies/{id}`: one published policy; a draft or a withdrawn one does not exist for readers.

use actix_web::{get, web::Data};
use domain::id::kind;

use super::super::publication::Publication;
use super::super::{store, view, view::PolicyView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::http::{At, Context, Reply, Slug};

/// One published policy.
#[utoipa::path(
    tag = "public",
    responses((status = 200, description = "The policy", body = PolicyView))
)]
#[get("/v1/t/{tenant}/policies/{id}")]
pub async fn read_published_policy(
    slug: Slug,
    app: Data<App>,
    at: At<kind::Policy>,
    context: Context,
) -> Result<Reply<PolicyView>> {
    let tx = super::open(&app, &slug, &context).await?;
    let row = store::policy(&tx, at.uuid()).await?;
    let row = row.filter(|row| row.status == Publication::Published.key()).ok_or_else(Error::not_found)?;
    let version = row.version;
    Ok(Reply::ok(view::policy(row)?).version(version))
}
