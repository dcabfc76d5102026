//! This area's SQL.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::documents::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::ObjectKey;

pub(super) use entity::documents::Model as Row;

pub(super) const STATE_AWAITING: &str = "awaiting";
pub(super) const STATE_READY: &str = "ready";
pub(super) const STATE_REJECTED: &str = "rejected";
pub(super) const STATE_ABANDONED: &str = "abandoned";
pub(super) const STATE_REMOVED: &str = "removed";

/// Where names are sealed: what a person called a file often holds a name.
const FILE_NAME: &str = "documents.file_name";

/// What a start writes.
pub(super) struct New<'a> {
    pub(super) application: Uuid,
    pub(super) item_key: &'a str,
    pub(super) file_name: &'a str,
    pub(super) media_type: &'a str,
    pub(super) bytes: i64,
    pub(super) sha256: Option<Vec<u8>>,
}

pub(super) async fn insert(tx: &TenantTx, new: New<'_>) -> Result<Row> {
    let id = Uuid::now_v7();
    let row = Row {
        tenant_id: tx.tenant(),
        id,
        application_id: new.application,
        item_key: new.item_key.to_owned(),
        version_no: last_version(tx, new.application, new.item_key).await?.saturating_add(1),
        state: STATE_AWAITING.to_owned(),
        file_name_sealed: tx.seal(FILE_NAME, id, new.file_name)?,
        declared_bytes: new.bytes,
        declared_type: new.media_type.to_owned(),
        media_type: None,
        sha256: new.sha256,
        uploaded_by_kind: tx.actor().kind.key().to_owned(),
        uploaded_by: tx.actor().id,
        refusal: None,
        version: 1,
        created_at: tx.now(),
        finished_at: None,
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

async fn last_version(tx: &TenantTx, application: Uuid, item_key: &str) -> Result<i32> {
    let last = tx
        .all::<Entity>()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::ItemKey.eq(item_key))
        .order_by_desc(Column::VersionNo)
        .one(tx.raw())
        .await?;
    Ok(last.map_or(0, |row| row.version_no))
}

/// How many of an item's files are there or on their way.
pub(super) async fn open_count(tx: &TenantTx, application: Uuid, item_key: &str) -> Result<u64> {
    let open = tx
        .all::<Entity>()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::ItemKey.eq(item_key))
        .filter(Column::State.is_in([STATE_AWAITING, STATE_READY]));
    Ok(open.count(tx.raw()).await?)
}

/// How many uploads of an application were ever begun.
pub(super) async fn begun_count(tx: &TenantTx, application: Uuid) -> Result<u64> {
    Ok(tx.all::<Entity>().filter(Column::ApplicationId.eq(application)).count(tx.raw()).await?)
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.lock::<Entity>(id).await
}

/// The document of this application; any other is not found.
pub(super) async fn get_of(tx: &TenantTx, application: Uuid, id: Uuid) -> Result<Row> {
    get(tx, id).await?.filter(|row| row.application_id == application).ok_or_else(Error::not_found)
}

/// The same, locked until the transaction ends.
pub(super) async fn lock_of(tx: &TenantTx, application: Uuid, id: Uuid) -> Result<Row> {
    lock(tx, id).await?.filter(|row| row.application_id == application).ok_or_else(Error::not_found)
}

/// Everything that was uploaded, by item and version; what never arrived is left out.
pub(super) async fn list(tx: &TenantTx, application: Uuid) -> Result<Vec<Row>> {
    let rows = tx
        .all::<Entity>()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.ne(STATE_ABANDONED))
        .order_by_asc(Column::ItemKey)
        .order_by_asc(Column::VersionNo)
        .all(tx.raw())
        .await?;
    Ok(rows)
}

/// What can be read, by item and version.
pub(super) async fn ready(tx: &TenantTx, application: Uuid) -> Result<Vec<Row>> {
    let rows = tx
        .all::<Entity>()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.eq(STATE_READY))
        .order_by_asc(Column::ItemKey)
        .order_by_asc(Column::VersionNo)
        .all(tx.raw())
        .await?;
    Ok(rows)
}

