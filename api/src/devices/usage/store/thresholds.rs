//! Thresholds: suggested, in force, and those whose place was taken.

use domain::devices::category::EquipmentCategory;
use entity::equipment;
use entity::equipment_thresholds::{ActiveModel, Column as C, Entity};
use sea_orm::sea_query::Condition;
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

/// Whose thresholds.
#[derive(Clone, Copy)]
pub(in crate::devices::usage) enum Whose<'a> {
    /// A machine's own.
    Machine(Uuid),
    /// Those of a category, as a row of a machine names it.
    Category(&'a str),
    /// Both of a machine: its own, and those of its category.
    Either(&'a equipment::Model),
}

impl Whose<'_> {
    fn condition(self) -> Condition {
        match self {
            Self::Machine(id) => Condition::all().add(C::EquipmentId.eq(id)),
            Self::Category(category) => Condition::all().add(C::Category.eq(category)),
            Self::Either(machine) => {
                Condition::any().add(C::EquipmentId.eq(machine.id)).add(C::Category.eq(machine.category.as_str()))
            }
        }
    }
}

/// All of them, the newest first.
pub(in crate::devices::usage) async fn all(tx: &TenantTx, whose: Whose<'_>, rows_max: u64) -> Result<Vec<Row>> {
    let rows = tx.all::<Entity>().filter(whose.condition()).order_by_desc(C::Id);
    Ok(rows.limit(rows_max).all(tx.raw()).await?)
}

/// Those in force, if there are any.
pub(in crate::devices::usage) async fn in_force(tx: &TenantTx, whose: Whose<'_>) -> Result<Option<Row>> {
    let rows = tx.all::<Entity>().filter(whose.condition()).filter(C::State.eq("in_force"));
    Ok(rows.order_by_desc(C::Id).one(tx.raw()).await?)
}

/// Lets no other transaction of the tenant change which thresholds a category has, or give them to a machine that comes to
/// it, until this one ends: such a machine is either found by those who change them or finds what they changed. Whoever holds
/// a machine's row, or the next machine's number, may ask for it; whoever has it asks for neither.
pub(in crate::devices::usage) async fn lock_category(tx: &TenantTx, category: EquipmentCategory) -> Result<()> {
    tx.next_number(&format!("equipment_thresholds/{}", category.code())).await.map(|_| ())
}

/// Adds one.
pub(in crate::devices::usage) async fn add(tx: &TenantTx, row: Row) -> Result<()> {
    tx.insert::<_, ActiveModel>(row).await
}

/// Writes a locked one back.
pub(in crate::devices::usage) async fn save(tx: &TenantTx, row: Row) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}
