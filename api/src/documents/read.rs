//! What others ask about the files of an application or a machine, and how one is handed out.

use std::time::Duration;

use domain::id::{Id, kind};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::file::File;
use super::owner::Owner;
use super::storage_error;
use super::store::{self, STATE_READY};
use super::view::DownloadView;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::Download;

/// How long a download may be begun.
const DOWNLOAD_S: u32 = 5 * 60;

/// All versions of all items, by item and version.
///
/// # Errors
/// If the database fails.
pub async fn list_of(tx: &TenantTx, owner: Owner<'_>) -> Result<Vec<File>> {
    store::list(tx, owner).await?.iter().map(|row| File::of(tx, owner, row)).collect()
}

/// One of the owner's files.
///
/// # Errors
/// `not_found`, or a failing database.
pub async fn find(tx: &TenantTx, owner: Owner<'_>, document: Uuid) -> Result<File> {
    File::of(tx, owner, &store::get_of(tx, owner, document).await?)
}

/// How many files of each item are ready; items without one are left out.
///
/// # Errors
/// If the database fails.
pub async fn ready_counts(tx: &TenantTx, owner: Owner<'_>) -> Result<Vec<(String, u32)>> {
    Ok(store::ready_counts(tx, owner).await?.into_iter().collect())
}

/// The ready files as they stand now, for a submission: `{item_key: [{document, version_no, sha256}]}`.
///
/// # Errors
/// If the database fails.
pub async fn versions_now(tx: &TenantTx, owner: Owner<'_>) -> Result<Value> {
    let mut items: Map<String, Value> = Map::new();
    for row in store::ready(tx, owner).await? {
        let version = json!({
            "document": Id::<kind::Document>::from_uuid(row.id).to_string(),
            "version_no": row.version_no,
            "sha256": row.sha256.map(hex::encode),
        });
        if let Value::Array(versions) = items.entry(row.item_key).or_insert_with(|| json!([])) {
            versions.push(version);
        }
    }
    Ok(Value::Object(items))
}

/// Which documents a reader reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those that are ready.
    Present,
    /// Also those that were taken away after they had been submitted or scored: staff see what was judged.
    Kept,
}

/// The request with which a document is downloaded.
///
/// # Errors
/// `not_found`, `file_not_ready`, or a failing database or storage.
pub async fn download(
    app: &App,
    tx: &TenantTx,
    owner: Owner<'_>,
    document: Uuid,
    reach: Reach,
) -> Result<DownloadView> {
    let row = store::get_of(tx, owner, document).await?;
    let kept = reach == Reach::Kept && store::is_kept(&row);
    if row.state != STATE_READY && !kept {
        return Err(Error::new(Code::FileNotReady));
    }
    let download = Download {
        file_name: &store::file_name(tx, &row)?,
        content_type: row.media_type.as_deref().unwrap_or("application/octet-stream"),
        expires: Duration::from_secs(DOWNLOAD_S.into()),
    };
    let request = app.storage.presign_get(&store::object_key(&row), download).await.map_err(storage_error)?;
    Ok(DownloadView::of(request, tx.now() + chrono::Duration::seconds(DOWNLOAD_S.into())))
}
