//! This folder's SQL.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use domain::devices::intake::{QuarantineReason, QuarantineState};
use domain::devices::reading::Reading;
use entity::quarantined_readings::{ActiveModel, Column as C, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};
use uuid::Uuid;

use super::aside::{Aside, KeptReading};
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::quarantined_readings::Model as QuarantinedRow;

/// Most rows of one source that wait for somebody: whoever sends more is told so, and sends again. What was accepted before it
/// was known to be too much is kept beyond it.
pub(super) const OPEN_MAX: u64 = 100_000;
/// Rows of one statement.
const ROWS_AT_ONCE: usize = 1_000;
/// How long what was decided is kept, days: a quarter, in which somebody may ask why.
const DECIDED_KEPT_DAYS: i64 = 90;
/// Where what was sent is sealed.
const RAW: &str = "quarantined_readings.raw";

/// How much is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::devices) enum Room {
    /// As much as there is room for: whoever sent it is told.
    Bounded,
    /// All: it was accepted before, and there is nobody to tell.
    Always,
}

/// How many rows of a source there is room for.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn room(tx: &TenantTx, source: Uuid) -> Result<u64> {
    let open = tx.all::<Entity>().filter(C::SourceId.eq(source)).filter(C::State.eq(QuarantineState::Open.code()));
    Ok(OPEN_MAX.saturating_sub(open.count(tx.raw()).await?))
}

/// Sets things aside, each once; says of each whether it is kept, which it is not where the source's quarantine is full.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn keep(tx: &TenantTx, source: Uuid, asides: &[&Aside], bound: Room) -> Result<Vec<bool>> {
    // in the order of their key, so that two messages never wait for each other in a circle
    let mut unique: Vec<&Aside> = asides.to_vec();
    unique.sort_unstable_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
    unique.dedup_by(|a, b| a.fingerprint == b.fingerprint);
    if unique.is_empty() {
        return Ok(vec![]);
    }
    let room = match bound {
        Room::Bounded => usize::try_from(room(tx, source).await?).unwrap_or(usize::MAX),
        Room::Always => usize::MAX,
    };
    let mut lost = HashSet::new();
    if unique.len() > room {
        let there = known(tx, source, &unique).await?;
        unique.retain(|aside| !there.contains(&aside.fingerprint));
        lost.extend(unique.split_off(unique.len().min(room)).into_iter().map(|aside| aside.fingerprint.clone()));
    }
    for some in unique.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|aside| row(tx, source, aside)).collect::<Result<Vec<_>>>()?;
        let once = OnConflict::columns([C::TenantId, C::SourceId, C::Fingerprint]).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx.raw()).await?;
    }
    Ok(asides.iter().map(|aside| !lost.contains(&aside.fingerprint)).collect())
}

/// Which of these are there already.
async fn known(tx: &TenantTx, source: Uuid, asides: &[&Aside]) -> Result<HashSet<Vec<u8>>> {
    let mut there = HashSet::new();
    for some in asides.chunks(ROWS_AT_ONCE) {
        let rows = tx.all::<Entity>().select_only().column(C::Fingerprint).filter(C::SourceId.eq(source));
        let rows = rows.filter(C::Fingerprint.is_in(some.iter().map(|aside| aside.fingerprint.clone())));
        there.extend(rows.into_tuple::<Vec<u8>>().all(tx.raw()).await?);
    }
    Ok(there)
}

fn row(tx: &TenantTx, source: Uuid, aside: &Aside) -> Result<ActiveModel> {
    let id = Uuid::now_v7();
    let reading = aside.reading.as_ref().map(|reading| serde_json::to_value(KeptReading::of(reading))).transpose()?;
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        source_id: source,
        fingerprint: aside.fingerprint.clone(),
        device: aside.device.clone(),
        channel: aside.channel,
        at_us: aside.reading.map(|reading| reading.at.timestamp_micros()),
        reason: aside.reason.code().to_owned(),
        pointer: aside.pointer.clone(),
        code: aside.code.map(str::to_owned),
        reading,
        raw_sealed: aside.raw.as_ref().map(|raw| tx.seal(RAW, id, raw)).transpose()?,
        state: QuarantineState::Open.code().to_owned(),
        received_at: tx.now(),
        decided_by: None,
        decided_at: None,
    };
    Ok(row.into_active_model())
}

/// What was sent, of a row that could not be read.
pub(super) fn raw(tx: &TenantTx, row: &QuarantinedRow) -> Result<Option<String>> {
    row.raw_sealed.as_ref().map(|sealed| tx.open(RAW, row.id, sealed)).transpose()
}

/// Which rows are looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub state: Option<QuarantineState>,
    pub reason: Option<QuarantineReason>,
    pub source: Option<Uuid>,
    pub device: Option<String>,
}

/// A page, newest first.
pub(super) async fn page(tx: &TenantTx, wanted: &Wanted, at: Cursor) -> Result<Vec<QuarantinedRow>> {
    let mut condition = Condition::all()
        .add_option(wanted.state.map(|state| C::State.eq(state.code())))
        .add_option(wanted.reason.map(|reason| C::Reason.eq(reason.code())))
        .add_option(wanted.source.map(|source| C::SourceId.eq(source)))
        .add_option(wanted.device.as_ref().map(|device| C::Device.eq(device.as_str())));
    condition = condition.add_option(at.after.map(|after| C::Id.lt(after)));
    let rows = tx.all::<Entity>().filter(condition).order_by_desc(C::Id);
    Ok(rows.limit(at.fetch()).all(tx.raw()).await?)
}

