//! The beginning of an upload: a row that waits for its content, and the one request that can bring it.

use std::time::Duration;

use domain::applications::product::{ChecklistItem, ProductTerms};
use uuid::Uuid;

use super::clean_up::plan_clean_up;
use super::store::{self, Change, New, Row, STATE_AWAITING};
use super::view::{DocumentView, UploadView};
use super::{check, storage_error};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::Upload;

/// How long an upload may be begun.
const UPLOAD_S: u32 = 15 * 60;
/// Most uploads that one application may ever begin: nobody needs so many, and each leaves a row.
const UPLOADS_MAX: u64 = 2_000;

/// A file that is about to be uploaded, as its sender describes it.
pub struct NewUpload<'a> {
    /// The application.
    pub application: Uuid,
    /// Its product.
    pub product: &'a ProductTerms,
    /// The checklist item.
    pub item: &'a ChecklistItem,
    /// The file's name.
    pub file_name: &'a str,
    /// The file's media type.
    pub media_type: &'a str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits, if the sender knows it.
    pub sha256: Option<&'a str>,
}

/// Begins the upload of one more file of a checklist item.
///
/// # Errors
/// `file_refused` or `invalid_fields` with all that is wrong, `too_many_items`, or a failing database or storage.
pub async fn start_upload(app: &App, tx: &TenantTx, upload: NewUpload<'_>) -> Result<UploadView> {
    let declared = check::declared(app, &upload)?;
    let files_max = upload.item.files_max;
    if store::open_count(tx, upload.application, &upload.item.key).await? >= u64::from(files_max) {
        return Err(Error::new(Code::TooManyItems).detail(
            format!("“{}”最多{files_max}个文件，请先删除不需要的。", upload.item.label.zh),
            format!("“{}” takes at most {files_max} files; remove what is not needed.", upload.item.label.en),
        ));
    }
    if store::begun_count(tx, upload.application).await? >= UPLOADS_MAX {
        return Err(Error::new(Code::TooManyItems).detail(
            "该申请的上传次数已达上限，请联系项目经理。",
            "This application has reached its limit of uploads; contact the officer.",
        ));
    }
    let new = New {
        application: upload.application,
        item_key: &upload.item.key,
        file_name: &declared.file_name,
        media_type: declared.media_type,
        bytes: declared.bytes,
        sha256: declared.sha256.map(|hash| hash.to_vec()),
    };
    let row = store::insert(tx, new).await?;
    plan_clean_up(tx, &row).await?;
    request(app, tx, upload.product, &row).await
}

/// Gives a new request for an upload that was interrupted or whose first request has expired.
///
/// # Errors
/// `not_found`, `illegal_transition` where the upload has ended, or a failing database or storage.
pub async fn restart_upload(
    app: &App,
    tx: &TenantTx,
    product: &ProductTerms,
    application: Uuid,
    document: Uuid,
) -> Result<UploadView> {
    let mut row = store::lock_of(tx, application, document).await?;
    if row.state != STATE_AWAITING {
        return Err(Error::new(Code::IllegalTransition).detail(
            "该文件的上传已经结束，如需更换请重新上传。",
            "This upload has ended; begin a new one to replace the file.",
        ));
    }
    // The new version puts off the clean-up that the first request planned.
    store::change(tx, &mut row, Change::default()).await?;
    plan_clean_up(tx, &row).await?;
    request(app, tx, product, &row).await
}

async fn request(app: &App, tx: &TenantTx, product: &ProductTerms, row: &Row) -> Result<UploadView> {
    let upload = Upload {
        content_length: u64::try_from(row.declared_bytes).map_err(anyhow::Error::from)?,
        content_type: &row.declared_type,
        sha256: row.sha256.as_deref().and_then(|hash| hash.try_into().ok()),
        expires: Duration::from_secs(UPLOAD_S.into()),
    };
    let request = app.storage.presign_put(&store::object_key(row), upload).await.map_err(storage_error)?;
    let expires_at = tx.now() + chrono::Duration::seconds(UPLOAD_S.into());
    Ok(UploadView::of(DocumentView::of(tx, product, row)?, request, expires_at))
}
