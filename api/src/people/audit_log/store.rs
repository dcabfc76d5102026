//! This folder's SQL: reading the audit chain.

use entity::audit_entries::{Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::audit;
use crate::platform::db::TenantTx;

pub(super) use entity::audit_entries::Model as EntryRow;

/// What the list is narrowed by.
pub(super) struct Narrow<'a> {
    pub before: Option<i64>,
    pub action: Option<&'a str>,
    pub object: Option<Uuid>,
    pub limit: u64,
}

/// Entries with their opened details, the latest first.
pub(super) async fn page(tx: &TenantTx, narrow: &Narrow<'_>) -> Result<Vec<(EntryRow, Option<serde_json::Value>)>> {
    let mut query = tx.all::<Entity>().order_by_desc(Column::Seq).limit(narrow.limit);
    if let Some(before) = narrow.before {
        query = query.filter(Column::Seq.lt(before));
    }
    if let Some(action) = narrow.action {
        query = query.filter(Column::Action.eq(action));
    }
    if let Some(object) = narrow.object {
        query = query.filter(Column::Object.eq(object));
    }
    let rows = query.all(tx.raw()).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let detail = audit::open_detail(tx, &row);
            (row, detail)
        })
        .collect())
}
