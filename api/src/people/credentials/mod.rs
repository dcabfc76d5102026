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

use super::second_factor::{self, Given};
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
pub(super) async fn count(tx: &TenantTx, who: Uuid, compared: Option<&str>, right: bool) -> Result<Tried> {
    let row = staff::lock(tx, who).await?;
    settle(tx, who, row, compared, if right { Tried::Right } else { Tried::Wrong }).await
}

/// The same together with what was given beside the password, and what that was.
pub(super) async fn count_both(
    tx: &TenantTx,
    who: Uuid,
    compared: Option<&str>,
    right: bool,
    code: Option<&str>,
) -> Result<(Tried, Given)> {
    // the person before their second factor, as whoever sets one locks them
    let row = staff::lock(tx, who).await?;
    let given = second_factor::judge(tx, who, right, code).await?;
    let tried = match given {
        Given::NotNeeded | Given::Right(_) if right => Tried::Right,
        Given::Missing if right => Tried::Unfinished,
        _ => Tried::Wrong,
    };
    Ok((settle(tx, who, row, compared, tried).await?, given))
}

/// Counts what was tried of an account, whose row is locked; of a locked account, or one that may not log in, it is not right
/// whatever it was.
async fn settle(
    tx: &TenantTx,
    who: Uuid,
    row: Option<staff::StaffRow>,
    compared: Option<&str>,
    tried: Tried,
) -> Result<Tried> {
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
        Tried::Right if may_log_in => staff::note_tries(tx, who, 0, None).await.map(|()| Tried::Right),
        Tried::Unfinished if may_log_in => staff::note_tries(tx, who, failures, None).await.map(|()| Tried::Unfinished),
        _ => {
            let failures = failures.saturating_add(1);
            if failures >= FAILURES_MAX {
                staff::note_tries(tx, who, 0, Some(now + Duration::minutes(LOCKED_MIN))).await?;
            } else {
                staff::note_tries(tx, who, failures, None).await?;
            }
            Ok(Tried::Wrong)
        }
    }
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
