//! What staff have beside their password: a code that an app on their telephone shows for half a minute (TOTP, RFC 6238), and
//! for when the telephone is gone, recovery codes that work once each.

mod begin;
mod code;
mod confirm;
mod read;
mod remove;
mod renew_recovery;
mod reset;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::people::{security_rules, sessions};
use crate::platform::access::Principal;
use crate::platform::db::{ActorKind, TenantTx};
use crate::platform::http::Checks;

use code::{CODE_CHARS_MAX, Means};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read::read_second_factor)
        .service(begin::begin_second_factor)
        .service(confirm::confirm_second_factor)
        .service(renew_recovery::renew_recovery_codes)
        .service(remove::remove_second_factor)
        .service(reset::reset_second_factor);
}

/// What was given beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// There is no second factor, so nothing had to be.
    NotNeeded,
    /// There is one, and nothing was given.
    Missing,
    /// Something that does not fit, or was used before.
    Wrong,
    /// What fits. It is used up by this.
    Right(Means),
}

/// Judges what somebody of the staff gave beside a password, and uses it up where it fits. Their row is locked by this, so that a
/// code is not taken twice at once. With a wrong password nothing is used up.
pub(super) async fn judge(tx: &TenantTx, staff: Uuid, password_right: bool, given: Option<&str>) -> Result<Given> {
    let Some(row) = store::lock(tx, staff).await?.filter(|row| row.confirmed_at.is_some()) else {
        return Ok(Given::NotNeeded);
    };
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else { return Ok(Given::Missing) };
    if !password_right {
        return Ok(Given::Wrong);
    }
    Ok(code::take(tx, &row, given).await?.map_or(Given::Wrong, Given::Right))
}

/// Checks the length of a code that may be left out.
pub(super) fn check(checks: &mut Checks, given: Option<&str>) {
    if given.is_some_and(|given| given.chars().nth(CODE_CHARS_MAX).is_some()) {
        let (zh, en) = ("请填写6位动态口令或恢复码", "a code has six digits; a recovery code has ten characters");
        checks.problem("/code", "length", zh, en);
    }
}

/// Whether somebody of the staff has a second factor that counts.
pub(super) async fn is_set(tx: &TenantTx, staff: Uuid) -> Result<bool> {
    Ok(store::find(tx, staff).await?.is_some_and(|row| row.confirmed_at.is_some()))
}

/// Only staff have second factors.
fn staff_only(who: &Principal) -> Result<()> {
    match who.kind {
        ActorKind::Staff => Ok(()),
        _ => Err(Error::not_found().detail("只有员工账号有动态口令。", "Only staff have second factors.")),
    }
}

/// Whether the rules ask the caller for one.
async fn is_asked(app: &App, tx: &TenantTx, who: &Principal) -> Result<bool> {
    let rules = security_rules::in_force(app, tx).await?;
    Ok(rules.second_factor.asks(sessions::full_permissions(tx, who.id).await?))
}