/// How many files of each item can be read.
pub(super) async fn ready_counts(tx: &TenantTx, application: Uuid) -> Result<BTreeMap<String, u32>> {
    let keys: Vec<String> = tx
        .all::<Entity>()
        .select_only()
        .column(Column::ItemKey)
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.eq(STATE_READY))
        .into_tuple()
        .all(tx.raw())
        .await?;
    let mut counts = BTreeMap::<String, u32>::new();
    for key in keys {
        let count = counts.entry(key).or_default();
        *count = count.saturating_add(1);
    }
    Ok(counts)
}

/// A change of a row that was locked; the row is then as it is stored.
#[derive(Default)]
pub(super) struct Change {
    pub(super) state: Option<&'static str>,
    pub(super) media_type: Option<String>,
    pub(super) sha256: Option<Vec<u8>>,
    pub(super) refusal: Option<&'static str>,
    pub(super) finished: bool,
}

pub(super) async fn change(tx: &TenantTx, row: &mut Row, change: Change) -> Result<()> {
    row.version = row.version.saturating_add(1);
    if let Some(state) = change.state {
        row.state = state.to_owned();
    }
    row.media_type = change.media_type.or(row.media_type.take());
    row.sha256 = change.sha256.or(row.sha256.take());
    row.refusal = change.refusal.map(str::to_owned).or(row.refusal.take());
    row.finished_at = if change.finished { Some(tx.now()) } else { row.finished_at };
    tx.update(ActiveModel {
        id: Set(row.id),
        state: Set(row.state.clone()),
        media_type: Set(row.media_type.clone()),
        sha256: Set(row.sha256.clone()),
        refusal: Set(row.refusal.clone()),
        version: Set(row.version),
        finished_at: Set(row.finished_at),
        ..Default::default()
    })
    .await
}

/// Takes the names of some files that were taken away or never arrived, begun up to `until`; says of how many. An empty
/// seal is no name, and what keeps its hash keeps its content and its name.
pub(super) async fn forget_names(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    let nothing = Vec::<u8>::new();
    let ids: Vec<Uuid> = tx
        .all::<Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.is_in([STATE_REMOVED, STATE_ABANDONED]))
        .filter(Column::CreatedAt.lte(until))
        .filter(Column::FileNameSealed.ne(nothing.clone()))
        .filter(Column::State.eq(STATE_ABANDONED).or(Column::Sha256.is_null()))
        .limit(rows_max)
        .into_tuple()
        .all(tx.raw())
        .await?;
    let change = ActiveModel { file_name_sealed: Set(nothing), ..Default::default() };
    let done = tx.update_all::<Entity>().set(change).filter(Column::Id.is_in(ids)).exec(tx.raw()).await?;
    Ok(done.rows_affected)
}

/// Marks a locked row as taken away. Without its content it loses the hash, which is how the two kinds are told apart.
pub(super) async fn take_away(tx: &TenantTx, row: &Row, keeps_content: bool) -> Result<()> {
    let mut change = ActiveModel {
        id: Set(row.id),
        state: Set(STATE_REMOVED.to_owned()),
        version: Set(row.version.saturating_add(1)),
        ..Default::default()
    };
    if !keeps_content {
        change.sha256 = Set(None);
    }
    tx.update(change).await
}

/// Whether a row that was taken away still has its content, because a submission named it.
pub(super) fn is_kept(row: &Row) -> bool {
    row.state == STATE_REMOVED && row.sha256.is_some()
}

/// The file's name in clear; empty where it was forgotten.
pub(super) fn file_name(tx: &TenantTx, row: &Row) -> Result<String> {
    if row.file_name_sealed.is_empty() {
        return Ok(String::new());
    }
    tx.open(FILE_NAME, row.id, &row.file_name_sealed)
}

/// Where the row's object lies.
pub(super) fn object_key(row: &Row) -> ObjectKey {
    ObjectKey::new(row.tenant_id, row.id, u32::try_from(row.version_no).unwrap_or(0))
}
