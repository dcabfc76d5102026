//! Readings into PostgreSQL: one statement for a whole message, whose values travel as arrays.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::devices::utilisation::REACH_S;
use domain::time::TenantZone;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, SqlErr, Statement, Value};
use uuid::Uuid;

use super::bears_on;
use super::given::{Key, Row};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// What stands for null in an array of whole numbers, which must have none. No quantity has it.
const NULL: i64 = i64::MIN;
/// The same for flags, which travel as 0 and 1.
const NO_FLAG: i16 = -1;

/// The rows of a message into the table.
macro_rules! insert {
    () => {
        "INSERT INTO readings (tenant_id, socket_id, at_us, sequence, content, power_mw, voltage_mv, current_ma, \
         energy_total_mwh, energy_added_mwh, relay_on, online, received_us) \
         SELECT $1, g.socket, g.at, g.sequence, g.content, NULLIF(g.power, $13), NULLIF(g.voltage, $13), \
         NULLIF(g.current, $13), NULLIF(g.total, $13), NULLIF(g.added, $13), NULLIF(g.relay, $14) = 1, \
         NULLIF(g.online, $14) = 1, $15 \
         FROM UNNEST($2::uuid[], $3::bigint[], $4::int[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[], \
         $9::bigint[], $10::bigint[], $11::smallint[], $12::smallint[]) \
         AS g(socket, at, sequence, content, power, voltage, current, total, added, relay, online)"
    };
}

/// Keeps what is new, and marks the days on which it bears: a day hangs on readings a little before and after it. A day that is marked already is locked, and not written again: whoever counts the days removes the
/// mark, and so waits for this transaction and then sees its readings; else it could count just before they are there and
/// remove the mark that speaks of them. Which were new is said only where some were and some were not.
const PUT: &str = concat!(
    "WITH stored AS (",
    insert!(),
    " ON CONFLICT DO NOTHING RETURNING socket_id, at_us, sequence, content), \
    marked AS (\
      INSERT INTO dirty_days (tenant_id, socket_id, day) \
      SELECT DISTINCT $1, socket_id, DATE '1970-01-01' + CAST((at_us + $16 + reach.us) / 86400000000 AS int) \
      FROM stored CROSS JOIN (VALUES (-$18::bigint), (0), ($18::bigint)) AS reach(us) ORDER BY 2, 3 ON CONFLICT (tenant_id, socket_id, day) DO UPDATE SET day = excluded.day WHERE false) \
    SELECT n.total, s.socket_id, s.at_us, s.sequence, s.content FROM (SELECT count(*) AS total FROM stored) AS n \
    LEFT JOIN stored AS s ON n.total NOT IN (0, $17)"
);

/// The same where every row is expected to be new, as nearly all are: without asking for each whether it is there, and without
/// the record that PostgreSQL writes so that it may take a row back. One that is there already makes it fail. Days are marked
/// after the readings, as above, so that two that write the same wait for each other in the same order.
const PUT_NEW: &str = concat!(
    "WITH stored AS (",
    insert!(),
    " RETURNING 1) \
    INSERT INTO dirty_days (tenant_id, socket_id, day) SELECT $1, m.socket, m.day \
    FROM UNNEST($16::uuid[], $17::date[]) AS m(socket, day) WHERE (SELECT count(*) FROM stored) > 0 \
    ON CONFLICT (tenant_id, socket_id, day) DO UPDATE SET day = excluded.day WHERE false"
);

/// Writes rows that are expected to be new; says whether they were. If not, nothing is written.
pub(super) async fn put_new(tx: &TenantTx, zone: TenantZone, rows: &[Row]) -> Result<bool> {
    let mut all = columns(tx, rows);
    let days: BTreeSet<(Uuid, NaiveDate)> = rows.iter().flat_map(|row| bears_on(zone, row)).collect();
    all.push(days.iter().map(|(socket, _)| *socket).collect::<Vec<_>>().into());
    all.push(days.iter().map(|(_, day)| *day).collect::<Vec<_>>().into());
    tx.raw().execute_unprepared("SAVEPOINT put_new").await?;
    match tx.raw().execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, PUT_NEW, all)).await {
        Ok(_) => Ok(true),
        Err(error) if is_there(&error) => {
            tx.raw().execute_unprepared("ROLLBACK TO SAVEPOINT put_new").await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_there(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Writes rows that are in the order of their key, each key once; says of each whether it is new.
pub(super) async fn put(tx: &TenantTx, zone: TenantZone, rows: &[Row]) -> Result<Vec<bool>> {
    let east_us = zone.offset().map_or(0, |offset| i64::from(offset.local_minus_utc())).saturating_mul(1_000_000);
    let mut all = columns(tx, rows);
    all.push(east_us.into());
    all.push(i64::try_from(rows.len()).unwrap_or(i64::MAX).into());
    all.push(REACH_S.saturating_mul(1_000_000).into());
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, PUT, all);
    let found = tx.raw().query_all_raw(statement).await?;
    let Some(first) = found.first() else { return Ok(vec![false; rows.len()]) };
    let total: i64 = first.try_get("", "total")?;
    if total == 0 || usize::try_from(total).ok() == Some(rows.len()) {
        return Ok(vec![total > 0; rows.len()]);
    }
    let key = |row: &sea_orm::QueryResult| -> Result<Key> {
        Ok((
            row.try_get("", "socket_id")?,
            row.try_get("", "at_us")?,
            row.try_get("", "sequence")?,
            row.try_get("", "content")?,
        ))
    };
    let new = found.iter().map(key).collect::<Result<std::collections::HashSet<_>>>()?;
    Ok(rows.iter().map(|row| new.contains(&row.key())).collect())
}

/// What both statements are given: the firm, a row's values column by column, what stands for null, and the time.
fn columns(tx: &TenantTx, rows: &[Row]) -> Vec<Value> {
    let whole = |value: fn(&Row) -> Option<i64>| -> Value {
        rows.iter().map(|row| value(row).unwrap_or(NULL)).collect::<Vec<i64>>().into()
    };
    let flag = |value: fn(&Row) -> Option<bool>| -> Value {
        rows.iter().map(|row| value(row).map_or(NO_FLAG, i16::from)).collect::<Vec<i16>>().into()
    };
    vec![
        tx.tenant().into(),
        rows.iter().map(|row| row.socket).collect::<Vec<_>>().into(),
        rows.iter().map(|row| row.at_us).collect::<Vec<_>>().into(),
        rows.iter().map(|row| row.sequence).collect::<Vec<_>>().into(),
        rows.iter().map(|row| row.content).collect::<Vec<_>>().into(),
        whole(|row| row.power_mw),
        whole(|row| row.voltage_mv),
        whole(|row| row.current_ma),
        whole(|row| row.energy_total_mwh),
        whole(|row| row.energy_added_mwh),
        flag(|row| row.relay_on),
        flag(|row| row.online),
        NULL.into(),
        NO_FLAG.into(),
        tx.now().timestamp_micros().into(),
    ]
}
