//! This folder's SQL: a firm's own roles.

use entity::roles::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

pub(super) use entity::roles::Model as RoleRow;

/// All of them, oldest first; locked where they are about to change.
pub(super) async fn all(tx: &TenantTx, lock: bool) -> Result<Vec<RoleRow>> {
    let query = tx.all::<Entity>().order_by_asc(Column::Id);
    Ok(if lock { query.lock_exclusive() } else { query }.all(tx.raw()).await?)
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<RoleRow>> {
    tx.lock::<Entity>(id).await
}

pub(super) async fn insert(tx: &TenantTx, name: &str, permissions: &[String]) -> Result<RoleRow> {
    let row = Model {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        name: name.to_owned(),
        permissions: serde_json::to_value(permissions)?,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

pub(super) async fn save(tx: &TenantTx, row: RoleRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

pub(super) async fn delete(tx: &TenantTx, id: Uuid) -> Result<()> {
    tx.delete_all::<Entity>().filter(Column::Id.eq(id)).exec(tx.raw()).await?;
    Ok(())
}
