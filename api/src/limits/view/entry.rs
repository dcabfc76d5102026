//! An entry of the ledger.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::kind;
use domain::limits::posting::EntryKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::{id_of, say};
use crate::error::{Language, Result};
use crate::limits::store::{Entry, entries, rows};
use crate::platform::db::TenantTx;

/// One entry of the ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Its id.
    #[schema(example = "len_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The operation that wrote it, by which it is taken back.
    #[schema(example = "lop_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub operation: String,
    /// On which limit.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub limit: String,
    /// The how-manieth of that limit.
    #[schema(example = 3, minimum = 1)]
    pub seq: i64,
    /// What it records.
    #[schema(example = "drawn")]
    pub kind: String,
    /// The same in words.
    #[schema(example = "用款")]
    pub kind_label: String,
    /// What it adds to each column, in fen.
    pub adds: Columns,
    /// The columns after it.
    pub after: Columns,
    /// The reservation that it is about.
    #[schema(example = "rsv_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub reservation: Option<String>,
    /// The drawdown that it is about.
    #[schema(example = "drw_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub drawdown: Option<String>,
    /// The entry that it takes back.
    #[schema(example = "len_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub corrects: Option<String>,
    /// Why.
    #[schema(example = "银行放款")]
    pub reason: String,
    /// Under which document.
    #[schema(example = "放款通知书-2026-001")]
    pub document: Option<String>,
    /// `staff`, `applicant` or `system`.
    #[schema(example = "staff")]
    pub actor_kind: String,
    /// The member of staff; null for others.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub actor: Option<String>,
    /// The business date.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
}

/// The columns of a limit, in fen.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Columns {
    /// What may be used in all.
    #[schema(example = 0)]
    pub granted_fen: i64,
    /// What is handed to parts.
    #[schema(example = 0)]
    pub allocated_fen: i64,
    /// What is set aside.
    #[schema(example = -2_000_000)]
    pub reserved_fen: i64,
    /// What is drawn.
    #[schema(example = 2_000_000)]
    pub drawn_fen: i64,
    /// What is spent.
    #[schema(example = 0)]
    pub spent_fen: i64,
}

impl EntryView {
    pub(in crate::limits) fn of(tx: &TenantTx, row: &Entry, language: Language) -> Result<Self> {
        let kind: EntryKind = rows::kind(&row.kind)?;
        Ok(Self {
            id: id_of::<kind::LimitEntry>(row.id),
            operation: id_of::<kind::LimitOperation>(row.operation_id),
            limit: id_of::<kind::Limit>(row.limit_id),
            seq: row.seq,
            kind: row.kind.clone(),
            kind_label: say(&kind.words(), language),
            adds: Columns {
                granted_fen: row.granted_fen,
                allocated_fen: row.allocated_fen,
                reserved_fen: row.reserved_fen,
                drawn_fen: row.drawn_fen,
                spent_fen: row.spent_fen,
            },
            after: Columns {
                granted_fen: row.granted_after_fen,
                allocated_fen: row.allocated_after_fen,
                reserved_fen: row.reserved_after_fen,
                drawn_fen: row.drawn_after_fen,
                spent_fen: row.spent_after_fen,
            },
            reservation: row.reservation_id.map(id_of::<kind::Reservation>),
            drawdown: row.drawdown_id.map(id_of::<kind::Drawdown>),
            corrects: row.corrects_id.map(id_of::<kind::LimitEntry>),
            reason: tx.open(entries::REASON, row.id, &row.reason_sealed)?,
            document: entries::document(tx, row)?,
            actor_kind: row.actor_kind.clone(),
            actor: (row.actor_kind == "staff").then(|| id_of::<kind::Staff>(row.actor_id)),
            day: row.day,
            at: row.at,
        })
    }
}
