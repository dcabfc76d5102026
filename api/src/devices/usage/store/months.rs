//! What days come to by the month: kept with each day that is written, since a page of a hundred machines would else be summed
//! from thousands of wide rows.

use chrono::{Datelike, Months, NaiveDate};
use entity::{equipment, equipment_months as months};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::devices::equipment::store::visible;
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

/// What follows from the days of a month, column by column.
const SUMS: [(&str, &str); 10] = [
    ("days", "COUNT(*)"),
    ("seconds_offline", "SUM(seconds_offline)"),
    ("seconds_off", "SUM(seconds_off)"),
    ("seconds_standby", "SUM(seconds_standby)"),
    ("seconds_working", "SUM(seconds_working)"),
    ("seconds_overload", "SUM(seconds_overload)"),
    ("seconds_unknown", "SUM(seconds_unknown)"),
    ("seconds_ahead", "SUM(seconds_ahead)"),
    (
        "error_weighed",
        "SUM(CAST(error_ppm AS BIGINT) * \
         (seconds_offline + seconds_off + seconds_standby + seconds_working + seconds_overload))",
    ),
    ("energy_mwh", "SUM(energy_mwh)"),
];

/// The month of a day, and the one after it.
fn month(day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let first = day.with_day(1)?;
    Some((first, first.checked_add_months(Months::new(1))?))
}

/// Sums the month of a day anew; the machine's row is locked.
pub(super) async fn refresh(tx: &TenantTx, machine: Uuid, thresholds: Uuid, day: NaiveDate) -> Result<()> {
    let Some((first, next)) = month(day) else { return Ok(()) };
    let columns = SUMS.map(|(column, _)| column).join(", ");
    let sums = SUMS.map(|(_, sum)| sum).join(", ");
    let changed = SUMS.map(|(column, _)| format!("{column} = excluded.{column}")).join(", ");
    let sql = format!(
        "INSERT INTO equipment_months (tenant_id, equipment_id, thresholds_id, month, {columns}) \
         SELECT tenant_id, equipment_id, thresholds_id, $4, {sums} FROM equipment_days \
         WHERE tenant_id = $1 AND equipment_id = $2 AND thresholds_id = $3 AND day >= $4 AND day < $5 \
         GROUP BY tenant_id, equipment_id, thresholds_id \
         ON CONFLICT (tenant_id, equipment_id, month, thresholds_id) DO UPDATE SET {changed}"
    );
    let values = [tx.tenant().into(), machine.into(), thresholds.into(), first.into(), next.into()];
    tx.raw().execute_raw(Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Takes a month away of which no day is left.
pub(super) async fn remove_empty(tx: &TenantTx, machine: Uuid, thresholds: Uuid, day: NaiveDate) -> Result<()> {
    let Some((first, next)) = month(day) else { return Ok(()) };
    let sql = "DELETE FROM equipment_months WHERE tenant_id = $1 AND equipment_id = $2 AND thresholds_id = $3 \
               AND month = $4 AND NOT EXISTS (SELECT 1 FROM equipment_days WHERE tenant_id = $1 AND equipment_id = $2 \
               AND thresholds_id = $3 AND day >= $4 AND day < $5)";
    let values = [tx.tenant().into(), machine.into(), thresholds.into(), first.into(), next.into()];
    tx.raw().execute_raw(Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values)).await?;
    Ok(())
}

/// A machine with what its month came to by the thresholds that hold for it; nothing where no day of it is known.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::devices::usage) struct MonthRow {
    /// Which machine.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Days with anything counted.
    pub days: Option<i32>,
    /// Seconds.
    pub seconds_offline: Option<i64>,
    /// Seconds.
    pub seconds_off: Option<i64>,
    /// Seconds.
    pub seconds_standby: Option<i64>,
    /// Seconds.
    pub seconds_working: Option<i64>,
    /// Seconds.
    pub seconds_overload: Option<i64>,
    /// Seconds.
    pub seconds_unknown: Option<i64>,
    /// Seconds of days that are not over.
    pub seconds_ahead: Option<i64>,
    /// Σ of each day's error in parts per million, weighed by its known seconds.
    pub error_weighed: Option<i64>,
    /// Milliwatt-hours.
    pub energy_mwh: Option<i64>,
}

/// A page of the machines within `scope` with what one month of each came to, oldest record first.
pub(in crate::devices::usage) async fn page(
    tx: &TenantTx,
    scope: &ScopeFilter,
    first: NaiveDate,
    at: Cursor,
) -> Result<Vec<MonthRow>> {
    use equipment::Column as E;
    use months::Column as M;
    let in_force = Func::coalesce([Expr::col((equipment::Entity, E::ThresholdsId)), Expr::val(Uuid::nil())]);
    let same = Condition::all()
        .add(Expr::col((months::Entity, M::TenantId)).equals((equipment::Entity, E::TenantId)))
        .add(Expr::col((months::Entity, M::EquipmentId)).equals((equipment::Entity, E::Id)))
        .add(M::Month.eq(first))
        .add(Expr::col((months::Entity, M::ThresholdsId)).eq(in_force));
    let mut rows = Query::select();
    rows.columns([E::Id, E::Number, E::Name].map(|column| (equipment::Entity, column)))
        .columns(
            [
                M::Days,
                M::SecondsOffline,
                M::SecondsOff,
                M::SecondsStandby,
                M::SecondsWorking,
                M::SecondsOverload,
                M::SecondsUnknown,
                M::SecondsAhead,
                M::ErrorWeighed,
                M::EnergyMwh,
            ]
            .map(|column| (months::Entity, column)),
        )
        .from(equipment::Entity)
        .left_join(months::Entity, same)
        .and_where(E::TenantId.eq(tx.tenant()))
        .cond_where(visible(scope))
        .cond_where(Condition::all().add_option(at.after.map(|after| E::Id.gt(after))))
        .order_by((equipment::Entity, E::Id), sea_orm::Order::Asc)
        .limit(at.fetch());
    Ok(MonthRow::find_by_statement(tx.raw().get_database_backend().build(&rows)).all(tx.raw()).await?)
}
