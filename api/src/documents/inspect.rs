//! What arrived, looked at before anybody may read it. This reads and unpacks a whole file, so it runs outside of any
//! transaction; what it found is written by [`super::finish_upload`].

use tokio::sync::Semaphore;
use uuid::Uuid;

use super::owner::Owner;
use super::refusal::{HASH_MISMATCH, SIZE_MISMATCH, TYPE_MISMATCH};
use super::storage_error;
use super::store::{self, Row, STATE_ABANDONED, STATE_AWAITING, STATE_REMOVED};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::system_tx;
use crate::platform::outside::clamd::Scan;
use crate::platform::outside::storage::sniff::{self, Inspected, Limits, MediaType, Reason};
use crate::platform::outside::storage::{Bucket, StorageError};

/// Files that a process inspects at the same time: each is held in memory as a whole.
const INSPECTIONS_MAX: usize = 4;
static INSPECTIONS: Semaphore = Semaphore::const_new(INSPECTIONS_MAX);

/// What an inspection found.
#[derive(Clone, Debug)]
pub struct Finding(pub(super) Verdict);

#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// An earlier finish has already settled it.
    Settled,
    /// It is what it was said to be.
    Passed {
        media_type: &'static str,
        sha256: [u8; 32],
        /// The object in quarantine that was looked at; `None` where an earlier finish had moved it already.
        etag: Option<String>,
    },
    /// It is not taken; the code of the refusal.
    Refused(&'static str),
}

/// Downloads what was uploaded for a document of `owner`'s and looks at it.
///
/// # Errors
/// `not_found`, `file_not_uploaded` where nothing has arrived, or a failing database or storage.
pub async fn inspect_upload(app: &App, tenant: Uuid, owner: Owner<'_>, document: Uuid) -> Result<Finding> {
    let tx = system_tx(app, tenant, "inspection", false).await?;
    let row = store::get_of(&tx, owner, document).await?;
    drop(tx);
    match row.state.as_str() {
        STATE_AWAITING => {}
        STATE_ABANDONED | STATE_REMOVED => return Err(ended()),
        _ => return Ok(Finding(Verdict::Settled)),
    }
    let _permit = INSPECTIONS.acquire().await.map_err(anyhow::Error::from)?;
    let limits = Limits { bytes_max: app.config.document_bytes_max, ..Limits::default() };
    let key = store::object_key(&row);
    let (head, bytes) = match app.storage.get_bytes(Bucket::Quarantine, &key, limits.bytes_max).await {
        Ok(found) => found,
        Err(StorageError::TooLarge { .. }) => return Ok(Finding(Verdict::Refused(Reason::TooLarge.code()))),
        Err(StorageError::NotFound) => return moved_before(app, &row).await,
        Err(error) => return Err(storage_error(error)),
    };
    let looked_at = bytes.clone();
    let inspected = tokio::task::spawn_blocking(move || sniff::inspect(&looked_at, &limits)).await;
    let verdict = match inspected.map_err(anyhow::Error::from)? {
        Ok(found) => judge(&row, &found, head.etag),
        Err(refused) => Verdict::Refused(refused.code.code()),
    };
    match verdict {
        Verdict::Passed { .. } if is_known_harmful(app, &row, &bytes).await? => {
            Ok(Finding(Verdict::Refused(Reason::Malware.code())))
        }
        verdict => Ok(Finding(verdict)),
    }
}

/// Whether the operator's scanner knows a file; without one nothing is known. While it cannot be asked, files wait.
async fn is_known_harmful(app: &App, row: &Row, bytes: &[u8]) -> Result<bool> {
    let Some(clamd) = &app.config.clamd else { return Ok(false) };
    match clamd.scan(bytes).await {
        Ok(Scan::Clean) => Ok(false),
        Ok(Scan::Found(name)) => {
            tracing::warn!(tenant = %row.tenant_id, document = %row.id, %name, "a file is known to the virus scanner");
            Ok(true)
        }
        Err(error) => Err(Error::new(Code::Unavailable)
            .detail(
                "病毒扫描暂时不可用，文件已保留，请稍后再次确认上传。",
                "The virus scanner is not reachable. The file is kept; finish the upload again shortly.",
            )
            .because(error)),
    }
}

fn judge(row: &Row, found: &Inspected, etag: String) -> Verdict {
    if i64::try_from(found.bytes) != Ok(row.declared_bytes) {
        return Verdict::Refused(SIZE_MISMATCH);
    }
    if found.media_type.as_mime() != row.declared_type {
        return Verdict::Refused(TYPE_MISMATCH);
    }
    if row.sha256.as_ref().is_some_and(|declared| declared.as_slice() != found.sha256) {
        return Verdict::Refused(HASH_MISMATCH);
    }
    Verdict::Passed { media_type: found.media_type.as_mime(), sha256: found.sha256, etag: Some(etag) }
}

/// An earlier finish moved the object and then failed to commit: what it found stands beside the object.
async fn moved_before(app: &App, row: &Row) -> Result<Finding> {
    let head = app.storage.head(Bucket::Documents, &store::object_key(row)).await.map_err(storage_error)?;
    let sha256 = head.sha256.and_then(|text| hex::decode(text).ok()).and_then(|bytes| bytes.try_into().ok());
    let media_type = head.content_type.as_deref().and_then(MediaType::from_mime).map(MediaType::as_mime);
    match (sha256, media_type) {
        (Some(sha256), Some(media_type)) => Ok(Finding(Verdict::Passed { media_type, sha256, etag: None })),
        _ => Err(Error::new(Code::FileNotUploaded)),
    }
}

/// The upload can no longer be finished.
pub(super) fn ended() -> Error {
    Error::new(Code::FileNotUploaded).detail(
        "该文件已删除或因超时未完成而清理，请重新上传。",
        "This file was removed, or cleaned up since it was never finished; upload it again.",
    )
}
