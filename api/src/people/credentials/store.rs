//! This folder's SQL: one-time links, and passwords of before.

use chrono::{DateTime, Utc};
use entity::former_passwords;
use entity::one_time_links::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

pub(super) use entity::one_time_links::Model as LinkRow;

pub(super) async fn insert_link(
    tx: &TenantTx,
    id: Uuid,
    staff_id: Uuid,
    purpose: &str,
    (secret_hash, expires_at): (Vec<u8>, DateTime<Utc>),
) -> Result<()> {
    tx.insert::<_, ActiveModel>(Model {
        tenant_id: tx.tenant(),
        id,
        staff_id,
        purpose: purpose.to_owned(),
        secret_hash,
        expires_at,
        used_at: None,
    })
    .await
}

pub(super) async fn void_links(tx: &TenantTx, staff: Uuid) -> Result<()> {
    tx.update_all::<Entity>()
        .set(ActiveModel { used_at: Set(Some(tx.now())), ..Default::default() })
        .filter(Column::StaffId.eq(staff))
        .filter(Column::UsedAt.is_null())
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// The link with this token's hash, if it still works.
pub(super) async fn live_link(tx: &TenantTx, secret_hash: Vec<u8>, lock: bool) -> Result<Option<LinkRow>> {
    let query = tx
        .all::<Entity>()
        .filter(Column::SecretHash.eq(secret_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now()));
    Ok(if lock { query.lock_exclusive() } else { query }.one(tx.raw()).await?)
}

/// Removes some of the links that ended up to `until`.
pub(super) async fn delete_links(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    tx.delete_some::<Entity>(Column::ExpiresAt.lte(until), rows_max).await
}

/// How many links for a new password a member of staff was sent that end after `after`.
pub(super) async fn resets_ending_after(tx: &TenantTx, staff: Uuid, after: DateTime<Utc>) -> Result<u64> {
    Ok(tx
        .all::<Entity>()
        .filter(Column::StaffId.eq(staff))
        .filter(Column::Purpose.eq("reset"))
        .filter(Column::ExpiresAt.gt(after))
        .count(tx.raw())
        .await?)
}

/// The passwords that somebody had before, newest first.
pub(super) async fn former(tx: &TenantTx, staff: Uuid) -> Result<Vec<former_passwords::Model>> {
    use former_passwords::Column;
    let query = tx.all::<former_passwords::Entity>().filter(Column::StaffId.eq(staff));
    Ok(query.order_by_desc(Column::Id).all(tx.raw()).await?)
}

/// Remembers the hash of a password that is in use no longer, and `kept` in all.
pub(super) async fn keep_former(tx: &TenantTx, staff_id: Uuid, password_hash: String, kept: u64) -> Result<()> {
    use former_passwords::{ActiveModel, Column, Entity, Model};
    let (tenant_id, id) = (tx.tenant(), Uuid::now_v7());
    tx.insert::<_, ActiveModel>(Model { tenant_id, id, staff_id, password_hash }).await?;
    let all = former(tx, staff_id).await?;
    let over: Vec<Uuid> = all.into_iter().skip(usize::try_from(kept).unwrap_or(usize::MAX)).map(|row| row.id).collect();
    if !over.is_empty() {
        tx.delete_all::<Entity>().filter(Column::Id.is_in(over)).exec(tx.raw()).await?;
    }
    Ok(())
}

/// The tenant's name in addresses.
pub(super) async fn slug(tx: &TenantTx) -> Result<String> {
    let backend = tx.raw().get_database_backend();
    let sql = Statement::from_sql_and_values(backend, "SELECT slug FROM tenants WHERE id = $1", [tx.tenant().into()]);
    let row = tx.raw().query_one_raw(sql).await?.ok_or_else(|| Error::new(Code::Internal))?;
    Ok(row.try_get("", "slug")?)
}
