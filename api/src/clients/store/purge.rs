//! What is removed when it is old: requests, days, assertions, and secrets and keys that ended.

use chrono::Duration;
use domain::time::TenantZone;
use entity::{client_days, client_requests};
use sea_orm::ColumnTrait;

use super::credentials;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// How long a client and the firm can look what was asked, days.
pub(in crate::clients) const REQUESTS_KEPT_DAYS: i64 = 7;
/// How long use by day is kept: a year's figures and the quarter in which they are asked for.
pub(in crate::clients) const DAYS_KEPT: i64 = 460;

/// Removes at most `rows_max` requests that are old; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_requests(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let until = tx.now() - Duration::days(REQUESTS_KEPT_DAYS);
    tx.delete_some::<client_requests::Entity>(client_requests::Column::At.lte(until), rows_max).await
}

/// Removes at most `rows_max` days that are old; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_days(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let until = TenantZone::default().date_of(tx.now() - Duration::days(DAYS_KEPT));
    tx.delete_some::<client_days::Entity>(client_days::Column::Day.lte(until), rows_max).await
}

/// Removes at most `rows_max` assertions that are over and secrets and keys that ended long ago; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_proofs(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let assertions = credentials::purge_assertions(tx, rows_max).await?;
    Ok(assertions + credentials::purge_ended(tx, rows_max.saturating_sub(assertions)).await?)
}
