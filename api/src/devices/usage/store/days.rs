//! Days that were counted.

use chrono::NaiveDate;
use entity::equipment_days::{ActiveModel, Column as C, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::months;
use crate::error::Result;
use crate::platform::db::TenantTx;

pub(in crate::devices::usage) use entity::equipment_days::Model as DayRow;

/// Writes a day over what was counted for it by the same thresholds.
pub(in crate::devices::usage) async fn put(tx: &TenantTx, row: DayRow) -> Result<()> {
    let there = OnConflict::columns([C::TenantId, C::EquipmentId, C::Day, C::ThresholdsId])
        .update_columns([
            C::SecondsOffline,
            C::SecondsOff,
            C::SecondsStandby,
            C::SecondsWorking,
            C::SecondsOverload,
            C::SecondsUnknown,
            C::SecondsAhead,
            C::ErrorPpm,
            C::EnergyMwh,
            C::EnergyBasis,
            C::Spans,
            C::Hours,
            C::Readings,
            C::ComputedAt,
        ])
        .to_owned();
    let (machine, thresholds, day) = (row.equipment_id, row.thresholds_id, row.day);
    let row = DayRow { tenant_id: tx.tenant(), ..row }.into_active_model();
    Entity::insert::<ActiveModel>(row).on_conflict(there).exec_without_returning(tx.raw()).await?;
    months::refresh(tx, machine, thresholds, day).await
}

/// A machine's days by some thresholds, in order, the last not among them.
pub(in crate::devices::usage) async fn between(
    tx: &TenantTx,
    machine: Uuid,
    thresholds: Uuid,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<DayRow>> {
    let rows = tx.all::<Entity>().filter(C::EquipmentId.eq(machine)).filter(C::ThresholdsId.eq(thresholds));
    Ok(rows.filter(C::Day.gte(from)).filter(C::Day.lt(to)).order_by_asc(C::Day).all(tx.raw()).await?)
}

/// Of the same nothing but the hours.
pub(in crate::devices::usage) async fn hours_between(
    tx: &TenantTx,
    machine: Uuid,
    thresholds: Uuid,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(NaiveDate, serde_json::Value)>> {
    let rows = tx.all::<Entity>().select_only().column(C::Day).column(C::Hours).filter(C::EquipmentId.eq(machine));
    let rows = rows.filter(C::ThresholdsId.eq(thresholds)).filter(C::Day.gte(from)).filter(C::Day.lt(to));
    Ok(rows.order_by_asc(C::Day).into_tuple().all(tx.raw()).await?)
}

/// Takes a day away of which nothing is known any more.
pub(in crate::devices::usage) async fn remove(
    tx: &TenantTx,
    machine: Uuid,
    thresholds: Uuid,
    day: NaiveDate,
) -> Result<()> {
    let row = tx.delete_all::<Entity>().filter(C::EquipmentId.eq(machine)).filter(C::ThresholdsId.eq(thresholds));
    if row.filter(C::Day.eq(day)).exec(tx.raw()).await?.rows_affected == 0 {
        return Ok(());
    }
    months::refresh(tx, machine, thresholds, day).await?;
    months::remove_empty(tx, machine, thresholds, day).await
}

/// Days, from one up to the present one, that were counted before they were over although they are by now.
fn unfinished_days(tx: &TenantTx, (from, today): (NaiveDate, NaiveDate)) -> Select<Entity> {
    tx.all::<Entity>().filter(C::SecondsAhead.gt(0)).filter(C::Day.gte(from)).filter(C::Day.lt(today))
}

/// Machines with such days by the thresholds in force; a batch of them after an id.
pub(in crate::devices::usage) async fn unfinished(
    tx: &TenantTx,
    after: Uuid,
    days: (NaiveDate, NaiveDate),
    rows_max: u64,
) -> Result<Vec<Uuid>> {
    let rows = unfinished_days(tx, days).select_only().column(C::EquipmentId).filter(C::EquipmentId.gt(after));
    let rows = rows.filter(Expr::exists(in_force(tx))).distinct().order_by_asc(C::EquipmentId);
    Ok(rows.limit(rows_max).into_tuple().all(tx.raw()).await?)
}

/// Such days of one machine, in order.
pub(in crate::devices::usage) async fn unfinished_of(
    tx: &TenantTx,
    machine: Uuid,
    thresholds: Uuid,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<NaiveDate>> {
    let rows = unfinished_days(tx, days).select_only().column(C::Day).filter(C::EquipmentId.eq(machine));
    let rows = rows.filter(C::ThresholdsId.eq(thresholds)).order_by_asc(C::Day);
    Ok(rows.into_tuple().all(tx.raw()).await?)
}

/// That a day was counted by the thresholds that hold for its machine.
fn in_force(tx: &TenantTx) -> SelectStatement {
    use entity::equipment::{Column as E, Entity as Equipment};
    let thresholds = Func::coalesce([Expr::col((Equipment, E::ThresholdsId)), Expr::val(Uuid::nil())]);
    let mut machine = Query::select();
    machine
        .expr(Expr::val(1))
        .from(Equipment)
        .and_where(E::TenantId.eq(tx.tenant()))
        .and_where(Expr::col((Equipment, E::Id)).equals((Entity, C::EquipmentId)))
        .and_where(Expr::col((Entity, C::ThresholdsId)).eq(thresholds));
    machine
}
