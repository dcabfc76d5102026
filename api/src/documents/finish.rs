//! The end of an upload: what inspection found becomes the document's state, once.

use uuid::Uuid;

use super::clean_up::plan_deletion;
use super::file::File;
use super::inspect::{Finding, Verdict, ended};
use super::owner::Owner;
use super::storage_error;
use super::store::{self, Change, STATE_AWAITING, STATE_READY, STATE_REJECTED};
use crate::app::App;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::Inspection;

/// A file after its upload was finished.
#[derive(Debug)]
pub struct Finished {
    /// The file.
    pub file: File,
    /// Whether it was taken by this finish, and not refused or settled by an earlier one.
    pub accepted: bool,
}

/// Writes what inspection found. A file that passed is moved to the documents and is ready; one that did not is rejected
/// with its reason, which is an answer and no error. Finishing again gives the same answer.
///
/// # Errors
/// `not_found`, `file_not_uploaded` where the upload has ended otherwise, `stale` where another upload arrived since the
/// inspection, or a failing database or storage.
pub async fn finish_upload(
    app: &App,
    tx: &TenantTx,
    owner: Owner<'_>,
    document: Uuid,
    finding: Finding,
) -> Result<Finished> {
    let mut row = store::lock_of(tx, owner, document).await?;
    match row.state.as_str() {
        STATE_AWAITING => {}
        STATE_READY | STATE_REJECTED => return Ok(Finished { file: File::of(tx, owner, &row)?, accepted: false }),
        _ => return Err(ended()),
    }
    match finding.0 {
        Verdict::Settled => return Err(ended()),
        Verdict::Passed { media_type, sha256, etag } => {
            if let Some(etag) = etag {
                // Under the row's lock, so that what lies in the documents is always what the row says.
                let inspection = Inspection { etag: &etag, sha256, content_type: media_type };
                app.storage.promote(&store::object_key(&row), inspection).await.map_err(storage_error)?;
            }
            let change = Change {
                state: Some(STATE_READY),
                media_type: Some(media_type.to_owned()),
                sha256: Some(sha256.to_vec()),
                finished: true,
                ..Change::default()
            };
            store::change(tx, &mut row, change).await?;
        }
        Verdict::Refused(code) => {
            let change =
                Change { state: Some(STATE_REJECTED), refusal: Some(code), finished: true, ..Change::default() };
            store::change(tx, &mut row, change).await?;
            plan_deletion(tx, &row).await?;
        }
    }
    let accepted = row.state == STATE_READY;
    Ok(Finished { file: File::of(tx, owner, &row)?, accepted })
}
