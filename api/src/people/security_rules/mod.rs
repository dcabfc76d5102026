//! What a firm asks of log-ins of its staff: a second factor, and how long one may lie unused. The security officer sets it, not
//! whoever administers people. The platform may ask for more than the firm does.

mod change;
mod read;
mod store;

use domain::access::FactorRule;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// Minutes without use after which a log-in of staff ends, where the firm has not said.
const IDLE_MINUTES: i32 = 60;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// Of whom a second factor.
    pub second_factor: FactorRule,
    /// Minutes without use after which a log-in of staff ends.
    pub idle_minutes: i32,
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read::read_security_rules).service(change::change_security_rules);
}

/// What the firm has set, with its version; zero where it has set nothing.
async fn of_firm(tx: &TenantTx, lock: bool) -> Result<(Rules, i64)> {
    let Some(row) = store::find(tx, lock).await? else {
        return Ok((Rules { second_factor: FactorRule::Off, idle_minutes: IDLE_MINUTES }, 0));
    };
    let second_factor = FactorRule::from_code(&row.second_factor).ok_or_else(|| Error::new(Code::Internal))?;
    Ok((Rules { second_factor, idle_minutes: row.idle_minutes }, row.version))
}

/// What holds: the stricter of what the platform asks and what the firm does.
pub(super) async fn in_force(app: &App, tx: &TenantTx) -> Result<Rules> {
    let (rules, _) = of_firm(tx, false).await?;
    Ok(Rules { second_factor: rules.second_factor.max(app.config.second_factor), ..rules })
}
