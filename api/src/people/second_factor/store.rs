//! This folder's SQL: second factors and recovery codes.

use entity::{recovery_codes, second_factors};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

pub(super) use second_factors::Model as FactorRow;

const SECRET: &str = "second_factors.secret_sealed";

pub(super) async fn find(tx: &TenantTx, staff: Uuid) -> Result<Option<FactorRow>> {
    let query = tx.all::<second_factors::Entity>().filter(second_factors::Column::StaffId.eq(staff));
    Ok(query.one(tx.raw()).await?)
}

/// The row, locked until the transaction ends.
pub(super) async fn lock(tx: &TenantTx, staff: Uuid) -> Result<Option<FactorRow>> {
    let query = tx.all::<second_factors::Entity>().filter(second_factors::Column::StaffId.eq(staff));
    Ok(query.lock_exclusive().one(tx.raw()).await?)
}

/// The secret, as it is typed.
pub(super) fn secret(tx: &TenantTx, row: &FactorRow) -> Result<String> {
    tx.open(SECRET, row.staff_id, &row.secret_sealed)
}

/// Puts a secret that is not confirmed yet in place of whatever there was.
pub(super) async fn begin(tx: &TenantTx, staff: Uuid, typed: &str) -> Result<()> {
    remove(tx, staff).await?;
    tx.insert::<_, second_factors::ActiveModel>(FactorRow {
        tenant_id: tx.tenant(),
        staff_id: staff,
        secret_sealed: tx.seal(SECRET, staff, typed)?,
        last_step: 0,
        created_at: tx.now(),
        confirmed_at: None,
    })
    .await
}

pub(super) async fn confirm(tx: &TenantTx, staff: Uuid) -> Result<()> {
    set(tx, staff, second_factors::ActiveModel { confirmed_at: Set(Some(tx.now())), ..Default::default() }).await
}

pub(super) async fn note_step(tx: &TenantTx, staff: Uuid, step: i64) -> Result<()> {
    set(tx, staff, second_factors::ActiveModel { last_step: Set(step), ..Default::default() }).await
}

async fn set(tx: &TenantTx, staff: Uuid, model: second_factors::ActiveModel) -> Result<()> {
    tx.update_all::<second_factors::Entity>()
        .set(model)
        .filter(second_factors::Column::StaffId.eq(staff))
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// Removes somebody's second factor and recovery codes; says whether there was one that counted.
pub(super) async fn remove(tx: &TenantTx, staff: Uuid) -> Result<bool> {
    let counted = lock(tx, staff).await?.is_some_and(|row| row.confirmed_at.is_some());
    tx.delete_all::<recovery_codes::Entity>().filter(recovery_codes::Column::StaffId.eq(staff)).exec(tx.raw()).await?;
    tx.delete_all::<second_factors::Entity>().filter(second_factors::Column::StaffId.eq(staff)).exec(tx.raw()).await?;
    Ok(counted)
}

/// Uses a recovery code up; says whether there was one.
pub(super) async fn use_recovery(tx: &TenantTx, staff: Uuid, hash: Vec<u8>) -> Result<bool> {
    use recovery_codes::Column;
    let used = tx
        .update_all::<recovery_codes::Entity>()
        .set(recovery_codes::ActiveModel { used_at: Set(Some(tx.now())), ..Default::default() })
        .filter(Column::StaffId.eq(staff))
        .filter(Column::CodeHash.eq(hash))
        .filter(Column::UsedAt.is_null())
        .exec(tx.raw())
        .await?;
    Ok(used.rows_affected == 1)
}

/// Puts new recovery codes in place of those there were.
pub(super) async fn replace_recovery(tx: &TenantTx, staff: Uuid, hashes: Vec<Vec<u8>>) -> Result<()> {
    tx.delete_all::<recovery_codes::Entity>().filter(recovery_codes::Column::StaffId.eq(staff)).exec(tx.raw()).await?;
    for code_hash in hashes {
        tx.insert::<_, recovery_codes::ActiveModel>(recovery_codes::Model {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            staff_id: staff,
            code_hash,
            used_at: None,
        })
        .await?;
    }
    Ok(())
}

/// Recovery codes that still work.
pub(super) async fn recovery_left(tx: &TenantTx, staff: Uuid) -> Result<u64> {
    use recovery_codes::Column;
    let query = tx.all::<recovery_codes::Entity>().filter(Column::StaffId.eq(staff)).filter(Column::UsedAt.is_null());
    Ok(query.count(tx.raw()).await?)
}
