//! How staff prove who they are: a password, and links that let them set one once.

mod former;
mod links;
mod lock_notice;
mod request_password_reset;
mod set_password_by_link;
mod staff_login;
mod store;

use chrono::Duration;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::second_factor::Given;
use super::staff::store as staff;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

pub(super) use former::{hashes as former_hashes, refuse as refuse_former};
pub use links::purge_links;
pub(super) use links::{Purpose, issue, void};
pub use lock_notice::{LOCK_NOTICE, tell_locked};
pub use request_password_reset::{PASSWORD_RESET, reset_password};

/// Wrong passwords in a row that lock an account.
const FAILURES_MAX: i32 = 5;
const LOCKED_MIN: i64 = 15;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(staff_login::staff_login)
        .service(request_password_reset::request_password_reset)
        .service(set_password_by_link::set_password_by_link);
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Try {
    /// Everything was right.
    Right,
    /// The password was, and the second factor was not given.
    Unfinished,
    /// Something was wrong.
    Wrong,
}

impl Try {
    /// A password by itself, where no second factor is asked.
    pub fn of_password(right: bool) -> Self {
        if right { Self::Right } else { Self::Wrong }
    }

    /// A password with what was given beside it.
    pub fn of(password_right: bool, given: Given) -> Self {
        match given {
            _ if !password_right => Self::Wrong,
            Given::NotNeeded | Given::Right(_) => Self::Right,
            Given::Missing => Self::Unfinished,
            Given::Wrong => Self::Wrong,
        }
    }
}

/// How a try at a password ended.
pub(super) enum Tried {
    /// It was right.
    Right,
    /// It was right so far, and nothing was counted.
    Unfinished,
    /// It was wrong, or there is no such account.
    Wrong,
    /// The account is locked, whatever was tried.
    Locked(Error),
}

/// Counts a try at a password that was compared with `compared` outside the transaction. The row is locked, so that
/// tries at once are judged one by one. The transaction must be committed also after a wrong one.
pub(super) async fn count(tx: &TenantTx, who: Uuid, compared: Option<&str>, tried: Try) -> Result<Tried> {
    let row = staff::lock(tx, who).await?;
    let now = tx.now();
    if let Some(until) = row.as_ref().and_then(|row| row.locked_until).filter(|until| *until > now) {
        // Writes what is there already: a locked account costs the statements that any other costs.
        staff::note_tries(tx, who, 0, Some(until)).await?;
        let wait_s = u64::try_from((until - now).num_seconds()).unwrap_or(0).saturating_add(1);
        return Ok(Tried::Locked(Error::new(Code::AccountLocked).retry_after(wait_s)));
    }
    let may_log_in = row.as_ref().is_some_and(|row| row.status == "active" && row.password_hash.as_deref() == compared);
    let failures = row.map_or(0, |row| row.failed_logins);
    match tried {
        Try::Right if may_log_in => {
            staff::note_tries(tx, who, 0, None).await?;
            return Ok(Tried::Right);
        }
        Try::Unfinished if may_log_in => {
            staff::note_tries(tx, who, failures, None).await?;
            return Ok(Tried::Unfinished);
        }
        _ => {}
    }
    let failures = failures.saturating_add(1);
    if failures >= FAILURES_MAX {
        staff::note_tries(tx, who, 0, Some(now + Duration::minutes(LOCKED_MIN))).await?;
    } else {
        staff::note_tries(tx, who, failures, None).await?;
    }
    Ok(Tried::Wrong)
}

/// Sets a password that was hashed outside the transaction; the person is active from then on.
pub(super) async fn set_password(tx: &TenantTx, who: Uuid, hash: String) -> Result<()> {
    let mut row = staff::lock(tx, who).await?.ok_or_else(Error::not_found)?;
    if row.status == "invited" {
        row.status = "active".to_owned();
    }
    if let Some(before) = row.password_hash.replace(hash) {
        store::keep_former(tx, who, before, former::KEPT).await?;
    }
    row.failed_logins = 0;
    row.locked_until = None;
    row.version = row.version.saturating_add(1);
    staff::save(tx, row).await
}
