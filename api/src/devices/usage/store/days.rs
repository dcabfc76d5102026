//! Days that were counted.

use chrono::NaiveDate;
use entity::equipment_days::{ActiveModel, Column as C, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, Statement,
};
use uuid::Uuid;

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
    let row = DayRow { tenant_id: tx.tenant(), ..row }.into_active_model();
    Entity::insert::<ActiveModel>(row).on_conflict(there).exec_without_returning(tx.raw()).await?;
    Ok(())
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

/// What some machines did in a stretch of days, each by the thresholds that hold for it.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::devices) struct Sum {
    /// Which machine.
    pub equipment_id: Uuid,
    /// Days with anything counted.
    pub days: i64,
    /// Seconds.
    pub offline: i64,
    /// Seconds.
    pub off: i64,
    /// Seconds.
    pub standby: i64,
    /// Seconds.
    pub working: i64,
    /// Seconds.
    pub overload: i64,
    /// Seconds.
    pub unknown: i64,
    /// Seconds of days that are not over.
    pub ahead: i64,
    /// Σ of each day's error in parts per million, weighed by its known seconds.
    pub error_weighed: i64,
    /// Milliwatt-hours.
    pub energy_mwh: Option<i64>,
}

/// Sums of some machines over some days, the last not among them.
pub(in crate::devices) async fn sums(
    tx: &TenantTx,
    machines: &[Uuid],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Sum>> {
    if machines.is_empty() {
        return Ok(vec![]);
    }
    let whole = |column: &str, name: &str| format!("CAST(SUM({column}) AS BIGINT) AS {name}");
    let known = "(seconds_offline + seconds_off + seconds_standby + seconds_working + seconds_overload)";
    let columns = [
        whole("seconds_offline", "offline"),
        whole("seconds_off", "off"),
        whole("seconds_standby", "standby"),
        whole("seconds_working", "working"),
        whole("seconds_overload", "overload"),
        whole("seconds_unknown", "unknown"),
        whole("seconds_ahead", "ahead"),
        whole(&format!("CAST(error_ppm AS BIGINT) * {known}"), "error_weighed"),
        whole("energy_mwh", "energy_mwh"),
    ]
    .join(", ");
    let places: Vec<String> = (4..4 + machines.len()).map(|number| format!("${number}")).collect();
    let nil = if tx.is_postgres() {
        "'00000000-0000-0000-0000-000000000000'::uuid"
    } else {
        "x'00000000000000000000000000000000'"
    };
    let sql = format!(
        "SELECT d.equipment_id, COUNT(*) AS days, {columns} FROM equipment_days d \
         JOIN equipment e ON e.tenant_id = d.tenant_id AND e.id = d.equipment_id \
         AND d.thresholds_id = COALESCE(e.thresholds_id, {nil}) \
         WHERE d.tenant_id = $1 AND d.day >= $2 AND d.day < $3 AND d.equipment_id IN ({}) GROUP BY d.equipment_id",
        places.join(", ")
    );
    let mut values: Vec<sea_orm::Value> = vec![tx.tenant().into(), from.into(), to.into()];
    values.extend(machines.iter().map(|id| sea_orm::Value::from(*id)));
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(Sum::find_by_statement(statement).all(tx.raw()).await?)
}

/// Takes a day away of which nothing is known any more.
pub(in crate::devices::usage) async fn remove(
    tx: &TenantTx,
    machine: Uuid,
    thresholds: Uuid,
    day: NaiveDate,
) -> Result<()> {
    let row = tx.delete_all::<Entity>().filter(C::EquipmentId.eq(machine)).filter(C::ThresholdsId.eq(thresholds));
    row.filter(C::Day.eq(day)).exec(tx.raw()).await?;
    Ok(())
}
