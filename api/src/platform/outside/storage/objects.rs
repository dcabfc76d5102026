//! What the server itself does with objects.

use super::{Bucket, ObjectKey, Storage, StorageError};
use aws_sdk_s3::{primitives::ByteStream, types::MetadataDirective};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use std::{
    io,
    pin::Pin,
    time::{Duration, SystemTime},
};

/// Where the hash of an inspected object is kept beside it, so that a promotion can tell that it already happened.
const SHA256: &str = "sha256";

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectHead {
    /// Size in bytes.
    pub bytes: u64,
    /// Names this content; it changes when the object is overwritten.
    pub etag: String,
    /// Media type as stored, in quarantine only a claim.
    pub content_type: Option<String>,
    /// SHA-256 in hex, once the object was promoted.
    pub sha256: Option<String>,
    /// When it was written.
    pub modified: SystemTime,
}

/// An object that is read piece by piece.
pub struct Object {
    /// What it is.
    pub head: ObjectHead,
    /// Its content.
    pub stream: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
}

/// What inspection found out about an object in quarantine.
#[derive(Debug, Clone, Copy)]
pub struct Inspection<'a> {
    /// The etag that came with the bytes that were inspected.
    pub etag: &'a str,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Their media type.
    pub content_type: &'a str,
}

/// What a promotion did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promoted {
    /// The document was moved now.
    Moved,
    /// The same document had been moved before.
    Already,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The key as stored; one that [`ObjectKey`] cannot read was put there by somebody else.
    pub key: String,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was written.
    pub modified: SystemTime,
}

impl Storage {
    /// What is known of an object.
    pub async fn head(&self, bucket: Bucket, key: &ObjectKey) -> Result<ObjectHead, StorageError> {
        let out = self.inner.client.head_object().bucket(self.bucket_name(bucket)).key(key.to_string()).send().await;
        let out = out.map_err(|e| StorageError::from_sdk("look at an object", e))?;
        Ok(ObjectHead {
            bytes: unsigned(out.content_length()),
            etag: out.e_tag().unwrap_or_default().to_owned(),
            content_type: out.content_type().map(str::to_owned),
            sha256: out.metadata().and_then(|m| m.get(SHA256)).cloned(),
            modified: time_of(out.last_modified()),
        })
    }

    /// An object, read piece by piece: for what is handed on and need not be in memory at once.
    pub async fn get_stream(&self, bucket: Bucket, key: &ObjectKey) -> Result<Object, StorageError> {
        let (head, body) = self.open(bucket, key).await?;
        let stream = stream::try_unfold(body, |mut body| async move {
            match body.next().await {
                None => Ok(None),
                Some(Ok(piece)) => Ok(Some((piece, body))),
                Some(Err(e)) => Err(io::Error::other(e)),
            }
        });
        Ok(Object { head, stream: Box::pin(stream) })
    }

