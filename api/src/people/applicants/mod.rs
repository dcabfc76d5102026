//! Applicants' accounts: an SMS code is the way in, and the account exists from the first log-in on.

mod applicant_login;
mod codes;
mod request_sms_code;
mod store;

use domain::person::Phone;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

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

/// Where an applicant is reached. To be sent to and shown masked, never logged.
///
/// # Errors
/// `not_found` where there is no such account.
pub async fn applicant_phone(tx: &TenantTx, applicant: Uuid) -> Result<Phone> {
    let sealed = store::phone_sealed(tx, applicant).await?.ok_or_else(Error::not_found)?;
    let text = tx.open(store::PHONE, applicant, &sealed)?;
    Phone::parse(&text).map_err(Error::internal)
}
