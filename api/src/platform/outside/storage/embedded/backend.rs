//! The operations of S3 that the product uses, over the store. Everything else is answered `NotImplemented` by the
//! trait.

use super::{
    blob::{PIECE_BYTES, Wanted},
    multipart,
    store::{Description, Row, Store, internal, row_of},
};
use s3s::{S3, S3Request, S3Response, S3Result, dto::*, s3_error};
use std::{
    collections::HashMap,
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// The longest page of a listing.
const LIST_MAX: i32 = 1000;

/// The store with the face of S3.
pub(super) struct Backend(pub(super) Arc<Store>);

#[async_trait::async_trait]
impl S3 for Backend {
    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.0.known(&req.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(&self, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let i = req.input;
        self.0.known(&i.bucket)?;
        if i.if_match.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        let checksum = Checksum {
            checksum_crc32: i.checksum_crc32,
            checksum_crc32c: i.checksum_crc32c,
            checksum_crc64nvme: i.checksum_crc64nvme,
            checksum_sha1: i.checksum_sha1,
            checksum_sha256: i.checksum_sha256,
            checksum_type: None,
        };
        let only_new = i.if_none_match.as_ref().is_some_and(ETagCondition::is_any);
        let body = i.body.ok_or_else(|| s3_error!(IncompleteBody))?;
        let written = self.0.write(body, Wanted { checksum, md5: i.content_md5 }).await?;
        let (etag, crc32) = (hex::encode(written.md5), written.crc32.clone());
        let metadata = metadata_text(i.metadata)?;
        let description = Description {
            bucket: i.bucket,
            key: i.key,
            etag: etag.clone(),
            content_type: i.content_type,
            metadata,
            only_new,
        };
        self.0.publish(written, description).await?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(ETag::Strong(etag)),
            checksum_crc32: Some(crc32),
            ..Default::default()
        }))
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let i = req.input;
        let (row, mut file) = self.0.open_object(&i.bucket, &i.key).await?;
        unchanged(i.if_match.as_ref(), &row.etag)?;
        let bytes = u64::try_from(row.bytes).map_err(internal)?;
        let (start, length, content_range) = match i.range {
            None => (0, bytes, None),
            Some(range) => {
                let r = range.check(bytes)?;
                (r.start, r.end - r.start, Some(format!("bytes {}-{}/{bytes}", r.start, r.end.saturating_sub(1))))
            }
        };
        if start > 0 {
            file.seek(io::SeekFrom::Start(start)).await.map_err(internal)?;
        }
        let metadata = metadata_of(&row)?;
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(ReaderStream::with_capacity(file.take(length), PIECE_BYTES))),
            content_length: Some(i64::try_from(length).map_err(internal)?),
            content_range,
            content_type: row.content_type,
            e_tag: Some(ETag::Strong(row.etag)),
            last_modified: Some(time_of(row.modified)),
            metadata: Some(metadata),
            accept_ranges: Some("bytes".to_owned()),
            ..Default::default()
        }))
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let row = self.0.row(&req.input.bucket, &req.input.key).await?;
        unchanged(req.input.if_match.as_ref(), &row.etag)?;
        let metadata = metadata_of(&row)?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: Some(row.bytes),
            content_type: row.content_type,
            e_tag: Some(ETag::Strong(row.etag)),
            last_modified: Some(time_of(row.modified)),
            metadata: Some(metadata),
            accept_ranges: Some("bytes".to_owned()),
            ..Default::default()
        }))
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.0.remove(&req.input.bucket, &req.input.key).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn copy_object(&self, req: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let i = req.input;
        let CopySource::Bucket { bucket, key, version_id: None } = &i.copy_source else {
            return Err(s3_error!(NotImplemented));
        };
        self.0.known(&i.bucket)?;
        let (row, file) = self.0.open_object(bucket, key).await?;
        unchanged(i.copy_source_if_match.as_ref(), &row.etag)?;
        // the checksum that was kept is demanded again: what went bad on the disk is not passed on as good
        let checksum = Checksum { checksum_crc32: Some(row.crc32.clone()), ..Default::default() };
        let written =
            self.0.write(ReaderStream::with_capacity(file, PIECE_BYTES), Wanted { checksum, md5: None }).await?;
        let replace = i.metadata_directive.is_some_and(|d| d.as_str() == MetadataDirective::REPLACE);
        let (content_type, metadata) =
            if replace { (i.content_type, metadata_text(i.metadata)?) } else { (row.content_type, row.metadata) };
        let description = Description {
            bucket: i.bucket,
            key: i.key,
            etag: row.etag.clone(),
            content_type,
            metadata,
            only_new: false,
        };
        self.0.publish(written, description).await?;
        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(row.etag)),
            last_modified: Some(Timestamp::from(SystemTime::now())),
            ..Default::default()
        };
        Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(result), ..Default::default() }))
    }

    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        let i = req.input;
        self.0.known(&i.bucket)?;
        if i.delimiter.as_deref().is_some_and(|d| !d.is_empty()) {
            return Err(s3_error!(NotImplemented, "listing with a delimiter is not supported"));
        }
        let max = i.max_keys.unwrap_or(LIST_MAX).clamp(0, LIST_MAX);
        let after = i.continuation_token.clone().or(i.start_after.clone()).unwrap_or_default();
        let mut rows = sqlx::query(
            "SELECT key, blob, bytes, etag, content_type, metadata, crc32, modified FROM object \
             WHERE bucket = ?1 AND key > ?2 AND key >= ?3 AND key < ?3 || char(1114111) ORDER BY key LIMIT ?4",
        )
        .bind(&i.bucket)
        .bind(&after)
        .bind(i.prefix.as_deref().unwrap_or_default())
        .bind(i64::from(max) + 1)
        .fetch_all(&self.0.reader)
        .await
        .map_err(internal)?
        .iter()
        .map(row_of)
        .collect::<S3Result<Vec<Row>>>()?;
        let page = usize::try_from(max).map_err(internal)?;
        let truncated = rows.len() > page;
        rows.truncate(page);
        let next = rows.last().filter(|_| truncated).map(|row| row.key.clone());
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(i.bucket),
            prefix: i.prefix,
            max_keys: Some(max),
            key_count: i32::try_from(rows.len()).ok(),
            is_truncated: Some(truncated),
            next_continuation_token: next,
            contents: Some(rows.into_iter().map(listed).collect()),
            ..Default::default()
        }))
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        multipart::create(&self.0, req.input).await.map(S3Response::new)
    }

    async fn upload_part(&self, req: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        multipart::put(&self.0, req.input).await.map(S3Response::new)
    }

    async fn list_parts(&self, req: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        multipart::list(&self.0, req.input).await.map(S3Response::new)
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        multipart::complete(&self.0, req.input).await.map(S3Response::new)
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        multipart::forget(&self.0, &req.input.upload_id).await?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

/// Refuses if the object is no longer the one that the caller means.
fn unchanged(condition: Option<&ETagCondition>, etag: &str) -> S3Result<()> {
    match condition {
        Some(ETagCondition::ETag(wanted)) if wanted.value() != etag => Err(s3_error!(PreconditionFailed)),
        _ => Ok(()),
    }
}

fn listed(row: Row) -> Object {
    Object {
        key: Some(row.key),
        size: Some(row.bytes),
        e_tag: Some(ETag::Strong(row.etag)),
        last_modified: Some(time_of(row.modified)),
        ..Default::default()
    }
}

pub(super) fn metadata_text(metadata: Option<Metadata>) -> S3Result<String> {
    serde_json::to_string(&metadata.unwrap_or_default()).map_err(internal)
}

fn metadata_of(row: &Row) -> S3Result<Metadata> {
    serde_json::from_str::<HashMap<String, String>>(&row.metadata).map_err(internal)
}

fn time_of(unix_s: i64) -> Timestamp {
    Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(unix_s).unwrap_or(0)))
}
