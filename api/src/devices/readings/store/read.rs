//! Readings back out of the table, in the order in which a socket sent them.

use std::collections::HashMap;

use chrono::DateTime;
use domain::devices::reading::{Energy, Reading};
use entity::readings::{Column as C, Entity, Model};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, DbBackend, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// Where a page begins: after this instant, sequence and content.
pub(in crate::devices) type After = (i64, i32, i32);

fn reading(row: &Model) -> Result<Reading> {
    let at = DateTime::from_timestamp_micros(row.at_us).ok_or_else(|| Error::new(Code::Internal))?;
    Ok(Reading {
        at,
        sequence: row.sequence,
        power_mw: row.power_mw,
        voltage_mv: row.voltage_mv,
        current_ma: row.current_ma,
        energy: row.energy_total_mwh.map(Energy::Total).or(row.energy_added_mwh.map(Energy::Added)),
        relay_on: row.relay_on,
        online: row.online,
    })
}

/// Which readings are left where there are more than are wanted.
#[derive(Clone, Copy, Debug)]
pub(in crate::devices) enum Most {
    /// The first so many.
    First(u64),
    /// The last so many.
    Last(u64),
}

/// A socket's readings from an instant to before another, microseconds since 1970, in their order: by instant, sequence and
/// content, which is the same however they came.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn between(
    tx: &TenantTx,
    socket: Uuid,
    (from_us, to_us): (i64, i64),
    most: Most,
) -> Result<Vec<Reading>> {
    let (order, rows_max) = match most {
        Most::First(rows_max) => (Order::Asc, rows_max),
        Most::Last(rows_max) => (Order::Desc, rows_max),
    };
    let mut rows =
        tx.all::<Entity>().filter(C::SocketId.eq(socket)).filter(C::AtUs.gte(from_us)).filter(C::AtUs.lt(to_us));
    for column in [C::AtUs, C::Sequence, C::Content] {
        rows = rows.order_by(column, order.clone());
    }
    let mut rows = rows.limit(rows_max).all(tx.raw()).await?;
    if order == Order::Desc {
        rows.reverse();
    }
    rows.iter().map(reading).collect()
}

fn tells() -> Condition {
    Condition::any().add(C::EnergyTotalMwh.is_not_null()).add(C::EnergyAddedMwh.is_not_null())
}

/// Whether a socket tells energy within a stretch.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn tells_energy(tx: &TenantTx, socket: Uuid, from_us: i64, to_us: i64) -> Result<bool> {
    let rows = tx.all::<Entity>().select_only().column(C::AtUs).filter(C::SocketId.eq(socket)).filter(tells());
    let rows = rows.filter(C::AtUs.gte(from_us)).filter(C::AtUs.lt(to_us)).limit(1);
    Ok(rows.into_tuple::<i64>().one(tx.raw()).await?.is_some())
}

/// What lies beside a stretch and still bears on it, within the time that a socket was at a machine: the last reading before
/// it, which may say that the connection was lost; and, where the socket tells energy, the two before and the two after
/// that do, since energy is told by differences.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn beside(
    tx: &TenantTx,
    socket: Uuid,
    (from_us, to_us): (i64, i64),
    (bound_us, unbound_us): (i64, i64),
    tells_energy: bool,
) -> Result<Vec<Reading>> {
    let before = tx.all::<Entity>().filter(C::SocketId.eq(socket)).filter(C::AtUs.lt(from_us));
    let before = before.filter(C::AtUs.gte(bound_us)).order_by_desc(C::AtUs).order_by_desc(C::Sequence);
    let mut rows = before.clone().limit(1).all(tx.raw()).await?;
    if tells_energy {
        rows.extend(before.filter(tells()).limit(2).all(tx.raw()).await?);
        let after = tx.all::<Entity>().filter(C::SocketId.eq(socket)).filter(C::AtUs.gte(to_us));
        let after = after.filter(C::AtUs.lt(unbound_us)).order_by_asc(C::AtUs).order_by_asc(C::Sequence);
        rows.extend(after.filter(tells()).limit(2).all(tx.raw()).await?);
    }
    rows.iter().map(reading).collect()
}

/// A page of the same, one row more than `limit`, after a place.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn page(
    tx: &TenantTx,
    socket: Uuid,
    (from_us, to_us): (i64, i64),
    after: Option<After>,
    limit: u64,
) -> Result<Vec<(After, Reading)>> {
    let mut rows = tx.all::<Entity>().filter(C::SocketId.eq(socket)).filter(C::AtUs.lt(to_us));
    rows = rows.filter(C::AtUs.gte(after.map_or(from_us, |(at_us, _, _)| at_us.max(from_us))));
    if let Some((at_us, sequence, content)) = after {
        let same = Condition::all().add(C::AtUs.eq(at_us));
        let later = same.clone().add(C::Sequence.gt(sequence));
        let other = same.add(C::Sequence.eq(sequence)).add(C::Content.gt(content));
        rows = rows.filter(Condition::any().add(C::AtUs.gt(at_us)).add(later).add(other));
    }
    let rows = rows.order_by_asc(C::AtUs).order_by_asc(C::Sequence).order_by_asc(C::Content);
    let rows = rows.limit(limit.saturating_add(1)).all(tx.raw()).await?;
    rows.iter().map(|row| Ok(((row.at_us, row.sequence, row.content), reading(row)?))).collect()
}

/// The last reading of each of some sockets, which the key finds at once.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn latest(tx: &TenantTx, sockets: &[Uuid]) -> Result<HashMap<Uuid, Reading>> {
    let rows = if tx.is_postgres() { latest_together(tx, sockets).await? } else { latest_each(tx, sockets).await? };
    rows.iter().map(|row| Ok((row.socket_id, reading(row)?))).collect()
}

/// In one journey.
async fn latest_together(tx: &TenantTx, sockets: &[Uuid]) -> Result<Vec<Model>> {
    let sql = "SELECT r.* FROM UNNEST($2::uuid[]) AS s(id) CROSS JOIN LATERAL (SELECT * FROM readings \
               WHERE tenant_id = $1 AND socket_id = s.id ORDER BY at_us DESC, sequence DESC, content DESC LIMIT 1) AS r";
    let values = [tx.tenant().into(), sockets.to_vec().into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    Ok(Model::find_by_statement(statement).all(tx.raw()).await?)
}

/// Where there are no journeys.
async fn latest_each(tx: &TenantTx, sockets: &[Uuid]) -> Result<Vec<Model>> {
    let mut found = Vec::with_capacity(sockets.len());
    for socket in sockets {
        let rows = tx.all::<Entity>().filter(C::SocketId.eq(*socket));
        let rows = rows.order_by_desc(C::AtUs).order_by_desc(C::Sequence).order_by_desc(C::Content);
        found.extend(rows.limit(1).one(tx.raw()).await?);
    }
    Ok(found)
}
