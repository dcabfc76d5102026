//! All rows of a tenant go, those of tables too that are only added to. It is done by the role that owns the tables; on SQLite,
//! where triggers keep such rows, without them for as long as the transaction lasts.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::reading::{literal, query, tables};
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::keys::WrappedKeys;

async fn run(tx: &TenantTx, sql: &str) -> Result<u64> {
    let statement = Statement::from_string(tx.raw().get_database_backend(), sql.to_owned());
    Ok(tx.raw().execute_raw(statement).await?.rows_affected())
}

/// Which tables refer to which.
async fn references(tx: &TenantTx) -> Result<Vec<(String, String)>> {
    let sql = if tx.is_postgres() {
        "SELECT f.relname::text AS a, t.relname::text AS b FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid \
         JOIN pg_class t ON t.oid = c.confrelid WHERE c.contype = 'f' AND f.relname <> t.relname"
    } else {
        "SELECT m.name AS a, f.\"table\" AS b FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' AND m.name <> f.\"table\""
    };
    let pair = |row: &QueryResult| Ok((row.try_get("", "a")?, row.try_get("", "b")?));
    query(tx, sql.to_owned()).await?.iter().map(pair).collect()
}

/// The tables in an order in which each stands before those that it refers to.
async fn ordered(tx: &TenantTx) -> Result<Vec<String>> {
    let mut left: BTreeSet<String> = tables(tx).await?.into_iter().collect();
    let pairs = references(tx).await?;
    let mut order = vec![];
    while !left.is_empty() {
        let is_free = |table: &&String| !pairs.iter().any(|(a, b)| b == *table && left.contains(a));
        let free: Vec<String> = left.iter().filter(is_free).cloned().collect();
        // a circle cannot be, since the schema was made table by table; were there one, the database would refuse
        let next = if free.is_empty() { left.iter().cloned().collect() } else { free };
        for table in next {
            left.remove(&table);
            order.push(table);
        }
    }
    Ok(order)
}

/// Removes every row of the transaction's tenant; says how many of each table.
pub(in crate::privacy) async fn remove_all(tx: &TenantTx) -> Result<BTreeMap<String, u64>> {
    let mut triggers: Vec<(String, String)> = vec![];
    if !tx.is_postgres() {
        let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'";
        for row in query(tx, sql.to_owned()).await? {
            triggers.push((row.try_get("", "name")?, row.try_get("", "sql")?));
        }
        for (name, _) in &triggers {
            run(tx, &format!("DROP TRIGGER \"{name}\"")).await?;
        }
    }
    let tenant = literal(tx, Some(tx.tenant()));
    let mut gone = BTreeMap::new();
    for table in ordered(tx).await? {
        // that the tenant's access tokens do not count goes on being said: some live a little longer than it
        let but = if table == "revocations" { format!(" AND subject <> {tenant}") } else { String::new() };
        let rows = run(tx, &format!("DELETE FROM {table} WHERE tenant_id = {tenant}{but}")).await?;
        gone.insert(table, rows);
    }
    for (_, sql) in &triggers {
        run(tx, sql).await?;
    }
    Ok(gone)
}

/// What stays of a tenant: its id and its name in addresses, so that nobody takes it for another. Its key is another from now on,
/// and what was sealed with the old one, in a backup for example, opens no more.
pub(in crate::privacy) async fn tombstone(tx: &TenantTx, keys: WrappedKeys) -> Result<()> {
    let sql =
        "UPDATE tenants SET name = '', wrapped_key = $2, wrapped_audit_key = $3, version = version + 1 WHERE id = $1";
    let values = [tx.tenant().into(), keys.first.into(), keys.audit.into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    tx.raw().execute_raw(statement).await?;
    Ok(())
}
