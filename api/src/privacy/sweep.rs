//! Messages that went to a phone and belong to no application, log-in codes above all, are found by opening them: nothing else says
//! whose they are. That takes a while, so a job does it, batch by batch. It knows the phone by its keyed hash alone.

use domain::person::Phone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, finish};

/// The kind of job that removes what was sent to a phone.
pub const SWEEP: &str = "privacy.sweep";
/// Messages of one transaction.
const BATCH_ROWS: u64 = 500;

#[derive(Serialize, Deserialize)]
struct Rest {
    phone_hash: String,
    after: Uuid,
}

fn hash(tx: &TenantTx, phone: &str) -> String {
    hex::encode(tx.keys().lookup("phone", phone))
}

/// Plans to remove what was sent to a phone.
pub(super) async fn plan(tx: &TenantTx, phone: &Phone) -> Result<()> {
    enqueue(tx, SWEEP, &Rest { phone_hash: hash(tx, phone.expose()), after: Uuid::nil() }).await.map(|_| ())
}

/// Removes a batch, and plans the next.
///
/// # Errors
/// Later, if the database fails.
pub async fn sweep_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let rest: Rest = job.payload(&tx)?;
    let found = store::sent_to(&tx, rest.after, BATCH_ROWS).await?;
    let last = found.last().map(|(id, _)| *id);
    let is_more = u64::try_from(found.len()).is_ok_and(|rows| rows == BATCH_ROWS);
    let theirs: Vec<Uuid> =
        found.into_iter().filter(|(_, to)| hash(&tx, to) == rest.phone_hash).map(|(id, _)| id).collect();
    store::forget_deliveries(&tx, &theirs).await?;
    if let Some(after) = last.filter(|_| is_more) {
        enqueue(&tx, SWEEP, &Rest { after, ..rest }).await?;
    }
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}
