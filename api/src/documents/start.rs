//! The beginning of an upload: a row that waits for its content, and the one request that can bring it.

use std::time::Duration;

use domain::words::Words;
use uuid::Uuid;

use super::clean_up::plan_clean_up;
use super::file::{File, Sending};
use super::owner::{Owner, Takes};
use super::store::{self, Change, New, Row, STATE_AWAITING};
use super::{check, storage_error};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::Upload;

/// How long an upload may be begun.
const UPLOAD_S: u32 = 15 * 60;

/// A file that is about to be uploaded, as its sender describes it.
pub struct NewUpload<'a> {
    /// Whose it is to be.
    pub owner: Owner<'a>,
    /// The item that it is for.
    pub takes: Takes<'a>,
    /// The file's name.
    pub file_name: &'a str,
    /// The file's media type.
    pub media_type: &'a str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits, if the sender knows it.
    pub sha256: Option<&'a str>,
}

/// Begins the upload of one more file of an item. The caller holds the owner's lock, so that counts stay true.
///
/// # Errors
/// `file_refused` or `invalid_fields` with all that is wrong, `too_many_items`, or a failing database or storage.
pub async fn start_upload(app: &App, tx: &TenantTx, upload: NewUpload<'_>) -> Result<Sending> {
    let declared = check::declared(app, &upload)?;
    let (owner, takes) = (upload.owner, &upload.takes);
    let files_max = takes.files_max;
    let of_item = Words::new(
        format!("“{}”最多{files_max}个文件，请先删除不需要的。", takes.label.zh),
        format!("“{}” takes at most {files_max} files; remove what is not needed.", takes.label.en),
    );
    fits(store::open_count(tx, owner, Some(takes.key)).await?, (files_max.into(), of_item))?;
    if let Some(max) = owner.files_max() {
        fits(store::open_count(tx, owner, None).await?, max)?;
    }
    if let Some(max) = owner.uploads_max(tx.actor().kind) {
        fits(store::begun_count(tx, owner).await?, max)?;
    }
    let new = New {
        owner,
        item_key: takes.key,
        file_name: &declared.file_name,
        media_type: declared.media_type,
        bytes: declared.bytes,
        sha256: declared.sha256.map(|hash| hash.to_vec()),
    };
    let row = store::insert(tx, new).await?;
    plan_clean_up(tx, &row).await?;
    request(app, tx, owner, &row).await
}

/// Lets one more come where there are fewer than the most.
fn fits(count: u64, (max, words): (u64, Words)) -> Result<()> {
    if count < max { Ok(()) } else { Err(Error::new(Code::TooManyItems).detail(words.zh, words.en)) }
}

/// Gives a new request for an upload that was interrupted or whose first request has expired.
///
/// # Errors
/// `not_found`, `illegal_transition` where the upload has ended, or a failing database or storage.
pub async fn restart_upload(app: &App, tx: &TenantTx, owner: Owner<'_>, document: Uuid) -> Result<Sending> {
    let mut row = store::lock_of(tx, owner, document).await?;
    if row.state != STATE_AWAITING {
        return Err(Error::new(Code::IllegalTransition).detail(
            "该文件的上传已经结束，如需更换请重新上传。",
            "This upload has ended; begin a new one to replace the file.",
        ));
    }
    // The new version puts off the clean-up that the first request planned.
    store::change(tx, &mut row, Change::default()).await?;
    plan_clean_up(tx, &row).await?;
    request(app, tx, owner, &row).await
}

async fn request(app: &App, tx: &TenantTx, owner: Owner<'_>, row: &Row) -> Result<Sending> {
    let upload = Upload {
        content_length: u64::try_from(row.declared_bytes).map_err(anyhow::Error::from)?,
        content_type: &row.declared_type,
        sha256: row.sha256.as_deref().and_then(|hash| hash.try_into().ok()),
        expires: Duration::from_secs(UPLOAD_S.into()),
    };
    let request = app.storage.presign_put(&store::object_key(row), upload).await.map_err(storage_error)?;
    let expires_at = tx.now() + chrono::Duration::seconds(UPLOAD_S.into());
    Ok(Sending { file: File::of(tx, owner, row)?, request, expires_at })
}
