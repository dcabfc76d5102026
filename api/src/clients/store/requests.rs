//! What clients asked of late.

use entity::client_requests as table;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::clients::gate::Line;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::clients) use table::Model as RequestRow;

/// Writes some down.
pub(in crate::clients) async fn add(tx: &TenantTx, lines: &[Line]) -> Result<()> {
    let row = |line: &Line| RequestRow {
        tenant_id: tx.tenant(),
        id: line.id,
        client_id: line.client,
        at: line.at,
        method: line.method.clone(),
        route: line.route.clone(),
        status: i32::from(line.status),
        code: line.code.map(str::to_owned),
        request_id: line.request_id.clone(),
        took_ms: line.took_ms,
    };
    tx.insert_all::<_, table::ActiveModel>(lines.iter().map(row).collect()).await
}

/// A page of what a client asked, the latest first.
pub(in crate::clients) async fn page(tx: &TenantTx, client: Uuid, at: Cursor) -> Result<Vec<RequestRow>> {
    let mut rows = tx.all::<table::Entity>().filter(table::Column::ClientId.eq(client));
    if let Some(after) = at.after {
        rows = rows.filter(table::Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(table::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}
