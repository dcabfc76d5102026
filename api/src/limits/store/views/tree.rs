//! A limit with all that was split off it.

use uuid::Uuid;

use super::rows_of;
use crate::error::Result;
use crate::limits::store::LimitRow;
use crate::platform::db::TenantTx;

/// Everything below a limit, what is nearest to it first; at most `rows_max`.
pub(in crate::limits) async fn below(tx: &TenantTx, id: Uuid, rows_max: i64) -> Result<Vec<LimitRow>> {
    let sql = "WITH RECURSIVE down (id) AS (\
               SELECT id FROM limits WHERE tenant_id = $1 AND parent_id = $2 \
               UNION ALL SELECT l.id FROM limits l JOIN down ON l.tenant_id = $1 AND l.parent_id = down.id) \
               SELECT * FROM limits WHERE tenant_id = $1 AND id IN (SELECT id FROM down) ORDER BY depth, id LIMIT $3";
    rows_of(tx, sql, [tx.tenant().into(), id.into(), rows_max.into()]).await
}
