//! `PUT /v1/security-rules`: the security officer changes what is asked of log-ins. It holds for each log-in from its next
//! refresh, so for all within ten minutes.

use actix_web::{put, web::Data};
use domain::access::FactorRule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read::SecurityRulesView;
use super::{Rules, of_firm, store};
use crate::app::App;
use crate::error::Result;
use crate::people::sessions;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, IfMatch, Reply, coded_word};

/// Fewest and most minutes that a log-in may lie unused.
const IDLE_RANGE: std::ops::RangeInclusive<i32> = 15..=720;

coded_word! {
    /// Of whom a second factor is asked.
    SecondFactorOf(FactorRule)
}

/// What the firm asks of log-ins.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityRules {
    /// Of whom a second factor is asked.
    pub second_factor: SecondFactorOf,
    /// Minutes without use after which a log-in of staff ends.
    #[schema(example = 60, minimum = 15, maximum = 720)]
    pub idle_minutes: i32,
}

/// Changes what is asked of log-ins.
#[utoipa::path(
    tag = "settings",
    security(("token" = ["log_ins.secure"])),
    request_body = SecurityRules,
    responses((status = 200, description = "The rules as they are now", body = SecurityRulesView))
)]
#[put("/v1/security-rules")]
pub async fn change_security_rules(
    access: Access<may::SecureLogIns>,
    app: Data<App>,
    seen: IfMatch,
    Body(body): Body<SecurityRules>,
) -> Result<Reply<SecurityRulesView>> {
    let mut checks = Checks::new();
    if !IDLE_RANGE.contains(&body.idle_minutes) {
        checks.problem("/idle_minutes", "range", "应在15至720之间".to_owned(), "must be from 15 to 720".to_owned());
    }
    checks.done()?;
    let tx = access.begin(&app).await?;
    sessions::proven(&tx, &access.principal).await?;
    let (before, version) = of_firm(&tx, true).await?;
    seen.check(version, None)?;
    let rules = Rules { second_factor: body.second_factor.0, idle_minutes: body.idle_minutes };
    let version = version + 1;
    store::write(&tx, &rules, version).await?;
    let told = |rules: &Rules| serde_json::json!({ "second_factor": rules.second_factor.code(), "idle_minutes": rules.idle_minutes });
    let detail = serde_json::json!({ "before": told(&before), "after": told(&rules) });
    let act = Act::new("security_rules.change", "tenant", tx.tenant());
    tx.commit(act.detail(detail)).await?;
    Ok(Reply::ok(SecurityRulesView::of(rules, version, app.config.second_factor)).version(version))
}
