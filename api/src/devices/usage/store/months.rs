//! What days come to by the month: kept with each day that is written, since a page of a hundred machines would else be summed
//! from thousands of wide rows.

use std::collections::HashMap;

use chrono::{Datelike, Months, NaiveDate};
use entity::{equipment, equipment_months as months};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
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
#[derive(Clone, Debug)]
pub(in crate::devices::usage) struct MonthRow {
    /// Which machine.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Its month.
    pub month: Option<months::Model>,
}

impl MonthRow {
    /// Days with anything counted.
    pub fn days(&self) -> i64 {
        self.month.as_ref().map_or(0, |month| month.days.into())
    }
}

/// A page of the machines within `scope` with what one month of each came to, oldest record first. Two questions, since the
/// months of machines that were put on record one after the other lie side by side, and are read at once.
pub(in crate::devices::usage) async fn page(
    tx: &TenantTx,
    scope: &ScopeFilter,
    first: NaiveDate,
    at: Cursor,
) -> Result<Vec<MonthRow>> {
    use equipment::Column as E;
    use months::Column as M;
    let rows = tx.all::<equipment::Entity>().select_only().columns([E::Id, E::Number, E::Name, E::ThresholdsId]);
    let rows = rows.filter(visible(scope)).filter(Condition::all().add_option(at.after.map(|after| E::Id.gt(after))));
    let rows = rows.order_by_asc(E::Id).limit(at.fetch());
    let machines: Vec<(Uuid, String, String, Option<Uuid>)> = rows.into_tuple().all(tx.raw()).await?;
    let (Some((from, ..)), Some((to, ..))) = (machines.first(), machines.last()) else { return Ok(vec![]) };
    let these = match scope {
        ScopeFilter::All => M::EquipmentId.between(*from, *to),
        _ => M::EquipmentId.is_in(machines.iter().map(|(id, ..)| *id)),
    };
    let all = tx.all::<months::Entity>().filter(M::Month.eq(first)).filter(these).all(tx.raw()).await?;
    let mut by_machine: HashMap<(Uuid, Uuid), months::Model> =
        all.into_iter().map(|row| ((row.equipment_id, row.thresholds_id), row)).collect();
    let with = |(id, number, name, thresholds): (Uuid, String, String, Option<Uuid>)| {
        let month = by_machine.remove(&(id, thresholds.unwrap_or(Uuid::nil())));
        MonthRow { id, number, name, month }
    };
    Ok(machines.into_iter().map(with).collect())
}
