//! A tenant's keys change while everything runs: a further data key is there for a while before it seals, so that every process
//! opens by it first; and all of them are wrapped anew by another master key.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::{Act, PlatformTx, TenantRow, TenantTx};
use crate::platform::keys::{KEPT_S, LaterKey, MasterKey, WrappedKeys};

/// From so long after it was made on a data key seals, seconds: by then every process has read that it is there.
pub const SEALS_AFTER_S: i64 = KEPT_S.cast_signed() + 60;

/// The keys of a tenant as they are stored.
///
/// # Errors
/// If the database fails.
pub async fn stored(tx: &PlatformTx, tenant: &TenantRow) -> Result<WrappedKeys> {
    let sql = "SELECT version, wrapped, seals_from FROM tenant_keys WHERE tenant_id = $1 ORDER BY version";
    let mut later = vec![];
    for row in tx.rows(sql, [tenant.id.into()]).await? {
        later.push(LaterKey {
            version: u16::try_from(row.try_get::<i32>("", "version")?).map_err(Error::internal)?,
            wrapped: row.try_get("", "wrapped")?,
            seals_from: row.try_get("", "seals_from")?,
        });
    }
    Ok(WrappedKeys { first: tenant.wrapped_key.clone(), audit: tenant.wrapped_audit_key.clone(), later })
}

async fn run<I: IntoIterator<Item = Value>>(tx: &TenantTx, sql: &str, values: I) -> Result<u64> {
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected())
}

/// Adds a data key to the transaction's tenant, commits, and says its number and from when on it seals. Of two at once one
/// finds the number taken.
///
/// # Errors
/// If the database fails; then there is none.
pub async fn add_data_key(tx: TenantTx, master: &MasterKey, known: &WrappedKeys) -> Result<(u16, DateTime<Utc>)> {
    let version = known.newest().saturating_add(1);
    let wrapped = master.new_later_key(tx.tenant(), version)?;
    let seals_from = tx.now() + Duration::seconds(SEALS_AFTER_S);
    let sql =
        "INSERT INTO tenant_keys (tenant_id, version, wrapped, seals_from, created_at) VALUES ($1, $2, $3, $4, $5)";
    let tenant = tx.tenant();
    let values = [tenant.into(), i32::from(version).into(), wrapped.into(), seals_from.into(), tx.now().into()];
    run(&tx, sql, values).await?;
    let detail = serde_json::json!({ "version": version, "seals_from": seals_from });
    tx.commit(Act::new("keys.add", "tenant", tenant).detail(detail)).await?;
    Ok((version, seals_from))
}

/// Whether a tenant has a key that another master key wrapped than the present one.
pub fn is_by_another(master: &MasterKey, known: &WrappedKeys) -> bool {
    let later = known.later.iter().map(|key| &key.wrapped);
    known.audit.is_none()
        || std::iter::once(&known.first).chain(&known.audit).chain(later).any(|wrapped| master.is_by_another(wrapped))
}

/// Wraps the keys of the transaction's tenant by the present master key, commits, and says whether that changed anything.
/// What another process changed meanwhile stays as it is.
///
/// # Errors
/// If a key was wrapped by a master key that is not there, or the database fails; then nothing is changed.
pub async fn rewrap(tx: TenantTx, master: &MasterKey, known: &WrappedKeys) -> Result<bool> {
    if !is_by_another(master, known) {
        return Ok(false);
    }
    let tenant: Uuid = tx.tenant();
    let fresh = master.rewrapped(tenant, known)?;
    let sql = "UPDATE tenants SET wrapped_key = $2, wrapped_audit_key = $3 WHERE id = $1 AND wrapped_key = $4";
    let values = [tenant.into(), fresh.first.into(), fresh.audit.into(), known.first.clone().into()];
    let mut changed = run(&tx, sql, values).await?;
    for (before, after) in known.later.iter().zip(fresh.later) {
        let sql = "UPDATE tenant_keys SET wrapped = $3 WHERE tenant_id = $1 AND version = $2 AND wrapped = $4";
        let version = i32::from(before.version);
        changed +=
            run(&tx, sql, [tenant.into(), version.into(), after.wrapped.into(), before.wrapped.clone().into()]).await?;
    }
    let detail = serde_json::json!({ "master_key": master.name(), "keys": changed });
    tx.commit(Act::new("keys.rewrap", "tenant", tenant).detail(detail)).await?;
    Ok(true)
}
