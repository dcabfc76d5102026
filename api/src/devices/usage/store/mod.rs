//! The SQL of use: days to be counted, days that were, thresholds, and what lists of machines show.

pub(super) mod days;
pub(super) mod thresholds;

use chrono::NaiveDate;
use entity::{dirty_days, equipment, socket_bindings};
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// A day of a socket.
pub(super) type SocketDay = (Uuid, NaiveDate);

/// Some days whose readings changed, in a fixed order, without a lock.
pub(super) async fn changed(tx: &TenantTx, after: Option<SocketDay>, rows_max: u64) -> Result<Vec<SocketDay>> {
    use dirty_days::{Column as C, Entity};
    let mut rows = tx.all::<Entity>().select_only().column(C::SocketId).column(C::Day);
    if let Some((socket, day)) = after {
        let later = Condition::all().add(C::SocketId.eq(socket)).add(C::Day.gt(day));
        rows = rows.filter(Condition::any().add(C::SocketId.gt(socket)).add(later));
    }
    let rows = rows.order_by_asc(C::SocketId).order_by_asc(C::Day).limit(rows_max);
    Ok(rows.into_tuple().all(tx.raw()).await?)
}

/// Takes a day off the list: whoever adds a reading to it from now on puts it back.
pub(super) async fn take(tx: &TenantTx, (socket, day): SocketDay) -> Result<bool> {
    use dirty_days::{Column as C, Entity};
    let gone = tx.delete_all::<Entity>().filter(C::SocketId.eq(socket)).filter(C::Day.eq(day)).exec(tx.raw()).await?;
    Ok(gone.rows_affected > 0)
}

/// Puts days on the list.
pub(in crate::devices) async fn put_on(tx: &TenantTx, days: &[SocketDay]) -> Result<()> {
    const ROWS_AT_ONCE: usize = 5_000;
    use dirty_days::{ActiveModel, Column as C, Entity, Model};
    for some in days.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|(socket, day)| {
            let row = Model { tenant_id: tx.tenant(), socket_id: *socket, day: *day };
            row.into_active_model()
        });
        let rows: Vec<ActiveModel> = rows.collect();
        let there = OnConflict::columns([C::TenantId, C::SocketId, C::Day]).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(there).exec_without_returning(tx.raw()).await?;
    }
    Ok(())
}

/// The machines that a socket was at within a stretch of time.
pub(super) async fn machines_of(
    tx: &TenantTx,
    socket: Uuid,
    from: chrono::DateTime<chrono::Utc>,
    to: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<Uuid>> {
    use socket_bindings::{Column as C, Entity};
    let open = Condition::any().add(C::ToAt.is_null()).add(C::ToAt.gt(from));
    let rows = tx.all::<Entity>().select_only().column(C::EquipmentId).filter(C::SocketId.eq(socket));
    let mut found: Vec<Uuid> = rows.filter(C::FromAt.lt(to)).filter(open).into_tuple().all(tx.raw()).await?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The sockets that a machine had within a stretch of time, each with the part of it.
pub(super) async fn sockets_of(
    tx: &TenantTx,
    machine: Uuid,
    from: chrono::DateTime<chrono::Utc>,
    to: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<socket_bindings::Model>> {
    use socket_bindings::{Column as C, Entity};
    let open = Condition::any().add(C::ToAt.is_null()).add(C::ToAt.gt(from));
    let rows = tx.all::<Entity>().filter(C::EquipmentId.eq(machine)).filter(C::FromAt.lt(to)).filter(open);
    Ok(rows.order_by_asc(C::FromAt).all(tx.raw()).await?)
}

/// A machine's row, locked: two that count its days do it one after the other.
pub(super) async fn lock_machine(tx: &TenantTx, machine: Uuid) -> Result<Option<equipment::Model>> {
    use sea_orm::sea_query::LockType;
    let row = tx.all::<equipment::Entity>().filter(equipment::Column::Id.eq(machine)).lock(LockType::NoKeyUpdate);
    Ok(row.one(tx.raw()).await?)
}

/// Names the thresholds that hold for a machine from now on.
pub(super) async fn set_thresholds(tx: &TenantTx, machine: &equipment::Model, thresholds: Uuid) -> Result<()> {
    use sea_orm::ActiveValue::Set;
    tx.update(equipment::ActiveModel {
        id: Set(machine.id),
        thresholds_id: Set(Some(thresholds)),
        version: Set(machine.version.saturating_add(1)),
        updated_at: Set(tx.now()),
        ..Default::default()
    })
    .await
}

/// Writes down when a machine is meant to work.
pub(super) async fn set_shifts(tx: &TenantTx, machine: &equipment::Model, shifts: serde_json::Value) -> Result<()> {
    use sea_orm::ActiveValue::Set;
    tx.update(equipment::ActiveModel {
        id: Set(machine.id),
        shifts: Set(Some(shifts)),
        version: Set(machine.version.saturating_add(1)),
        updated_at: Set(tx.now()),
        ..Default::default()
    })
    .await
}
