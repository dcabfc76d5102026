//! What everybody reads without logging in: only what is published, under the firm's name in addresses.

mod list_articles;
mod list_policies;
mod list_terms;
mod match_policies;
mod read_article;
mod read_policy;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::http::{Context, Slug};
use crate::tenants;

/// The routes for readers.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_policies::list_published_policies)
        .service(read_policy::read_published_policy)
        .service(list_articles::list_published_articles)
        .service(read_article::read_published_article)
        .service(list_terms::list_published_terms)
        .service(match_policies::match_policies);
}

/// A transaction that reads what the named firm shows; a suspended firm shows nothing.
async fn open(app: &App, slug: &Slug, context: &Context) -> Result<TenantTx> {
    let tenant = tenants::by_slug(app, &slug.0).await.map_err(|error| match error.code() {
        Code::TenantSuspended => Error::not_found(),
        _ => error,
    })?;
    system_tx(app, tenant.id, &context.request_id, false).await
}