    /// An object as a whole, if it is no larger than `limit_bytes`: the size is not believed but counted.
    pub async fn get_bytes(
        &self,
        bucket: Bucket,
        key: &ObjectKey,
        limit_bytes: u64,
    ) -> Result<(ObjectHead, Bytes), StorageError> {
        let (head, mut body) = self.open(bucket, key).await?;
        if head.bytes > limit_bytes {
            return Err(StorageError::TooLarge { limit_bytes });
        }
        let mut all = BytesMut::new();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|e| StorageError::unavailable("read an object", e))?;
            if (all.len() as u64).saturating_add(piece.len() as u64) > limit_bytes {
                return Err(StorageError::TooLarge { limit_bytes });
            }
            all.extend_from_slice(&piece);
        }
        if all.len() as u64 != head.bytes {
            return Err(StorageError::unavailable("read an object", "it ended early"));
        }
        Ok((head, all.freeze()))
    }

    async fn open(&self, bucket: Bucket, key: &ObjectKey) -> Result<(ObjectHead, ByteStream), StorageError> {
        let out = self.inner.client.get_object().bucket(self.bucket_name(bucket)).key(key.to_string()).send().await;
        let out = out.map_err(|e| StorageError::from_sdk("read an object", e))?;
        let head = ObjectHead {
            bytes: unsigned(out.content_length()),
            etag: out.e_tag().unwrap_or_default().to_owned(),
            content_type: out.content_type().map(str::to_owned),
            sha256: out.metadata().and_then(|m| m.get(SHA256)).cloned(),
            modified: time_of(out.last_modified()),
        };
        Ok((head, out.body))
    }

    /// Stores an object that the server itself made. Answers its etag.
    pub async fn put_bytes(
        &self,
        bucket: Bucket,
        key: &ObjectKey,
        content_type: &str,
        bytes: Bytes,
    ) -> Result<String, StorageError> {
        let put = self
            .inner
            .client
            .put_object()
            .bucket(self.bucket_name(bucket))
            .key(key.to_string())
            .content_type(content_type);
        let out =
            put.body(ByteStream::from(bytes)).send().await.map_err(|e| StorageError::from_sdk("store an object", e))?;
        Ok(out.e_tag().unwrap_or_default().to_owned())
    }

    /// Stores an object as it was in another storage, what was noted of it included.
    pub async fn put_again(
        &self,
        bucket: Bucket,
        key: &ObjectKey,
        content_type: Option<&str>,
        inspected_sha256: Option<&str>,
        bytes: Bytes,
    ) -> Result<(), StorageError> {
        let mut put = self.inner.client.put_object().bucket(self.bucket_name(bucket)).key(key.to_string());
        put = put.set_content_type(content_type.map(str::to_owned));
        if let Some(sha256) = inspected_sha256 {
            put = put.metadata(SHA256, sha256);
        }
        let done = put.body(ByteStream::from(bytes)).send().await;
        done.map_err(|e| StorageError::from_sdk("store an object", e)).map(|_| ())
    }

    /// Moves an inspected object from quarantine to the documents, under the same key.
    ///
    /// The upload's address stays valid after the upload, so the object may be another by now: only the content that
    /// carries the inspected etag is moved, anything else is [`StorageError::Changed`]. Calling it again, also after a
    /// crash anywhere between, ends in the same state.
    pub async fn promote(&self, key: &ObjectKey, inspection: Inspection<'_>) -> Result<Promoted, StorageError> {
        let sha256 = hex::encode(inspection.sha256);
        match self.head(Bucket::Documents, key).await {
            Ok(there) if there.sha256.as_deref() == Some(sha256.as_str()) => {
                self.delete(Bucket::Quarantine, key).await?;
                return Ok(Promoted::Already);
            }
            Ok(_) | Err(StorageError::NotFound) => {}
            Err(e) => return Err(e),
        }
        let copied = self
            .inner
            .client
            .copy_object()
            .copy_source(format!("{}/{key}", self.bucket_name(Bucket::Quarantine)))
            .copy_source_if_match(inspection.etag)
            .bucket(self.bucket_name(Bucket::Documents))
            .key(key.to_string())
            .metadata_directive(MetadataDirective::Replace)
            .metadata(SHA256, sha256)
            .content_type(inspection.content_type)
            .send()
            .await;
        copied.map_err(|e| StorageError::from_sdk("promote an object", e))?;
        self.delete(Bucket::Quarantine, key).await?;
        Ok(Promoted::Moved)
    }

    /// Deletes an object. That there is none is fine.
    pub async fn delete(&self, bucket: Bucket, key: &ObjectKey) -> Result<(), StorageError> {
        self.delete_named(bucket, &key.to_string()).await
    }

    /// Deletes an object by a key from a listing, which may be one that nobody here would have written.
    pub async fn delete_named(&self, bucket: Bucket, key: &str) -> Result<(), StorageError> {
        let out = self.inner.client.delete_object().bucket(self.bucket_name(bucket)).key(key).send().await;
        out.map_err(|e| StorageError::from_sdk("delete an object", e)).map(|_| ())
    }

    /// Up to `limit` objects under `prefix` that were last written more than `age` ago, in the order of their keys:
    /// what was uploaded and never finished. An empty prefix means all tenants.
    pub async fn list_older_than(
        &self,
        bucket: Bucket,
        prefix: &str,
        age: Duration,
        limit: usize,
    ) -> Result<Vec<Stored>, StorageError> {
        let before = SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut found = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let list = self
                .inner
                .client
                .list_objects_v2()
                .bucket(self.bucket_name(bucket))
                .prefix(prefix)
                .set_continuation_token(page);
            let out = list.send().await.map_err(|e| StorageError::from_sdk("list objects", e))?;
            for object in out.contents() {
                let modified = time_of(object.last_modified());
                if let Some(key) = object.key().filter(|_| modified <= before) {
                    found.push(Stored { key: key.to_owned(), bytes: unsigned(object.size()), modified });
                }
                if found.len() >= limit {
                    return Ok(found);
                }
            }
            page = out.next_continuation_token().map(str::to_owned);
            if page.is_none() {
                return Ok(found);
            }
        }
    }

    /// Whether documents can be read and written: both buckets answer and, embedded, the disk takes a file.
    pub async fn check(&self) -> Result<(), StorageError> {
        for bucket in [Bucket::Quarantine, Bucket::Documents] {
            let out = self.inner.client.head_bucket().bucket(self.bucket_name(bucket)).send().await;
            out.map_err(|e| StorageError::unavailable("reach its buckets", aws_sdk_s3::error::DisplayErrorContext(e)))?;
        }
        match &self.inner.embedded {
            Some(s3) => s3.probe().await,
            None => Ok(()),
        }
    }
}

fn unsigned(bytes: Option<i64>) -> u64 {
    bytes.and_then(|b| u64::try_from(b).ok()).unwrap_or(0)
}

fn time_of(time: Option<&aws_sdk_s3::primitives::DateTime>) -> SystemTime {
    time.and_then(|t| SystemTime::try_from(*t).ok()).unwrap_or(SystemTime::UNIX_EPOCH)
}