/// A row that nobody else decides on until the transaction ends.
pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<QuarantinedRow>> {
    tx.lock::<Entity>(id).await
}

/// A device and channel of a source that readings were set aside of.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct DeviceRow {
    pub source_id: Uuid,
    pub device: String,
    pub channel: i32,
    pub readings: i64,
    pub first_us: i64,
    pub last_us: i64,
}

/// Devices that no socket is known for, those first that most was set aside of.
pub(super) async fn devices(tx: &TenantTx, source: Option<Uuid>, rows_max: i64) -> Result<Vec<DeviceRow>> {
    let mut values: Vec<sea_orm::Value> = vec![
        tx.tenant().into(),
        QuarantineState::Open.code().into(),
        QuarantineReason::UnknownDevice.code().into(),
        rows_max.into(),
    ];
    let mut of_source = "";
    if let Some(source) = source {
        values.push(source.into());
        of_source = "AND source_id = $5";
    }
    let sql = format!(
        "SELECT source_id, device, channel, COUNT(*) AS readings, MIN(at_us) AS first_us, MAX(at_us) AS last_us \
         FROM quarantined_readings WHERE tenant_id = $1 AND state = $2 AND reason = $3 {of_source} \
         AND device IS NOT NULL AND channel IS NOT NULL AND at_us IS NOT NULL \
         GROUP BY source_id, device, channel ORDER BY readings DESC, source_id, device, channel LIMIT $4"
    );
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(DeviceRow::find_by_statement(statement).all(tx.raw()).await?)
}

/// A channel of a device of a source.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub source: Uuid,
    pub device: String,
    pub channel: i32,
}

fn open_of(place: &Place) -> Condition {
    Condition::all()
        .add(C::SourceId.eq(place.source))
        .add(C::State.eq(QuarantineState::Open.code()))
        .add(C::Device.eq(place.device.as_str()))
        .add(C::Channel.eq(place.channel))
}

/// How many readings of a place wait.
pub(super) async fn count_open(tx: &TenantTx, place: &Place) -> Result<u64> {
    Ok(tx.all::<Entity>().filter(open_of(place)).filter(C::Reading.is_not_null()).count(tx.raw()).await?)
}

/// Some readings of a place that wait, after a row, locked in the order of their ids: those without a socket alone, or all
/// that do not lie beyond `latest_us`.
pub(super) async fn waiting(
    tx: &TenantTx,
    place: &Place,
    latest_us: Option<i64>,
    after: Option<Uuid>,
    rows_max: u64,
) -> Result<Vec<(Uuid, Reading)>> {
    use entity::quarantined_readings::Column;
    let wanted = match latest_us {
        Some(latest_us) => C::AtUs.lte(latest_us),
        None => C::Reason.eq(QuarantineReason::UnknownDevice.code()),
    };
    let rows = tx.all::<Entity>().filter(open_of(place)).filter(C::Reading.is_not_null()).filter(wanted);
    let rows = rows.filter(Condition::all().add_option(after.map(|after| C::Id.gt(after))));
    let rows = rows.order_by_asc(Column::Id).limit(rows_max).lock_exclusive().all(tx.raw()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let kept: Option<KeptReading> = row.reading.map(serde_json::from_value).transpose()?;
        found.extend(kept.and_then(|kept| kept.reading()).map(|reading| (row.id, reading)));
    }
    Ok(found)
}

fn decided(state: QuarantineState, by: Uuid, at: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        state: Set(state.code().to_owned()),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(at)),
        ..Default::default()
    }
}

/// Decides on rows that are open.
pub(super) async fn decide(tx: &TenantTx, ids: &[Uuid], state: QuarantineState, by: Uuid) -> Result<()> {
    let open = C::State.eq(QuarantineState::Open.code());
    let change = tx.update_all::<Entity>().set(decided(state, by, tx.now()));
    change.filter(C::Id.is_in(ids.iter().copied())).filter(open).exec(tx.raw()).await?;
    Ok(())
}

/// Dismisses all open rows of a source, or of one device of it, or of one channel of that; says how many.
pub(super) async fn dismiss_all(
    tx: &TenantTx,
    source: Uuid,
    device: Option<&str>,
    channel: Option<i32>,
    by: Uuid,
) -> Result<u64> {
    let of = Condition::all()
        .add(C::SourceId.eq(source))
        .add(C::State.eq(QuarantineState::Open.code()))
        .add_option(device.map(|device| C::Device.eq(device)))
        .add_option(channel.map(|channel| C::Channel.eq(channel)));
    let change = tx.update_all::<Entity>().set(decided(QuarantineState::Dismissed, by, tx.now())).filter(of);
    Ok(change.exec(tx.raw()).await?.rows_affected)
}

/// Removes at most `rows_max` rows that were decided on long ago; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_quarantine(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let over = tx.now() - Duration::days(DECIDED_KEPT_DAYS);
    let spent = Condition::all().add(C::State.ne(QuarantineState::Open.code())).add(C::DecidedAt.lte(over));
    tx.delete_some::<Entity>(spent, rows_max).await
}

/// Names of sources, by id.
pub(super) async fn source_names(tx: &TenantTx, rows: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>> {
    use entity::telemetry_sources::{Column, Entity};
    let ids: HashSet<Uuid> = rows.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = tx.all::<Entity>().filter(Column::Id.is_in(ids));
    Ok(query.all(tx.raw()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
