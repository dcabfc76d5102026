//! Readings that are older than the firm keeps them.

use chrono::Duration;
use sea_orm::{ConnectionTrait, Statement};

use crate::error::Result;
use crate::platform::db::TenantTx;

/// Removes at most `rows_max` readings older than so many days; says how many. Rows are named by their key, since one of many
/// partitions has no place that is a row's alone, and sought by socket, for which there is an index.
///
/// # Errors
/// If the database fails.
pub async fn purge_readings(tx: &TenantTx, days: i64, rows_max: u64) -> Result<u64> {
    const KEY: &str = "socket_id, at_us, sequence, content";
    let sql = format!(
        "DELETE FROM readings WHERE tenant_id = $1 AND at_us < $2 AND ({KEY}) IN (SELECT {KEY} FROM readings \
         WHERE tenant_id = $1 AND at_us < $2 AND socket_id IN (SELECT id FROM sockets WHERE tenant_id = $1) LIMIT $3)"
    );
    let before = (tx.now() - Duration::days(days)).timestamp_micros();
    let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
    let values = [tx.tenant().into(), before.into(), rows_max.into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected())
}
