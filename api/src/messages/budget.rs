//! What a firm may send by SMS in a day, codes and progress together: whoever finds a way to make it send cannot make it
//! pay without end.

use chrono::{DateTime, Utc};
use domain::time::TenantZone;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// Counts one SMS of today; says until when none can be sent, if `per_day` are counted already. Then nothing may be
/// committed. Until the transaction ends, nobody else of the tenant counts.
///
/// # Errors
/// If the database fails.
pub async fn count_sms(tx: &TenantTx, per_day: i64) -> Result<Option<DateTime<Utc>>> {
    let zone = TenantZone::default();
    let today = zone.date_of(tx.now());
    if tx.next_number(&format!("sms/{today}")).await? <= per_day {
        return Ok(None);
    }
    Ok(Some(today.succ_opt().and_then(|day| zone.start_of(day)).unwrap_or_else(|| tx.now())))
}
