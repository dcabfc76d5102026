//! `GET /v1/t/{tenant}`: what the log-in page shows of a firm, and which versions of its notices are in force.

use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::http::{Context, Reply, Slug};
use crate::tenants::settings;

/// A firm before log-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantFront {
    /// Its name in addresses.
    #[schema(example = "demo")]
    pub tenant: String,
    /// The name applicants see.
    #[schema(example = "示例融资担保有限公司")]
    pub brand: String,
    /// A telephone number for questions; empty where there is none.
    #[schema(example = "000-00000000")]
    pub service_phone: String,
    /// Version of the privacy notice in force; logging in accepts it.
    #[schema(example = "2026-01")]
    pub privacy_version: String,
    /// Version of the user terms in force; logging in accepts it.
    #[schema(example = "2026-01")]
    pub terms_version: String,
    /// Whether a challenge is to be answered before an SMS is asked for (`GET /v1/t/{tenant}/captcha`).
    #[schema(example = false)]
    pub captcha: bool,
}

/// A firm as its log-in page shows it.
#[utoipa::path(
    tag = "log-in",
    responses(
        (status = 200, description = "The firm", body = TenantFront),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/t/{tenant}")]
pub async fn tenant_front(slug: Slug, app: Data<App>, from: Context) -> Result<Reply<TenantFront>> {
    let tx = super::open(&app, &slug.0, &from, false).await?;
    let (settings, _) = settings::load(&tx).await?;
    Ok(Reply::ok(TenantFront {
        tenant: slug.0,
        brand: settings.brand,
        service_phone: settings.service_phone,
        privacy_version: settings.privacy_version,
        terms_version: settings.terms_version,
        captcha: app.captcha.is_some(),
    }))
}
