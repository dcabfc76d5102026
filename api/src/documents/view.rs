//! What this area shows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::file::{File, Sending};
use crate::platform::outside::storage::Presigned;

/// One version of one item of the checklist.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its id.
    #[schema(example = "doc_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The checklist item it belongs to.
    #[schema(example = "business_licence")]
    pub item_key: String,
    /// Its number among the item's files, from 1 in the order in which they were begun.
    #[schema(example = 1, minimum = 1)]
    pub version_no: i32,
    /// `awaiting`: not arrived or not checked; `ready`: can be read; `rejected`: see `refusal`; `removed`: taken away; staff
    /// can still read it while `sha256` is there, since it had been submitted.
    #[schema(example = "ready")]
    pub state: String,
    /// The file's name as the uploader knows it; empty where the file is gone and its name is forgotten.
    #[schema(example = "营业执照.pdf", max_length = 120)]
    pub file_name: String,
    /// What it is: by its content once it is ready, as declared before.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size in bytes.
    #[schema(example = 183_204, minimum = 1)]
    pub bytes: i64,
    /// SHA-256 of its content in hexadecimal digits, once it is ready and as long as it is kept.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: Option<String>,
    /// Why it was rejected.
    pub refusal: Option<RefusalView>,
    /// When the upload was begun.
    pub created_at: DateTime<Utc>,
    /// When its checks ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 2, minimum = 1)]
    pub version: i64,
}

/// Why a file was rejected, and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    /// A stable word for programs.
    #[schema(example = "encrypted")]
    pub code: String,
    /// What to do, in Chinese.
    #[schema(example = "文件设有密码，无法查看，请取消密码后重新上传。")]
    pub message: String,
    /// What to do, in English.
    #[schema(example = "The file is protected by a password; remove it and upload again.")]
    pub message_en: String,
}

/// The request with which a file is uploaded: to be sent exactly as it stands, then the upload is to be finished.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    /// The document that waits for its content.
    pub document: DocumentView,
    /// The method to send.
    #[schema(example = "PUT")]
    pub method: String,
    /// Where to send the file; it works like a password until it expires.
    #[schema(example = "http://127.0.0.1:8080/zhidan-quarantine/object", format = "uri")]
    pub url: String,
    /// Headers to send with exactly these values.
    #[schema(example = json!({"content-type": "application/pdf"}))]
    pub headers: BTreeMap<String, String>,
    /// Until when the upload may be begun; afterwards ask to restart it.
    pub expires_at: DateTime<Utc>,
}

/// The request with which a file is downloaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct DownloadView {
    /// The method to send.
    #[schema(example = "GET")]
    pub method: String,
    /// Where the file is; it works like a password until it expires.
    #[schema(example = "http://127.0.0.1:8080/zhidan-documents/object", format = "uri")]
    pub url: String,
    /// Headers to send with exactly these values.
    #[schema(example = json!({}))]
    pub headers: BTreeMap<String, String>,
    /// Until when the download may be begun.
    pub expires_at: DateTime<Utc>,
}

impl From<File> for DocumentView {
    fn from(file: File) -> Self {
        Self {
            id: Id::<kind::Document>::from_uuid(file.id).to_string(),
            item_key: file.item_key,
            version_no: file.version_no,
            state: file.state,
            file_name: file.file_name,
            media_type: file.media_type,
            bytes: file.bytes,
            sha256: file.sha256,
            refusal: file.refusal,
            created_at: file.created_at,
            finished_at: file.finished_at,
            version: file.version,
        }
    }
}

impl From<Sending> for UploadView {
    fn from(sending: Sending) -> Self {
        let Presigned { method, url, headers } = sending.request;
        let (document, expires_at) = (sending.file.into(), sending.expires_at);
        Self { document, method, url, headers: headers.into_iter().collect(), expires_at }
    }
}

impl DownloadView {
    /// The request, and until when it may be begun.
    pub fn of(request: Presigned, expires_at: DateTime<Utc>) -> Self {
        let Presigned { method, url, headers } = request;
        Self { method, url, headers: headers.into_iter().collect(), expires_at }
    }
}
