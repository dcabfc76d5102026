//! Thresholds: suggested, in force, and those whose place was taken.

use entity::equipment_thresholds::{ActiveModel, Column as C, Entity};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

pub(in crate::devices::usage) use entity::equipment_thresholds::Model as Row;

/// One by id.
pub(in crate::devices::usage) async fn find(tx: &TenantTx, id: Uuid) -> Result<Row> {
    tx.get::<Entity>(id).await?.ok_or_else(Error::not_found)
}

/// One by id, locked.
pub(in crate::devices::usage) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Row> {
    tx.lock::<Entity>(id).await?.ok_or_else(Error::not_found)
}

/// All of a machine, the newest first.
pub(in crate::devices::usage) async fn of_machine(tx: &TenantTx, machine: Uuid, rows_max: u64) -> Result<Vec<Row>> {
    let rows = tx.all::<Entity>().filter(C::EquipmentId.eq(machine)).order_by_desc(C::Id);
    Ok(rows.limit(rows_max).all(tx.raw()).await?)
}

/// Adds one.
pub(in crate::devices::usage) async fn add(tx: &TenantTx, row: Row) -> Result<()> {
    tx.insert::<_, ActiveModel>(row).await
}

/// Writes a locked one back.
pub(in crate::devices::usage) async fn save(tx: &TenantTx, row: Row) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}
