//! How a channel and its people are shown.

use chrono::{DateTime, Utc};
use domain::customers::ChannelKind;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::ChannelRow;
use crate::customers::words::{ChannelKindWord, ColleagueBrief, say};
use crate::error::{Code, Error, Language, Result};

/// A channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelView {
    /// Its id.
    #[schema(example = "chn_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its name.
    #[schema(example = "示例合作银行")]
    pub name: String,
    /// Branch, bank or partner.
    pub kind: ChannelKindWord,
    /// The same in words.
    #[schema(example = "银行")]
    pub kind_label: String,
    /// Whether it works.
    pub active: bool,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Somebody of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelMemberView {
    /// Who.
    pub staff: ColleagueBrief,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl ChannelView {
    pub(super) fn of(row: &ChannelRow, language: Language) -> Result<Self> {
        let kind = ChannelKind::from_code(&row.kind).ok_or_else(|| Error::new(Code::Internal))?;
        Ok(Self {
            id: Id::<kind::Channel>::from_uuid(row.id).to_string(),
            name: row.name.clone(),
            kind: ChannelKindWord(kind),
            kind_label: say(&kind.words(), language),
            active: row.active,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

/// What the audit chain keeps of a channel.
pub(super) fn for_audit(row: &ChannelRow) -> serde_json::Value {
    serde_json::json!({ "name": row.name, "kind": row.kind, "active": row.active })
}
