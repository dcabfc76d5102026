//! Applicants' accounts: an SMS code is the way in, and the account exists from the first log-in on.

mod applicant_login;
mod codes;
mod request_sms_code;
mod store;

use domain::person::Phone;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::sessions::{self, Revoked};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

pub use codes::purge_codes;
pub(super) use store::is_active;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(request_sms_code::request_sms_code).service(applicant_login::applicant_login);
}

/// Locks an applicant's account until the transaction ends, so that what is counted by account is counted in turn.
///
/// # Errors
/// `not_found` where there is no such account.
pub async fn lock_applicant(tx: &TenantTx, applicant: Uuid) -> Result<()> {
    if store::lock(tx, applicant).await? { Ok(()) } else { Err(Error::not_found()) }
}

/// The account that a phone logs in with; none where nobody has logged in with it yet.
///
/// # Errors
/// If the database fails.
pub async fn applicant_by_phone(tx: &TenantTx, phone: &Phone) -> Result<Option<Uuid>> {
    store::by_phone(tx, codes::phone_hash(tx, phone)).await
}

/// Where an applicant is reached; nowhere once the account was closed. To be sent to and shown masked, never logged.
///
/// # Errors
/// `not_found` where there is no such account.
pub async fn applicant_phone(tx: &TenantTx, applicant: Uuid) -> Result<Option<Phone>> {
    let sealed = store::phone_sealed(tx, applicant).await?.ok_or_else(Error::not_found)?;
    let text = tx.open(store::PHONE, applicant, &sealed)?;
    if text.is_empty() {
        return Ok(None);
    }
    Phone::parse(&text).map(Some).map_err(Error::internal)
}

/// Whether `code` is the one that was sent last to the account's phone. A wrong try is counted, so the transaction must be
/// committed either way; the right one works once.
///
/// # Errors
/// `not_found` where there is no such account.
pub async fn redeem_own_code(tx: &TenantTx, applicant: Uuid, code: &str) -> Result<bool> {
    let Some(phone) = applicant_phone(tx, applicant).await? else { return Ok(false) };
    codes::redeem(tx, &codes::phone_hash(tx, &phone), code).await
}

/// Closes an account for good: its phone is erased, nothing finds it any more, its log-ins are gone. Whoever logs in with the same
/// phone later has a new account.
///
/// # Errors
/// `not_found` where there is no such account.
pub async fn close_account(tx: &TenantTx, applicant: Uuid) -> Result<Revoked> {
    lock_applicant(tx, applicant).await?;
    store::close(tx, applicant).await?;
    sessions::remove_all(tx, applicant).await
}
