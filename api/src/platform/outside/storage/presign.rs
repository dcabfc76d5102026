//! Presigned requests: what a browser or a phone is handed so that documents pass the API by.

use super::{Bucket, ObjectKey, Storage, StorageError};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

/// The longest that S3 lets a presigned request live.
const EXPIRES_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// Signed headers that every client writes itself, and that browsers do not let a script set.
const OWN_HEADERS: [&str; 2] = ["host", "content-length"];

/// A request that a client is to send exactly as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presigned {
    /// `PUT` or `GET`.
    pub method: String,
    /// The address, signature included. It is a credential until it expires, and is not to be logged.
    pub url: String,
    /// Headers that were signed and must be sent with these values. Every client writes `Host` and `Content-Length`
    /// itself; they are signed too, and not listed.
    pub headers: Vec<(String, String)>,
}

/// What a client says it is going to upload.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// Exact size; more or less is refused.
    pub content_length: u64,
    /// Media type as claimed. What it is, inspection finds out.
    pub content_type: &'a str,
    /// SHA-256 of the content, if the client knows it; other content is then refused.
    pub sha256: Option<[u8; 32]>,
    /// How long the request may be begun.
    pub expires: Duration,
}

/// How a document is to be handed out.
#[derive(Debug, Clone, Copy)]
pub struct Download<'a> {
    /// The name that it is saved under, Chinese or not.
    pub file_name: &'a str,
    /// Media type as inspected.
    pub content_type: &'a str,
    /// How long the request may be begun.
    pub expires: Duration,
}

impl Storage {
    /// A request with which a client uploads one object, into quarantine. It can be sent again until it expires, so
    /// that an interrupted upload can be tried again; an upload that did not end leaves what was there before
    /// untouched.
    pub async fn presign_put(&self, key: &ObjectKey, upload: Upload<'_>) -> Result<Presigned, StorageError> {
        self.presign_put_at(key, upload, SystemTime::now()).await
    }

    pub(super) async fn presign_put_at(
        &self,
        key: &ObjectKey,
        upload: Upload<'_>,
        now: SystemTime,
    ) -> Result<Presigned, StorageError> {
        let length = i64::try_from(upload.content_length)
            .map_err(|_| StorageError::Invalid("the content length is too large".to_owned()))?;
        let request = self
            .inner
            .signer
            .put_object()
            .bucket(self.bucket_name(Bucket::Quarantine))
            .key(key.to_string())
            .content_length(length)
            .content_type(upload.content_type)
            .set_checksum_sha256(upload.sha256.map(base64_of))
            .presigned(presigning(upload.expires, now)?)
            .await
            .map_err(|e| StorageError::from_sdk("sign an upload", e))?;
        Ok(shown(&request))
    }

    /// A request with which a client downloads one document, as an attachment.
    pub async fn presign_get(&self, key: &ObjectKey, download: Download<'_>) -> Result<Presigned, StorageError> {
        self.presign_get_at(key, download, SystemTime::now()).await
    }

    pub(super) async fn presign_get_at(
        &self,
        key: &ObjectKey,
        download: Download<'_>,
        now: SystemTime,
    ) -> Result<Presigned, StorageError> {
        let request = self
            .inner
            .signer
            .get_object()
            .bucket(self.bucket_name(Bucket::Documents))
            .key(key.to_string())
            .response_content_disposition(attachment(download.file_name))
            .response_content_type(download.content_type)
            .presigned(presigning(download.expires, now)?)
            .await
            .map_err(|e| StorageError::from_sdk("sign a download", e))?;
        Ok(shown(&request))
    }
}

pub(super) fn presigning(expires: Duration, now: SystemTime) -> Result<PresigningConfig, StorageError> {
    if expires.is_zero() || expires > EXPIRES_MAX {
        return Err(StorageError::Invalid("a presigned request lives from one second to seven days".to_owned()));
    }
    PresigningConfig::builder()
        .start_time(now)
        .expires_in(expires)
        .build()
        .map_err(|e| StorageError::Invalid(e.to_string()))
}

pub(super) fn shown(request: &PresignedRequest) -> Presigned {
    Presigned {
        method: request.method().to_owned(),
        url: request.uri().to_owned(),
        headers: request
            .headers()
            .filter(|(name, _)| !OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own)))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    }
}

pub(super) fn base64_of(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// `attachment` with the name twice: in ASCII for what is old, and by RFC 5987 (through RFC 6266) for everything that
/// reads Chinese.
pub fn attachment(file_name: &str) -> String {
    let name: String = file_name
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if matches!(c, '/' | '\\') { '_' } else { c })
        .take(200)
        .collect();
    let name = if name.trim_matches(['.', ' ']).is_empty() { "document".to_owned() } else { name };
    let plain: String = name.chars().map(|c| if c.is_ascii() && !matches!(c, '"' | '%') { c } else { '_' }).collect();
    let mut coded = String::new();
    for byte in name.bytes() {
        // attr-char of RFC 5987
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(coded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}
