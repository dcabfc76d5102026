//! Uploads in parts: a part that was interrupted is sent again, and takes the place of what came before under its
//! number.

use super::{
    backend::metadata_text,
    blob::{PIECE_BYTES, Wanted, Written},
    store::{Description, Store, internal},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use md5::{Digest, Md5};
use s3s::{S3Result, dto::*, s3_error};
use sqlx::{Row as _, SqlitePool};
use std::path::PathBuf;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

/// S3's own rule: only the last part may be smaller.
const PART_BYTES_MIN: i64 = 5 << 20;
/// S3's own rule.
const PARTS_MAX: i32 = 10_000;

/// Begins an upload.
pub(super) async fn create(store: &Store, i: CreateMultipartUploadInput) -> S3Result<CreateMultipartUploadOutput> {
    store.known(&i.bucket)?;
    let id = Uuid::new_v4().to_string();
    sqlx::query(
        "INSERT INTO upload(id, bucket, key, content_type, metadata, begun) VALUES(?, ?, ?, ?, ?, unixepoch())",
    )
    .bind(&id)
    .bind(&i.bucket)
    .bind(&i.key)
    .bind(i.content_type.as_deref())
    .bind(metadata_text(i.metadata)?)
    .execute(&store.writer)
    .await
    .map_err(internal)?;
    Ok(CreateMultipartUploadOutput {
        bucket: Some(i.bucket),
        key: Some(i.key),
        upload_id: Some(id),
        ..Default::default()
    })
}

/// Stores one part.
pub(super) async fn put(store: &Store, i: UploadPartInput) -> S3Result<UploadPartOutput> {
    upload(store, &i.upload_id, &i.bucket, &i.key).await?;
    if !(1..=PARTS_MAX).contains(&i.part_number) {
        return Err(s3_error!(InvalidArgument, "parts are numbered from 1 to {PARTS_MAX}"));
    }
    let checksum = Checksum {
        checksum_crc32: i.checksum_crc32,
        checksum_crc32c: i.checksum_crc32c,
        checksum_crc64nvme: i.checksum_crc64nvme,
        checksum_sha1: i.checksum_sha1,
        checksum_sha256: i.checksum_sha256,
        checksum_type: None,
    };
    let body = i.body.ok_or_else(|| s3_error!(IncompleteBody))?;
    let written = store.write(body, Wanted { checksum, md5: i.content_md5 }).await?;
    let (etag, crc32) = (hex::encode(written.md5), written.crc32.clone());
    let (writer, md5) = (store.writer.clone(), etag.clone());
    // not given up half-way, for the reason that publishing is not
    let kept = tokio::spawn(keep_part(writer, i.upload_id, i.part_number, written, md5)).await.map_err(internal)??;
    if let Some(blob) = kept {
        let _ = tokio::fs::remove_file(store.path(&blob)).await;
    }
    Ok(UploadPartOutput { e_tag: Some(ETag::Strong(etag)), checksum_crc32: Some(crc32), ..Default::default() })
}

/// Answers the blob that the part replaced.
async fn keep_part(
    writer: SqlitePool,
    id: String,
    number: i32,
    mut written: Written,
    md5: String,
) -> S3Result<Option<String>> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(internal)?;
    // the upload may have been completed or aborted while the part came in
    let alive =
        sqlx::query("SELECT 1 FROM upload WHERE id = ?").bind(&id).fetch_optional(&mut *tx).await.map_err(internal)?;
    if alive.is_none() {
        return Err(s3_error!(NoSuchUpload));
    }
    let old: Option<String> = sqlx::query_scalar("SELECT blob FROM part WHERE upload = ? AND number = ?")
        .bind(&id)
        .bind(number)
        .fetch_optional(&mut *tx)
        .await
        .map_err(internal)?;
    sqlx::query("INSERT OR REPLACE INTO part(upload, number, blob, bytes, md5) VALUES(?, ?, ?, ?, ?)")
        .bind(&id)
        .bind(number)
        .bind(&written.blob)
        .bind(written.bytes)
        .bind(&md5)
        .execute(&mut *tx)
        .await
        .map_err(internal)?;
    written.keep();
    tx.commit().await.map_err(internal)?;
    Ok(old)
}

