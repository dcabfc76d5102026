//! How a socket is shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::devices::reading::Reading;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::SocketRow;
use crate::devices::readings::ReadingView;

/// A socket.
#[derive(Debug, Serialize, ToSchema)]
pub struct SocketView {
    /// Its id.
    #[schema(example = "skt_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The source that its messages come from.
    #[schema(example = "src_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub source: String,
    /// What the source is called.
    #[schema(example = "车间网关")]
    pub source_name: String,
    /// The device, as the source names it.
    #[schema(example = "tasmota_4B2C11")]
    pub device: String,
    /// The channel.
    #[schema(example = 0, minimum = 0)]
    pub channel: i32,
    /// What people call it.
    #[schema(example = "一号车间东墙")]
    pub label: Option<String>,
    /// What it said last.
    pub last: Option<ReadingView>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was put on record.
    pub created_at: DateTime<Utc>,
}

impl SocketView {
    pub(super) fn of(row: &SocketRow, names: &HashMap<Uuid, String>, last: Option<&Reading>) -> Self {
        Self {
            id: Id::<kind::Socket>::from_uuid(row.id).to_string(),
            source: Id::<kind::Source>::from_uuid(row.source_id).to_string(),
            source_name: names.get(&row.source_id).cloned().unwrap_or_default(),
            device: row.device.clone(),
            channel: row.channel,
            label: row.label.clone(),
            last: last.map(ReadingView::of),
            version: row.version,
            created_at: row.created_at,
        }
    }
}

/// What the audit chain keeps of a socket.
pub(super) fn for_audit(row: &SocketRow) -> serde_json::Value {
    let source = Id::<kind::Source>::from_uuid(row.source_id);
    serde_json::json!({ "source": source, "device": row.device, "channel": row.channel, "label": row.label })
}
