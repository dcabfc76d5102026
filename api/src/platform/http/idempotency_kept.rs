//! The replies that are kept under keys, for who has to compare what callers were told with what is in the books.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use super::idempotency::PLACE;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// A reply that was kept.
#[derive(Debug)]
pub struct KeptReply {
    /// Whose key it is.
    pub principal: Uuid,
    /// The method and the address's pattern.
    pub operation: String,
    /// The key.
    pub key: String,
    /// What was answered; null where it held a secret.
    pub body: serde_json::Value,
}

#[derive(FromQueryResult)]
struct Row {
    principal: Uuid,
    operation: String,
    key: String,
    reply: Vec<u8>,
}

/// At most `rows_max` kept replies after `last`, in the order of their keys.
///
/// # Errors
/// If one cannot be opened, or the database fails.
pub async fn kept_replies(tx: &TenantTx, last: Option<&KeptReply>, rows_max: u64) -> Result<Vec<KeptReply>> {
    let sql = "SELECT principal, operation, key, reply FROM idempotency_keys \
               WHERE tenant_id = $1 AND status >= 200 AND (principal, operation, key) > ($2, $3, $4) \
               ORDER BY principal, operation, key LIMIT $5";
    let (principal, operation, key) =
        last.map_or((Uuid::nil(), "", ""), |last| (last.principal, last.operation.as_str(), last.key.as_str()));
    let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
    let values = [tx.tenant().into(), principal.into(), operation.into(), key.into(), rows_max.into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    let rows = Row::find_by_statement(statement).all(tx.raw()).await?;
    let opened = rows.into_iter().map(|row| {
        let mut kept: serde_json::Value = tx.open_json(PLACE, row.principal, &row.reply)?;
        let body = kept.get_mut("body").map(serde_json::Value::take).unwrap_or_default();
        Ok(KeptReply { principal: row.principal, operation: row.operation, key: row.key, body })
    });
    opened.collect()
}
