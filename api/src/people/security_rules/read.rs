//! `GET /v1/security-rules`: what is asked of log-ins.

use actix_web::{get, web::Data};
use domain::access::FactorRule;
use serde::Serialize;
use utoipa::ToSchema;

use super::change::SecondFactorOf;
use super::{Rules, of_firm};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::Reply;

/// What is asked of log-ins.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecurityRulesView {
    /// Of whom the firm asks a second factor.
    pub second_factor: SecondFactorOf,
    /// Minutes without use after which a log-in of staff ends.
    #[schema(example = 60)]
    pub idle_minutes: i32,
    /// What the platform asks at least: off, privileged or all.
    #[schema(example = "privileged")]
    pub platform_second_factor: &'static str,
    /// The version, for If-Match; zero where the firm has set nothing yet.
    #[schema(example = 1)]
    pub version: i64,
}

impl SecurityRulesView {
    pub(super) fn of(rules: Rules, version: i64, platform: FactorRule) -> Self {
        let Rules { second_factor, idle_minutes } = rules;
        Self {
            second_factor: SecondFactorOf(second_factor),
            idle_minutes,
            platform_second_factor: platform.code(),
            version,
        }
    }
}

/// What is asked of log-ins.
#[utoipa::path(
    tag = "settings",
    security(("token" = ["settings.read"])),
    responses((status = 200, description = "The rules; the ETag is what If-Match wants", body = SecurityRulesView))
)]
#[get("/v1/security-rules")]
pub async fn read_security_rules(
    access: Access<may::ReadSettings>,
    app: Data<App>,
) -> Result<Reply<SecurityRulesView>> {
    let tx = access.read(&app).await?;
    let (rules, version) = of_firm(&tx, false).await?;
    Ok(Reply::ok(SecurityRulesView::of(rules, version, app.config.second_factor)).version(version))
}
