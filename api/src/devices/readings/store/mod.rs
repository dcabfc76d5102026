//! The SQL of readings. They are kept as they came; that one is there already is no failure but an outcome.

mod content;
mod given;
mod postgres;
mod purge;
mod read;
mod sockets;
mod sqlite;

pub(in crate::devices) use content::bytes as content_bytes;
pub(in crate::devices) use given::{Given, Put};
pub use purge::{purge_readings, thin_readings};
pub(in crate::devices) use read::{After, Most, beside, between, latest, page, tells_energy};
pub(in crate::devices) use sockets::KnownSockets;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use domain::devices::utilisation::REACH_S;
use domain::time::TenantZone;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use given::Row;

/// Keeps what is not there yet, marks the days that it belongs to, and says of each what became of it. Commit it as
/// bookkeeping: a reading is evidence of a machine and no change of the firm's business, and millions of them a day would
/// drown the chain of those.
///
/// Rows are written in the order of their key, so that two messages at once never wait for each other in a circle.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn put(
    tx: &TenantTx,
    known: &KnownSockets,
    source: Uuid,
    given: &[Given],
) -> Result<Vec<Put>> {
    let sockets = known.of(tx, source, given).await?;
    let mut outcomes = vec![Put::Unknown; given.len()];
    let mut rows: Vec<(Row, usize)> = vec![];
    for (index, one) in given.iter().enumerate() {
        if let Some(socket) = sockets.get(&(one.device.as_str(), one.channel)) {
            rows.push((Row::of(*socket, &one.reading), index));
        }
    }
    rows.sort_unstable_by_key(|(row, index)| (row.key(), *index));
    // of the same said twice in one message the first counts
    let mut unique: Vec<Row> = Vec::with_capacity(rows.len());
    for (row, index) in &rows {
        if let Some(outcome) = outcomes.get_mut(*index) {
            *outcome = Put::Duplicate;
        }
        if unique.last().is_none_or(|last| last.key() != row.key()) {
            unique.push(row.clone());
        }
    }
    if unique.is_empty() {
        return Ok(outcomes);
    }
    let zone = TenantZone::default();
    let stored = if tx.is_postgres() {
        into_postgres(tx, known, source, zone, &unique).await?
    } else {
        sqlite::put(tx, zone, &unique).await?
    };
    let mut first: HashMap<given::Key, usize> = HashMap::with_capacity(unique.len());
    for (row, index) in &rows {
        first.entry(row.key()).or_insert(*index);
    }
    let fresh = unique.iter().zip(stored).filter(|(_, stored)| *stored);
    for index in fresh.filter_map(|(row, _)| first.get(&row.key())) {
        if let Some(outcome) = outcomes.get_mut(*index) {
            *outcome = Put::Stored;
        }
    }
    Ok(outcomes)
}

/// Rows from which on it pays to expect that all are new.
const MANY_ROWS: usize = 32;

/// As if all were new, unless the source lately sent something again.
async fn into_postgres(
    tx: &TenantTx,
    known: &KnownSockets,
    source: Uuid,
    zone: TenantZone,
    rows: &[Row],
) -> Result<Vec<bool>> {
    if rows.len() >= MANY_ROWS && !known.repeats(source) {
        if postgres::put_new(tx, zone, rows).await? {
            return Ok(vec![true; rows.len()]);
        }
        known.repeated(source);
    }
    postgres::put(tx, zone, rows).await
}

/// The days on which a reading bears: a day hangs on readings a little before and after it.
fn bears_on(zone: TenantZone, row: &Row) -> impl Iterator<Item = (Uuid, NaiveDate)> {
    const REACH_US: i64 = REACH_S * 1_000_000;
    let (socket, at_us) = (row.socket, row.at_us);
    let day = move |us: i64| {
        let at = DateTime::from_timestamp_micros(at_us.saturating_add(us))?;
        Some((socket, zone.date_of(at)))
    };
    [-REACH_US, 0, REACH_US].into_iter().filter_map(day)
}
