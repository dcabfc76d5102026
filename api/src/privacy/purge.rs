//! What is past its period is removed by the product's one purge; these are the kinds of data whose periods are set here.

use chrono::{DateTime, Duration, Utc};
use domain::privacy::Class;

use super::erase::look_again;
use super::store;
use crate::error::Result;
use crate::platform::audit::{append, erase_details};
use crate::platform::db::{Act, TenantTx};
use crate::{applications, documents};

/// The instant up to which data of a kind is past its period.
async fn over(tx: &TenantTx, class: Class) -> Result<DateTime<Utc>> {
    let days = store::days_of(tx, class).await?.unwrap_or(u32::MAX);
    Ok(tx.now().checked_sub_signed(Duration::days(days.into())).unwrap_or(DateTime::<Utc>::MIN_UTC))
}

/// Removes some SMS and mails.
///
/// # Errors
/// If the database fails.
pub async fn purge_deliveries(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    store::drop_deliveries(tx, over(tx, Class::Deliveries).await?, rows_max).await
}

/// Removes some messages of the inbox.
///
/// # Errors
/// If the database fails.
pub async fn purge_inbox(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    store::drop_inbox(tx, over(tx, Class::Inbox).await?, rows_max).await
}

/// Ends some copies; jobs delete their files.
///
/// # Errors
/// If the database fails.
pub async fn purge_exports(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let gone = store::spent_exports(tx, rows_max).await?;
    for export in &gone {
        documents::plan_object_deletion(tx, *export, 1).await?;
    }
    Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
}

/// Looks again at those who had their data erased, as far as something of them was kept.
///
/// # Errors
/// If the database fails.
pub async fn purge_blocked(tx: &TenantTx) -> Result<u64> {
    /// People of one transaction and day: far more than ask a firm in years.
    const PEOPLE_MAX: u64 = 1_000;
    for (who, decided_at) in store::erased_people(tx, PEOPLE_MAX).await? {
        look_again(tx, who, decided_at).await?;
    }
    Ok(0)
}

/// Erases some drafts that nobody went on with.
///
/// # Errors
/// If the database fails.
pub async fn purge_drafts(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    /// Each has files and an audit trail to go through.
    const DRAFTS_MAX: u64 = 50;
    let stale = store::stale_drafts(tx, over(tx, Class::Drafts).await?, rows_max.min(DRAFTS_MAX)).await?;
    let more = u64::try_from(stale.len()).is_ok_and(|count| count == DRAFTS_MAX);
    for draft in stale {
        applications::withdraw_undecided(tx, draft).await?;
        let gone = store::erase_application(tx, draft).await?;
        erase_details(tx, &gone).await?;
        let act =
            Act::new("application.erase", "application", draft).detail(serde_json::json!({ "why": "stale_draft" }));
        append(tx, &act, tx.together()).await?;
    }
    Ok(if more { rows_max } else { 0 })
}
