//! What is left behind is cleaned up: uploads that were never finished, and the content of what was refused or removed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::owner::Shelf;
use super::store::{self, Change, Row, STATE_ABANDONED, STATE_AWAITING, STATE_READY};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::{Act, TenantTx};
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, enqueue_at};
use crate::platform::outside::storage::{Bucket, ObjectKey, StorageError};
use crate::tenants::settings;

/// The kind of job that ends an upload which was never finished.
pub const CLEAN_UP: &str = "documents.clean_up";
/// The same for a machine's file. A kind of its own, since a worker of a release that knew no machines would look for it among
/// the files of applications, not find it, and take the work for done; a kind that it does not know it sets aside.
pub const CLEAN_UP_EQUIPMENT: &str = "documents.clean_up_equipment";
/// The kind of job that deletes the content of a document.
pub const DELETE_OBJECT: &str = "documents.delete_object";

#[derive(Serialize, Deserialize)]
struct Unfinished {
    #[serde(default)]
    shelf: Shelf,
    document: Uuid,
    /// The row's version when the upload was begun or restarted; a later restart plans its own clean-up.
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Unwanted {
    document: Uuid,
    version_no: u32,
}

/// Plans to look at an upload again after the tenant's hours.
pub(super) async fn plan_clean_up(tx: &TenantTx, row: &Row) -> Result<()> {
    let (settings, _) = settings::load(tx).await?;
    let at = tx.now() + chrono::Duration::hours(settings.upload_hours.into());
    let unfinished = Unfinished { shelf: row.shelf, document: row.id, version: row.version };
    let kind = match row.shelf {
        Shelf::Applications => CLEAN_UP,
        Shelf::Equipment => CLEAN_UP_EQUIPMENT,
    };
    enqueue_at(tx, kind, &unfinished, at).await?;
    Ok(())
}

/// Plans to delete a document's content as soon as the transaction has committed.
pub(super) async fn plan_deletion(tx: &TenantTx, row: &Row) -> Result<()> {
    let key = store::object_key(row);
    enqueue(tx, DELETE_OBJECT, &Unwanted { document: key.document(), version_no: key.version() }).await?;
    Ok(())
}

/// Plans to delete an object under the key of a document, of which no row need be left.
///
/// # Errors
/// If the database fails.
pub async fn plan_object_deletion(tx: &TenantTx, document: Uuid, version_no: u32) -> Result<()> {
    enqueue(tx, DELETE_OBJECT, &Unwanted { document, version_no }).await.map(|_| ())
}

/// How long the name of a file stays after it was taken away, counted from its upload, days: so that whoever took it away by
/// mistake sees what to upload again. Names often say who somebody is, so they do not stay longer without their file.
const NAMES_KEPT_DAYS: i64 = 30;

/// Takes the names of at most `rows_max` files that are gone, among them all of a discarded draft; says of how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_names(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let until = tx.now() - chrono::Duration::days(NAMES_KEPT_DAYS);
    let mut gone = 0;
    for shelf in Shelf::ALL {
        let more = store::forget_names(tx, shelf, until, rows_max.saturating_sub(gone)).await?;
        gone = gone.saturating_add(more);
    }
    Ok(gone)
}

/// Ends an upload that was never finished. What lies in quarantine goes in any case: a request stays valid for a while
/// after the upload it was made for, so something can have arrived there even after the finish.
///
/// # Errors
/// Later, if the database or the storage fails.
pub async fn clean_up(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let payload: Unfinished = job.payload(&tx)?;
    let Some(mut row) = store::lock(&tx, payload.shelf, payload.document).await? else { return Ok(Outcome::Done) };
    if row.state == STATE_AWAITING && row.version != payload.version {
        return Ok(Outcome::Done);
    }
    let key = store::object_key(&row);
    if row.state == STATE_AWAITING {
        let change = Change { state: Some(STATE_ABANDONED), finished: true, ..Change::default() };
        store::change(&tx, &mut row, change).await?;
        tx.commit(Act::new("documents.abandon", "document", row.id)).await?;
    } else {
        drop(tx);
    }
    forget(app, Bucket::Quarantine, &key).await?;
    if row.state != STATE_READY && !store::is_kept(&row) {
        forget(app, Bucket::Documents, &key).await?;
    }
    Ok(Outcome::Done)
}

/// Deletes the content of a document that was refused or removed.
///
/// # Errors
/// Later, if the database or the storage fails.
pub async fn delete_object(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let payload: Unwanted = job.payload(&tx)?;
    drop(tx);
    let key = ObjectKey::new(job.tenant, payload.document, payload.version_no);
    for bucket in [Bucket::Quarantine, Bucket::Documents] {
        forget(app, bucket, &key).await?;
    }
    Ok(Outcome::Done)
}

async fn forget(app: &App, bucket: Bucket, key: &ObjectKey) -> Result<(), JobError> {
    match app.storage.delete(bucket, key).await {
        Ok(()) | Err(StorageError::NotFound) => Ok(()),
        Err(error) => Err(JobError::Later(error.to_string(), None)),
    }
}
