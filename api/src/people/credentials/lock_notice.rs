//! Whoever is locked out is told by mail, since the log-in itself must not say it (see `staff_login`).

use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LOCKED_MIN, staff};
use crate::app::App;
use crate::error::Result;
use crate::messages::{self, Notice};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{self, Job, JobError, Outcome};

/// The kind of job that mails the owner of a locked account.
pub const LOCK_NOTICE: &str = "people.lock_notice";

#[derive(Serialize, Deserialize)]
struct Failed {
    /// Nil where there is no such account.
    staff: Uuid,
}

/// Plans to look whether a failed try has locked an account.
pub(super) async fn plan(tx: &TenantTx, staff: Uuid) -> Result<()> {
    jobs::enqueue(tx, LOCK_NOTICE, &Failed { staff }).await?;
    Ok(())
}

/// Mails the owner of the account, if it is locked.
///
/// # Errors
/// If the database fails: later.
pub async fn tell_locked(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let failed: Failed = job.payload(&tx)?;
    mail(&tx, failed.staff).await?;
    jobs::finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}

async fn mail(tx: &TenantTx, who: Uuid) -> Result<()> {
    let Some(row) = staff::find(tx, who).await? else { return Ok(()) };
    if row.status != "active" || row.locked_until.is_none_or(|until| until <= tx.now()) {
        return Ok(());
    }
    let notice = Notice {
        event: "account_locked",
        // One a day, or guessing would fill a mailbox.
        dedupe_key: format!("locked/{who}/{}", TenantZone::default().date_of(tx.now())),
        application: None,
        values: vec![("name", staff::name(tx, &row)?), ("minutes", LOCKED_MIN.to_string())],
    };
    messages::send_mail(tx, &staff::email(tx, &row)?, &notice).await
}
