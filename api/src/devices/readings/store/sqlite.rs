//! Readings into SQLite: statements of many rows, of few lengths, so that each is prepared once.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use chrono::NaiveDate;
use domain::time::TenantZone;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use super::bears_on;
use super::given::{Key, Row};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Rows of one statement, from the longest; what is left over is written by shorter ones.
const LENGTHS: [usize; 3] = [128, 16, 1];

/// Writes rows that are in the order of their key, each key once; says of each whether it is new.
pub(super) async fn put(tx: &TenantTx, zone: TenantZone, rows: &[Row]) -> Result<Vec<bool>> {
    let mut new: HashSet<Key> = HashSet::with_capacity(rows.len());
    let mut rest = rows;
    for length in LENGTHS {
        while let Some((some, after)) = rest.split_at_checked(length) {
            insert(tx, some, &mut new).await?;
            rest = after;
        }
    }
    let stored: Vec<bool> = rows.iter().map(|row| new.contains(&row.key())).collect();
    let fresh = rows.iter().zip(&stored).filter(|(_, stored)| **stored);
    mark(tx, fresh.flat_map(|(row, _)| bears_on(zone, row)).collect()).await?;
    Ok(stored)
}

async fn insert(tx: &TenantTx, rows: &[Row], new: &mut HashSet<Key>) -> Result<()> {
    let mut sql = String::from(
        "INSERT INTO readings (tenant_id, received_us, socket_id, at_us, sequence, content, power_mw, voltage_mv, \
         current_ma, energy_total_mwh, energy_added_mwh, relay_on, online) VALUES ",
    );
    let mut values: Vec<Value> = vec![tx.tenant().into(), tx.now().timestamp_micros().into()];
    for (index, row) in rows.iter().enumerate() {
        sql.push_str(if index == 0 { "($1, $2" } else { ", ($1, $2" });
        for column in 1..=11 {
            // a String takes whatever is written
            let _ = write!(sql, ", ${}", values.len() + column);
        }
        sql.push(')');
        values.extend([
            row.socket.into(),
            row.at_us.into(),
            row.sequence.into(),
            row.content.into(),
            row.power_mw.into(),
            row.voltage_mv.into(),
            row.current_ma.into(),
            row.energy_total_mwh.into(),
            row.energy_added_mwh.into(),
            row.relay_on.into(),
            row.online.into(),
        ]);
    }
    sql.push_str(" ON CONFLICT DO NOTHING RETURNING socket_id, at_us, sequence, content");
    for row in tx.raw().query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await? {
        new.insert((row.try_get_by(0)?, row.try_get_by(1)?, row.try_get_by(2)?, row.try_get_by(3)?));
    }
    Ok(())
}

async fn mark(tx: &TenantTx, days: BTreeSet<(Uuid, NaiveDate)>) -> Result<()> {
    for (socket, day) in days {
        let sql = "INSERT INTO dirty_days (tenant_id, socket_id, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let values = [tx.tenant().into(), socket.into(), day.into()];
        tx.raw().execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    }
    Ok(())
}
