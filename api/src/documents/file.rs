//! A file as the areas that own it are told of it, each of which shows it in its own form.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::owner::Owner;
use super::refusal;
use super::store::{self, Row, STATE_AWAITING, STATE_READY};
use super::view::RefusalView;
use crate::error::Result;
use crate::platform::db::{ActorKind, TenantTx};
use crate::platform::outside::storage::Presigned;

/// One version of one item.
#[derive(Debug)]
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// The item it belongs to.
    pub item_key: String,
    /// Its number among the item's files, from 1 in the order in which they were begun.
    pub version_no: i32,
    /// `awaiting`, `ready`, `rejected`, `abandoned` or `removed`.
    pub state: String,
    /// Its name; empty where it is forgotten.
    pub file_name: String,
    /// What it is: by its content once it is ready, as declared before.
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of its content in hexadecimal digits, once it is ready and as long as it is kept.
    pub sha256: Option<String>,
    /// Why it was rejected.
    pub refusal: Option<RefusalView>,
    /// Who began the upload: the stored word of an [`ActorKind`], and their id.
    pub uploaded_by: (String, Uuid),
    /// Since when something rests on it, of a machine's files; nothing of an application's, whose submissions name theirs.
    pub relied_on_at: Option<DateTime<Utc>>,
    /// When the upload was begun.
    pub created_at: DateTime<Utc>,
    /// When its checks ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Its version.
    pub version: i64,
}

/// A file that waits for its content, and the request that can bring it.
#[derive(Debug)]
pub struct Sending {
    /// The file.
    pub file: File,
    /// The request.
    pub request: Presigned,
    /// Until when it may be begun.
    pub expires_at: DateTime<Utc>,
}

impl File {
    /// What a row says.
    pub(super) fn of(tx: &TenantTx, owner: Owner<'_>, row: &Row) -> Result<Self> {
        let has_content = row.state == STATE_READY || store::is_kept(row);
        let refused = |code: &str| refusal::view(code, owner.takes(&row.item_key).as_ref());
        Ok(Self {
            id: row.id,
            item_key: row.item_key.clone(),
            version_no: row.version_no,
            state: row.state.clone(),
            file_name: store::file_name(tx, row)?,
            media_type: row.media_type.clone().unwrap_or_else(|| row.declared_type.clone()),
            bytes: row.declared_bytes,
            sha256: row.sha256.as_ref().filter(|_| has_content).map(hex::encode),
            refusal: row.refusal.as_deref().map(refused),
            uploaded_by: (row.uploaded_by_kind.clone(), row.uploaded_by),
            relied_on_at: row.relied_on_at,
            created_at: row.created_at,
            finished_at: row.finished_at,
            version: row.version,
        })
    }

    /// Whether it waits for its content.
    pub fn is_awaiting(&self) -> bool {
        self.state == STATE_AWAITING
    }

    /// Whether it passed its checks and is there.
    pub fn is_ready(&self) -> bool {
        self.state == STATE_READY
    }

    /// Whether its content can be read by whoever also sees what was taken away.
    pub fn has_content(&self) -> bool {
        self.sha256.is_some()
    }

    /// Whether it was taken away, or never came.
    pub fn is_gone(&self) -> bool {
        matches!(self.state.as_str(), store::STATE_REMOVED | store::STATE_ABANDONED)
    }

    /// Whether somebody of a kind began its upload.
    pub fn is_by(&self, kind: ActorKind) -> bool {
        self.uploaded_by.0 == kind.key()
    }
}
