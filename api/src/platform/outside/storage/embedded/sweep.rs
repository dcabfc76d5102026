//! What a crash can leave behind, removed at start: temporary files, blobs without a row, uploads in parts that nobody
//! will finish.

use super::blob::blob_path;
use crate::platform::outside::storage::StorageError;
use sqlx::SqlitePool;
use std::{collections::HashSet, io, path::Path};

/// After this an upload in parts counts as given up.
const UPLOAD_AGE_SECS_MAX: i64 = 24 * 3600;

/// What a sweep found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Temporary files removed.
    pub temporary: u64,
    /// Blobs removed that no row names.
    pub orphans: u64,
    /// Uploads in parts given up.
    pub uploads: u64,
    /// Keys, with their bucket, whose blob is gone. There should be none, ever: somebody removed files, or restored
    /// half a backup.
    pub missing: Vec<String>,
}

/// Sweeps a folder that nobody else has open.
pub(super) async fn run(root: &Path, writer: &SqlitePool) -> Result<SweepReport, StorageError> {
    let failed = |e: sqlx::Error| StorageError::unavailable("sweep its index", e);
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let uploads = sqlx::query("DELETE FROM upload WHERE begun < unixepoch() - ?").bind(UPLOAD_AGE_SECS_MAX);
    let uploads = uploads.execute(&mut *tx).await.map_err(failed)?.rows_affected();
    sqlx::query("DELETE FROM part WHERE upload NOT IN (SELECT id FROM upload)")
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    tx.commit().await.map_err(failed)?;

    let objects: Vec<(String, String)> =
        sqlx::query_as("SELECT blob, bucket || '/' || key FROM object").fetch_all(writer).await.map_err(failed)?;
    let parts: Vec<String> = sqlx::query_scalar("SELECT blob FROM part").fetch_all(writer).await.map_err(failed)?;
    let root = root.to_owned();
    let swept = tokio::task::spawn_blocking(move || sweep_files(&root, &objects, parts, uploads));
    let swept = swept.await.map_err(io::Error::other).and_then(|report| report);
    swept.map_err(|e| StorageError::unavailable("sweep its folder", e))
}

fn sweep_files(root: &Path, objects: &[(String, String)], parts: Vec<String>, uploads: u64) -> io::Result<SweepReport> {
    let mut report = SweepReport { uploads, ..SweepReport::default() };
    for entry in std::fs::read_dir(root.join("tmp"))? {
        std::fs::remove_file(entry?.path())?;
        report.temporary += 1;
    }
    let known: HashSet<String> = objects.iter().map(|(blob, _)| blob.clone()).chain(parts).collect();
    for folder in std::fs::read_dir(root.join("blobs"))? {
        for entry in std::fs::read_dir(folder?.path())? {
            let entry = entry?;
            if !known.contains(entry.file_name().to_string_lossy().as_ref()) {
                std::fs::remove_file(entry.path())?;
                report.orphans += 1;
            }
        }
    }
    report.missing =
        objects.iter().filter(|(blob, _)| !blob_path(root, blob).exists()).map(|(_, key)| key.clone()).collect();
    Ok(report)
}
