//! The SQL of use: days to be counted, days that were, thresholds, and what lists of machines show.

pub(super) mod days;
pub(super) mod months;
pub(super) mod thresholds;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{dirty_days, equipment, socket_bindings};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// A day of a socket.
pub(in crate::devices::usage) type SocketDay = (Uuid, NaiveDate);

/// Some days whose readings changed, in a fixed order, without a lock.
pub(super) async fn changed(
    tx: &TenantTx,
    after: Option<SocketDay>,
    today: NaiveDate,
    rows_max: u64,
) -> Result<Vec<SocketDay>> {
    use dirty_days::{Column as C, Entity};
    let mut rows = tx.all::<Entity>().select_only().column(C::SocketId).column(C::Day).filter(C::Day.lte(today));
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

/// Days of a machine from one day up to another, both among them, that are going to be counted: their readings changed, or they
/// were not over when they were counted. What is written of them may not hold.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn unsettled(
    tx: &TenantTx,
    machine: &equipment::Model,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<BTreeSet<NaiveDate>> {
    use dirty_days::{Column as C, Entity};
    let mut sockets = Query::select();
    sockets
        .column(socket_bindings::Column::SocketId)
        .from(socket_bindings::Entity)
        .and_where(socket_bindings::Column::TenantId.eq(tx.tenant()))
        .and_where(socket_bindings::Column::EquipmentId.eq(machine.id));
    let rows = tx.all::<Entity>().select_only().column(C::Day).filter(C::SocketId.in_subquery(sockets));
    let rows = rows.filter(C::Day.gte(from)).filter(C::Day.lte(to)).distinct();
    let mut days: BTreeSet<NaiveDate> = rows.into_tuple::<NaiveDate>().all(tx.raw()).await?.into_iter().collect();
    let thresholds = machine.thresholds_id.unwrap_or(Uuid::nil());
    days.extend(self::days::unfinished_of(tx, machine.id, thresholds, (from, to)).await?);
    Ok(days)
}

/// A machine's row, locked: two that count its days do it one after the other.
pub(super) async fn lock_machine(tx: &TenantTx, machine: Uuid) -> Result<Option<equipment::Model>> {
    use sea_orm::sea_query::LockType;
    let row = tx.all::<equipment::Entity>().filter(equipment::Column::Id.eq(machine)).lock(LockType::NoKeyUpdate);
    Ok(row.one(tx.raw()).await?)
}

/// Names the thresholds that hold for a machine from now on; none are the standard ones.
pub(super) async fn set_thresholds(tx: &TenantTx, machine: &equipment::Model, thresholds: Option<Uuid>) -> Result<()> {
    use sea_orm::ActiveValue::Set;
    tx.update(equipment::ActiveModel {
        id: Set(machine.id),
        thresholds_id: Set(thresholds),
        version: Set(machine.version.saturating_add(1)),
        updated_at: Set(tx.now()),
        ..Default::default()
    })
    .await
}

/// Machines of a category after an id, in the order of their ids, a batch of them.
pub(super) async fn of_category(tx: &TenantTx, category: &str, after: Uuid, rows_max: u64) -> Result<Vec<Uuid>> {
    use equipment::Column as C;
    let rows = tx.all::<equipment::Entity>().select_only().column(C::Id).filter(C::Category.eq(category));
    let rows = rows.filter(C::Id.gt(after)).order_by_asc(C::Id).limit(rows_max);
    Ok(rows.into_tuple().all(tx.raw()).await?)
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
