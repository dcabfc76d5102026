//! This folder's SQL: answers that counted.

use entity::captcha_proofs::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, Statement};

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::outside::captcha::Proof;

/// Notes an answer; says whether it was not noted yet.
pub(super) async fn insert(tx: &TenantTx, proof: &Proof) -> Result<bool> {
    let sql = "INSERT INTO captcha_proofs (tenant_id, mark, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let values = [tx.tenant().into(), proof.mark.clone().into(), proof.until.into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected() == 1)
}

/// Removes at most so many that no challenge can be answered with any more.
pub async fn purge(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    tx.delete_some::<Entity>(Column::ExpiresAt.lte(tx.now()), rows_max).await
}
