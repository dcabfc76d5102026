//! Blobs and the index: how a body becomes a file, and a file an object.
//!
//! The order is what makes it safe: temporary file, checksums, fdatasync, rename, fsync of the folder, and only then
//! the row, in one transaction; the blob that the row replaced is unlinked after the commit. Whatever is interrupted
//! leaves a file without a row, which nobody can see and the next start removes, never a row without a file.

use super::{
    blob::{Written, blob_path, make_folders},
    lock::FolderLock,
    sweep::{self, SweepReport},
};
use crate::platform::{outside::storage::StorageError, private};
use s3s::{S3Result, s3_error};
use sqlx::{
    Row as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS object(bucket TEXT NOT NULL, key TEXT NOT NULL, blob TEXT NOT NULL, bytes INTEGER NOT NULL,
    etag TEXT NOT NULL, content_type TEXT, metadata TEXT NOT NULL, crc32 TEXT NOT NULL, modified INTEGER NOT NULL,
    PRIMARY KEY(bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upload(id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, content_type TEXT,
    metadata TEXT NOT NULL, begun INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS part(upload TEXT NOT NULL, number INTEGER NOT NULL, blob TEXT NOT NULL, bytes INTEGER NOT NULL,
    md5 TEXT NOT NULL, PRIMARY KEY(upload, number)) WITHOUT ROWID;";

/// A reader may find that the blob of the row it just read was replaced; each time it does, somebody else made
/// progress.
const OPEN_TRIES_MAX: usize = 64;

/// The folder.
pub(super) struct Store {
    pub(super) root: PathBuf,
    pub(super) writer: SqlitePool,
    pub(super) reader: SqlitePool,
    buckets: [String; 2],
    object_bytes_max: u64,
    _lock: FolderLock,
}

/// An object as the index has it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) blob: String,
    pub(super) bytes: i64,
    pub(super) etag: String,
    pub(super) content_type: Option<String>,
    pub(super) metadata: String,
    pub(super) crc32: String,
    pub(super) modified: i64,
}

/// What the object is to carry beside its content.
pub(super) struct Description {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) etag: String,
    pub(super) content_type: Option<String>,
    pub(super) metadata: String,
    /// Refuse if there is an object already.
    pub(super) only_new: bool,
}

/// An error of ours as an S3 error. What happened is for the log: the answer says only that it did.
pub(super) fn internal<E: std::error::Error + Send + Sync + 'static>(error: E) -> s3s::S3Error {
    s3_error!(error, InternalError, "the storage failed")
}

impl Store {
    /// Opens the folder, making it if need be, and sweeps it if nobody else has it open.
    pub(super) async fn open(
        root: &Path,
        buckets: [String; 2],
        object_bytes_max: u64,
    ) -> Result<(Self, Option<SweepReport>), StorageError> {
        let failed = |e: io::Error| StorageError::unavailable("open its folder", e);
        make_folders(root).map_err(failed)?;
        let mut lock = FolderLock::take(root).map_err(failed)?;
        let index = root.join("index.db");
        private::file(&index).map_err(failed)?;
        let failed = |e: sqlx::Error| StorageError::unavailable("open its index", e);
        let options = SqliteConnectOptions::new()
            .filename(index)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(failed)?;
        sqlx::raw_sql(SCHEMA).execute(&writer).await.map_err(failed)?;
        let reader =
            SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await.map_err(failed)?;
        let swept = if lock.alone { Some(sweep::run(root, &writer).await?) } else { None };
        lock.share().map_err(|e| StorageError::unavailable("open its folder", e))?;
        Ok((Self { root: root.to_owned(), writer, reader, buckets, object_bytes_max, _lock: lock }, swept))
    }

    /// Where a blob lies.
    pub(super) fn path(&self, blob: &str) -> PathBuf {
        blob_path(&self.root, blob)
    }

    /// Refuses a bucket that is not one of the two.
    pub(super) fn known(&self, bucket: &str) -> S3Result<()> {
        if self.buckets.iter().any(|b| b == bucket) { Ok(()) } else { Err(s3_error!(NoSuchBucket)) }
    }

    /// Refuses a size that is not stored.
    pub(super) fn fits(&self, bytes: u64) -> S3Result<()> {
        if bytes <= self.object_bytes_max {
            Ok(())
        } else {
            Err(s3_error!(EntityTooLarge, "objects are at most {} bytes", self.object_bytes_max))
        }
    }

    /// Writes a file and removes it.
    pub(super) async fn probe(&self) -> io::Result<()> {
        let path = self.root.join("tmp").join(format!("probe-{}", Uuid::new_v4()));
        let mut file = tokio::fs::File::create(&path).await?;
        let written = async { file.write_all(b"probe").await.and(file.sync_data().await) }.await;
        let removed = tokio::fs::remove_file(&path).await;
        written.and(removed)
    }

    /// Makes a blob the object of its key, in place of any other. Once begun it is not given up, also if the client is
    /// gone: a commit that happened while its blob was removed would lose the object.
    pub(super) async fn publish(&self, written: Written, description: Description) -> S3Result<()> {
        let (writer, root) = (self.writer.clone(), self.root.clone());
        tokio::spawn(publish(writer, root, written, description)).await.map_err(internal)?
    }

    /// The row of an object.
    pub(super) async fn row(&self, bucket: &str, key: &str) -> S3Result<Row> {
        self.known(bucket)?;
        sqlx::query(
            "SELECT key, blob, bytes, etag, content_type, metadata, crc32, modified FROM object \
             WHERE bucket = ? AND key = ?",
        )
        .bind(bucket)
        .bind(key)
        .fetch_optional(&self.reader)
        .await
        .map_err(internal)?
        .map(|row| row_of(&row))
        .transpose()?
        .ok_or_else(|| s3_error!(NoSuchKey))
    }

    /// An object and its open file. An open file stays readable however often the object is replaced.
    pub(super) async fn open_object(&self, bucket: &str, key: &str) -> S3Result<(Row, tokio::fs::File)> {
        for _ in 0..OPEN_TRIES_MAX {
            let row = self.row(bucket, key).await?;
            match tokio::fs::File::open(self.path(&row.blob)).await {
                Ok(file) => return Ok((row, file)),
                Err(e) if e.kind() == io::ErrorKind::NotFound => tokio::task::yield_now().await,
                Err(e) => return Err(internal(e)),
            }
        }
        Err(s3_error!(SlowDown))
    }

    /// Deletes an object; that there is none is fine.
    pub(super) async fn remove(&self, bucket: &str, key: &str) -> S3Result<()> {
        self.known(bucket)?;
        let old: Option<String> = sqlx::query_scalar("DELETE FROM object WHERE bucket = ? AND key = ? RETURNING blob")
            .bind(bucket)
            .bind(key)
            .fetch_optional(&self.writer)
            .await
            .map_err(internal)?;
        if let Some(blob) = old {
            let _ = tokio::fs::remove_file(self.path(&blob)).await;
        }
        Ok(())
    }
}

async fn publish(writer: SqlitePool, root: PathBuf, mut written: Written, d: Description) -> S3Result<()> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(internal)?;
    let old: Option<String> = sqlx::query_scalar("SELECT blob FROM object WHERE bucket = ? AND key = ?")
        .bind(&d.bucket)
        .bind(&d.key)
        .fetch_optional(&mut *tx)
        .await
        .map_err(internal)?;
    if d.only_new && old.is_some() {
        return Err(s3_error!(PreconditionFailed));
    }
    sqlx::query(
        "INSERT OR REPLACE INTO object(bucket, key, blob, bytes, etag, content_type, metadata, crc32, modified) \
         VALUES(?, ?, ?, ?, ?, ?, ?, ?, unixepoch())",
    )
    .bind(&d.bucket)
    .bind(&d.key)
    .bind(&written.blob)
    .bind(written.bytes)
    .bind(&d.etag)
    .bind(&d.content_type)
    .bind(&d.metadata)
    .bind(&written.crc32)
    .execute(&mut *tx)
    .await
    .map_err(internal)?;
    // a commit that reports an error may still have happened
    written.keep();
    tx.commit().await.map_err(internal)?;
    if let Some(blob) = old {
        let _ = tokio::fs::remove_file(blob_path(&root, &blob)).await;
    }
    Ok(())
}

pub(super) fn row_of(row: &SqliteRow) -> S3Result<Row> {
    Ok(Row {
        key: row.try_get("key").map_err(internal)?,
        blob: row.try_get("blob").map_err(internal)?,
        bytes: row.try_get("bytes").map_err(internal)?,
        etag: row.try_get("etag").map_err(internal)?,
        content_type: row.try_get("content_type").map_err(internal)?,
        metadata: row.try_get("metadata").map_err(internal)?,
        crc32: row.try_get("crc32").map_err(internal)?,
        modified: row.try_get("modified").map_err(internal)?,
    })
}
