//! The end of an upload: what inspection found becomes the document's state, once.

use domain::applications::product::ProductTerms;
use uuid::Uuid;

use super::clean_up::plan_deletion;
use super::inspect::{Finding, Verdict, ended};
use super::storage_error;
use super::store::{self, Change, STATE_AWAITING, STATE_READY, STATE_REJECTED};
use super::view::DocumentView;
use crate::app::App;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::Inspection;

/// Writes what inspection found. A file that passed is moved to the documents and is ready; one that did not is rejected
/// with its reason, which is an answer and no error. Finishing again gives the same answer.
///
/// # Errors
/// `not_found`, `file_not_uploaded` where the upload has ended otherwise, `stale` where another upload arrived since the
/// inspection, or a failing database or storage.
pub async fn finish_upload(
    app: &App,
    tx: &TenantTx,
    product: &ProductTerms,
    application: Uuid,
    document: Uuid,
    finding: Finding,
) -> Result<DocumentView> {
    let mut row = store::lock_of(tx, application, document).await?;
    match row.state.as_str() {
        STATE_AWAITING => {}
        STATE_READY | STATE_REJECTED => return DocumentView::of(tx, product, &row),
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
    DocumentView::of(tx, product, &row)
}
