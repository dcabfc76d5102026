//! The ledger's entries, and the rows that they change.

use entity::{limit_entries as entries, limits};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Entry, LimitRow};
use crate::error::Result;
use crate::platform::db::{TenantTx, Together};
use crate::platform::http::Cursor;

/// Where reasons are sealed.
pub(in crate::limits) const REASON: &str = "limit_entries.reason";
/// Where documents are sealed: people write names into their numbers.
pub(in crate::limits) const DOCUMENT: &str = "limit_entries.document";
/// Where the labels of parts are sealed.
pub(in crate::limits) const LABEL: &str = "limits.label";

/// What people call a part.
pub(in crate::limits) fn label(tx: &TenantTx, row: &LimitRow) -> Result<Option<String>> {
    row.label_sealed.as_deref().map(|sealed| tx.open(LABEL, row.id, sealed)).transpose()
}

/// Under which document an entry was written.
pub(in crate::limits) fn document(tx: &TenantTx, row: &Entry) -> Result<Option<String>> {
    row.document_sealed.as_deref().map(|sealed| tx.open(DOCUMENT, row.id, sealed)).transpose()
}

/// Adds a limit or part.
pub(in crate::limits) fn add_limit(written: Together, row: LimitRow) -> Together {
    written.insert::<_, limits::ActiveModel>(row)
}

/// Writes what entries change of a limit that was locked.
pub(in crate::limits) fn change_limit(written: Together, row: &LimitRow) -> Result<Together> {
    written.update(limits::ActiveModel {
        id: Set(row.id),
        granted_fen: Set(row.granted_fen),
        allocated_fen: Set(row.allocated_fen),
        reserved_fen: Set(row.reserved_fen),
        drawn_fen: Set(row.drawn_fen),
        spent_fen: Set(row.spent_fen),
        state: Set(row.state.clone()),
        entries: Set(row.entries),
        version: Set(row.version),
        updated_at: Set(row.updated_at),
        ..Default::default()
    })
}

/// Adds the entries of one operation.
pub(in crate::limits) fn add(written: Together, rows: Vec<Entry>) -> Together {
    written.insert_all::<_, entries::ActiveModel>(rows)
}

/// What one operation wrote, in its order.
pub(in crate::limits) async fn of_operation(tx: &TenantTx, operation: Uuid) -> Result<Vec<Entry>> {
    let rows = tx.all::<entries::Entity>().filter(entries::Column::OperationId.eq(operation));
    Ok(rows.order_by_asc(entries::Column::Id).all(tx.raw()).await?)
}

/// Which of some entries were taken back.
pub(in crate::limits) async fn corrected(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let found = tx.all::<entries::Entity>().select_only().column(entries::Column::CorrectsId);
    let found = found.filter(entries::Column::CorrectsId.is_in(ids.iter().copied()));
    let found: Vec<Option<Uuid>> = found.into_tuple().all(tx.raw()).await?;
    Ok(found.into_iter().flatten().collect())
}

/// A page of a limit's entries, the newest first.
pub(in crate::limits) async fn page(tx: &TenantTx, limit: Uuid, cursor: Cursor) -> Result<Vec<Entry>> {
    let mut rows = tx.all::<entries::Entity>().filter(entries::Column::LimitId.eq(limit));
    if let Some(after) = cursor.after {
        rows = rows.filter(entries::Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(entries::Column::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}