/// The parts that are there, so that a client can go on where it stopped.
pub(super) async fn list(store: &Store, i: ListPartsInput) -> S3Result<ListPartsOutput> {
    upload(store, &i.upload_id, &i.bucket, &i.key).await?;
    let parts =
        sqlx::query_as::<_, (i32, i64, String)>("SELECT number, bytes, md5 FROM part WHERE upload = ? ORDER BY number")
            .bind(&i.upload_id)
            .fetch_all(&store.reader)
            .await
            .map_err(internal)?
            .into_iter()
            .map(|(number, bytes, md5)| Part {
                part_number: Some(number),
                size: Some(bytes),
                e_tag: Some(ETag::Strong(md5)),
                ..Default::default()
            })
            .collect();
    Ok(ListPartsOutput {
        bucket: Some(i.bucket),
        key: Some(i.key),
        upload_id: Some(i.upload_id),
        is_truncated: Some(false),
        parts: Some(parts),
        ..Default::default()
    })
}

/// Joins the parts to one object.
pub(super) async fn complete(
    store: &Store,
    i: CompleteMultipartUploadInput,
) -> S3Result<CompleteMultipartUploadOutput> {
    let (content_type, metadata) = upload(store, &i.upload_id, &i.bucket, &i.key).await?;
    let named =
        i.multipart_upload.and_then(|m| m.parts).filter(|p| !p.is_empty()).ok_or_else(|| s3_error!(InvalidPart))?;
    let (blobs, etag) = chosen(store, &i.upload_id, &named).await?;
    let pieces = stream::iter(blobs).then(|path| async move {
        tokio::fs::File::open(path).await.map(|f| ReaderStream::with_capacity(f, PIECE_BYTES))
    });
    let written = store.write(Box::pin(pieces.try_flatten()), Wanted::default()).await?;
    let description = Description {
        bucket: i.bucket.clone(),
        key: i.key.clone(),
        etag: etag.clone(),
        content_type,
        metadata,
        only_new: i.if_none_match.is_some(),
    };
    store.publish(written, description).await?;
    forget(store, &i.upload_id).await?;
    Ok(CompleteMultipartUploadOutput {
        bucket: Some(i.bucket),
        key: Some(i.key),
        e_tag: Some(ETag::Strong(etag)),
        ..Default::default()
    })
}

/// The blobs of the named parts in order, and the etag of the whole: the MD5 of the parts' MD5s and how many there are.
async fn chosen(store: &Store, id: &str, named: &[CompletedPart]) -> S3Result<(Vec<PathBuf>, String)> {
    let (mut blobs, mut all, mut last) = (Vec::with_capacity(named.len()), Md5::new(), 0);
    for (index, part) in named.iter().enumerate() {
        let number = part.part_number.ok_or_else(|| s3_error!(InvalidPart))?;
        if number <= last {
            return Err(s3_error!(InvalidPartOrder));
        }
        last = number;
        let (blob, bytes, md5): (String, i64, String) =
            sqlx::query_as("SELECT blob, bytes, md5 FROM part WHERE upload = ? AND number = ?")
                .bind(id)
                .bind(number)
                .fetch_optional(&store.reader)
                .await
                .map_err(internal)?
                .ok_or_else(|| s3_error!(InvalidPart))?;
        if part.e_tag.as_ref().is_some_and(|etag| etag.value() != md5) {
            return Err(s3_error!(InvalidPart));
        }
        if index + 1 < named.len() && bytes < PART_BYTES_MIN {
            return Err(s3_error!(EntityTooSmall));
        }
        all.update(hex::decode(&md5).map_err(internal)?);
        blobs.push(store.path(&blob));
    }
    Ok((blobs, format!("{}-{}", hex::encode(all.finalize()), named.len())))
}

/// Forgets an upload and its parts.
pub(super) async fn forget(store: &Store, id: &str) -> S3Result<()> {
    let mut tx = store.writer.begin_with("BEGIN IMMEDIATE").await.map_err(internal)?;
    let blobs: Vec<String> = sqlx::query_scalar("DELETE FROM part WHERE upload = ? RETURNING blob")
        .bind(id)
        .fetch_all(&mut *tx)
        .await
        .map_err(internal)?;
    sqlx::query("DELETE FROM upload WHERE id = ?").bind(id).execute(&mut *tx).await.map_err(internal)?;
    tx.commit().await.map_err(internal)?;
    for blob in blobs {
        let _ = tokio::fs::remove_file(store.path(&blob)).await;
    }
    Ok(())
}

/// The media type and metadata of an upload that is under way for just this object.
async fn upload(store: &Store, id: &str, bucket: &str, key: &str) -> S3Result<(Option<String>, String)> {
    let row = sqlx::query("SELECT content_type, metadata FROM upload WHERE id = ? AND bucket = ? AND key = ?")
        .bind(id)
        .bind(bucket)
        .bind(key)
        .fetch_optional(&store.reader)
        .await
        .map_err(internal)?
        .ok_or_else(|| s3_error!(NoSuchUpload))?;
    Ok((row.try_get(0).map_err(internal)?, row.try_get(1).map_err(internal)?))
}
