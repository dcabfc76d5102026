//! Readings grow old: at first every one of them is kept, then one of some minutes, then none. On PostgreSQL the last goes by
//! whole months, which costs nothing; on SQLite, and for what lies in no month, by the row. Days that were counted stay.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use domain::time::TenantZone;
use entity::readings::{Column as C, Entity};
use entity::sockets;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// Sockets that are looked at in one transaction for whether they have anything to be thinned out.
const SOCKETS_AT_ONCE: u64 = 500;

/// Removes at most `rows_max` readings from before an instant; says how many. Rows are named by their key, since one of many
/// partitions has no place that is a row's alone, and sought by socket, for which there is an index.
///
/// # Errors
/// If the database fails.
pub async fn purge_readings(tx: &TenantTx, before: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    const KEY: &str = "socket_id, at_us, sequence, content";
    let before = if tx.is_postgres() { whole_months(tx, before).await? } else { before };
    let sql = format!(
        "DELETE FROM readings WHERE tenant_id = $1 AND at_us < $2 AND ({KEY}) IN (SELECT {KEY} FROM readings \
         WHERE tenant_id = $1 AND at_us < $2 AND socket_id IN (SELECT id FROM sockets WHERE tenant_id = $1) LIMIT $3)"
    );
    let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
    let values = [tx.tenant().into(), before.timestamp_micros().into(), rows_max.into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected())
}

/// Takes away the months that ended before an instant, and gives the begin of the one in which it lies: what is older lies in
/// no month now, and of this one nothing goes before all of it does.
async fn whole_months(tx: &TenantTx, before: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let first = before.date_naive().with_day(1).map_or(before, |first| first.and_time(NaiveTime::MIN).and_utc());
    let values = [first.timestamp_micros().into()];
    let sql = "SELECT drop_readings_before($1)";
    tx.raw().query_one_raw(Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values)).await?;
    Ok(first)
}

/// Thins out the readings of one day of one socket that are older than an instant: of what says the same quantities one in so
/// many minutes is left, the last. What is an event or an increment stays: no later reading says it again. Says whether there
/// was such a day.
///
/// # Errors
/// If the database fails.
pub async fn thin_readings(tx: &TenantTx, before: DateTime<Utc>, minutes: i64) -> Result<bool> {
    let zone = TenantZone::default();
    let last = zone.date_of(before);
    let (socket, day) = match next_to_thin(tx, last).await? {
        Next::Day(socket, day) => (socket, day),
        Next::LookOn => return Ok(true),
        Next::Through => return Ok(false),
    };
    let next = day.succ_opt().unwrap_or(day);
    if let Some((from, to)) = zone.start_of(day).zip(zone.start_of(next)) {
        thin(tx, socket, (from.timestamp_micros(), to.timestamp_micros()), minutes).await?;
    }
    let thinned = sockets::ActiveModel { id: Set(socket), thinned_to: Set(Some(next)), ..Default::default() };
    tx.update(thinned).await?;
    Ok(true)
}

/// What there is to be thinned out.
enum Next {
    /// A day of a socket.
    Day(Uuid, NaiveDate),
    /// Of those that were looked at nothing; there may be more of them.
    LookOn,
    /// Nothing.
    Through,
}

/// A socket with a day, before `last`, whose readings were not thinned out yet: the first on which it said anything. Of those
/// that said nothing before then it is written down; so many are looked at.
async fn next_to_thin(tx: &TenantTx, last: NaiveDate) -> Result<Next> {
    use sockets::Column as S;
    let zone = TenantZone::default();
    let Some(end) = zone.start_of(last) else { return Ok(Next::Through) };
    let due = Condition::any().add(S::ThinnedTo.is_null()).add(S::ThinnedTo.lt(last));
    let rows = tx.all::<sockets::Entity>().filter(due).order_by_asc(S::Id).limit(SOCKETS_AT_ONCE);
    let (mut empty, mut found) = (vec![], None);
    for socket in rows.all(tx.raw()).await? {
        let from =
            socket.thinned_to.and_then(|day| zone.start_of(day)).map_or(i64::MIN, |from| from.timestamp_micros());
        let first = tx.all::<Entity>().select_only().column(C::AtUs).filter(C::SocketId.eq(socket.id));
        let first = first.filter(C::AtUs.gte(from)).filter(C::AtUs.lt(end.timestamp_micros())).order_by_asc(C::AtUs);
        let first = first.into_tuple::<i64>().one(tx.raw()).await?;
        found = first.and_then(DateTime::from_timestamp_micros).map(|at| (socket.id, zone.date_of(at)));
        if found.is_some() {
            break;
        }
        empty.push(socket.id);
    }
    if empty.is_empty() {
        return Ok(found.map_or(Next::Through, |(socket, day)| Next::Day(socket, day)));
    }
    let through = tx.update_all::<sockets::Entity>().col_expr(S::ThinnedTo, Expr::value(Some(last)));
    through.filter(S::Id.is_in(empty)).exec(tx.raw()).await?;
    Ok(found.map_or(Next::LookOn, |(socket, day)| Next::Day(socket, day)))
}

async fn thin(tx: &TenantTx, socket: Uuid, (from_us, to_us): (i64, i64), minutes: i64) -> Result<()> {
    const KEY: &str = "socket_id, at_us, sequence, content";
    let sql = format!(
        "DELETE FROM readings WHERE tenant_id = $1 AND socket_id = $2 AND at_us >= $3 AND at_us < $4 AND ({KEY}) IN (\
         SELECT {KEY} FROM (SELECT {KEY}, ROW_NUMBER() OVER (PARTITION BY at_us / $5, power_mw IS NULL, voltage_mv IS NULL, \
         current_ma IS NULL, energy_total_mwh IS NULL ORDER BY at_us DESC, sequence DESC, content DESC) AS place \
         FROM readings WHERE tenant_id = $1 AND socket_id = $2 AND at_us >= $3 AND at_us < $4 \
         AND energy_added_mwh IS NULL AND online IS NULL AND (relay_on IS NULL OR power_mw IS NOT NULL)) AS o \
         WHERE o.place > 1)"
    );
    let width_us = minutes.saturating_mul(60_000_000);
    let values = [tx.tenant().into(), socket.into(), from_us.into(), to_us.into(), width_us.into()];
    tx.raw().execute_raw(Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values)).await?;
    Ok(())
}
