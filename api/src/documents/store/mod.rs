//! This area's SQL. Files lie in two tables, one for each kind of owner; what is asked of them is the same.

mod table;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::devices::document::EquipmentDocumentKind;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use self::table::{Table, on};
use super::owner::{Owner, Shelf};
use crate::error::{Error, Result};
use crate::platform::db::{ActorKind, TenantTx};
use crate::platform::outside::storage::ObjectKey;

pub(super) use self::table::Row;

pub(super) const STATE_AWAITING: &str = "awaiting";
pub(super) const STATE_READY: &str = "ready";
pub(super) const STATE_REJECTED: &str = "rejected";
pub(super) const STATE_ABANDONED: &str = "abandoned";
pub(super) const STATE_REMOVED: &str = "removed";

/// What a start writes.
pub(super) struct New<'a> {
    pub(super) owner: Owner<'a>,
    pub(super) item_key: &'a str,
    pub(super) file_name: &'a str,
    pub(super) media_type: &'a str,
    pub(super) bytes: i64,
    pub(super) sha256: Option<Vec<u8>>,
}

pub(super) async fn insert(tx: &TenantTx, new: New<'_>) -> Result<Row> {
    let (id, shelf) = (Uuid::now_v7(), new.owner.shelf());
    let row = Row {
        shelf,
        tenant_id: tx.tenant(),
        id,
        owner: new.owner.id(),
        item_key: new.item_key.to_owned(),
        version_no: last_version(tx, new.owner, new.item_key).await?.saturating_add(1),
        state: STATE_AWAITING.to_owned(),
        file_name_sealed: tx.seal(table::file_name(shelf), id, new.file_name)?,
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
        relied_on_at: None,
    };
    on!(shelf, T => tx.insert(T::write(row.clone())).await)?;
    Ok(row)
}

/// An owner's files.
fn of<T: Table>(tx: &TenantTx, owner: Owner<'_>) -> Select<T> {
    tx.all::<T>().filter(T::OWNER.eq(owner.id()))
}

/// Those that count for whoever acts. To a machine the firm and its owner add, and it changes hands: there each side has its
/// own count, so that nobody uses up what is another's, with files that the other neither sees nor may remove.
fn counted<T: Table>(tx: &TenantTx, owner: Owner<'_>) -> Select<T> {
    let (all, by) = (of::<T>(tx, owner), tx.actor());
    match owner {
        Owner::Application { .. } => all,
        Owner::Equipment(_) => {
            let side = all.filter(T::BY_KIND.eq(by.kind.key()));
            if by.kind == ActorKind::Applicant { side.filter(T::BY.eq(by.id)) } else { side }
        }
    }
}

async fn last_version(tx: &TenantTx, owner: Owner<'_>, item_key: &str) -> Result<i32> {
    let last: Option<i32> = on!(owner.shelf(), T => {
        let versions = of::<T>(tx, owner).filter(T::ITEM.eq(item_key)).select_only().column(T::VERSION_NO);
        versions.order_by_desc(T::VERSION_NO).into_tuple().one(tx.raw()).await?
    });
    Ok(last.unwrap_or(0))
}

/// How many files that count for whoever acts are there or on their way: of one item, or of all.
pub(super) async fn open_count(tx: &TenantTx, owner: Owner<'_>, item_key: Option<&str>) -> Result<u64> {
    on!(owner.shelf(), T => {
        let mut open = counted::<T>(tx, owner).filter(T::STATE.is_in([STATE_AWAITING, STATE_READY]));
        if let Some(key) = item_key {
            open = open.filter(T::ITEM.eq(key));
        }
        Ok(open.count(tx.raw()).await?)
    })
}

/// How many uploads that count for whoever acts were ever begun.
pub(super) async fn begun_count(tx: &TenantTx, owner: Owner<'_>) -> Result<u64> {
    on!(owner.shelf(), T => Ok(counted::<T>(tx, owner).count(tx.raw()).await?))
}

/// The row, locked until the transaction ends.
pub(super) async fn lock(tx: &TenantTx, shelf: Shelf, id: Uuid) -> Result<Option<Row>> {
    on!(shelf, T => Ok(tx.lock::<T>(id).await?.map(T::read)))
}

/// The document of this owner; any other is not found.
pub(super) async fn get_of(tx: &TenantTx, owner: Owner<'_>, id: Uuid) -> Result<Row> {
    let row = on!(owner.shelf(), T => tx.get::<T>(id).await?.map(T::read));
    row.filter(|row| row.owner == owner.id()).ok_or_else(Error::not_found)
}

/// The same, locked until the transaction ends.
pub(super) async fn lock_of(tx: &TenantTx, owner: Owner<'_>, id: Uuid) -> Result<Row> {
    let row = lock(tx, owner.shelf(), id).await?;
    row.filter(|row| row.owner == owner.id()).ok_or_else(Error::not_found)
}

/// Everything that was uploaded, by item and version; what never arrived is left out.
pub(super) async fn list(tx: &TenantTx, owner: Owner<'_>) -> Result<Vec<Row>> {
    on!(owner.shelf(), T => in_order::<T>(tx, of::<T>(tx, owner).filter(T::STATE.ne(STATE_ABANDONED))).await)
}

/// What can be read, by item and version.
pub(super) async fn ready(tx: &TenantTx, owner: Owner<'_>) -> Result<Vec<Row>> {
    on!(owner.shelf(), T => in_order::<T>(tx, of::<T>(tx, owner).filter(T::STATE.eq(STATE_READY))).await)
}

async fn in_order<T: Table>(tx: &TenantTx, rows: Select<T>) -> Result<Vec<Row>> {
    let rows = rows.order_by_asc(T::ITEM).order_by_asc(T::VERSION_NO).all(tx.raw()).await?;
    Ok(rows.into_iter().map(T::read).collect())
}

/// How many files of each item can be read.
pub(super) async fn ready_counts(tx: &TenantTx, owner: Owner<'_>) -> Result<BTreeMap<String, u32>> {
    let keys: Vec<String> = on!(owner.shelf(), T => {
        let ready = of::<T>(tx, owner).filter(T::STATE.eq(STATE_READY));
        ready.select_only().column(T::ITEM).into_tuple().all(tx.raw()).await?
    });
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
    save(tx, row).await
}

async fn save(tx: &TenantTx, row: &Row) -> Result<()> {
    on!(row.shelf, T => tx.update(T::write(row.clone())).await)
}

/// Takes the names of some files that were taken away or never arrived, begun up to `until`; says of how many. An empty
/// seal is no name, and what keeps its hash keeps its content and its name.
pub(super) async fn forget_names(tx: &TenantTx, shelf: Shelf, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    let nothing = Vec::<u8>::new();
    on!(shelf, T => {
        let ids: Vec<Uuid> = tx
            .all::<T>()
            .select_only()
            .column(T::ID)
            .filter(T::STATE.is_in([STATE_REMOVED, STATE_ABANDONED]))
            .filter(T::CREATED_AT.lte(until))
            .filter(T::FILE_NAME.ne(nothing.clone()))
            .filter(T::STATE.eq(STATE_ABANDONED).or(T::SHA256.is_null()))
            .limit(rows_max)
            .into_tuple()
            .all(tx.raw())
            .await?;
        let change = tx.update_all::<T>().col_expr(T::FILE_NAME, Expr::value(nothing));
        Ok(change.filter(T::ID.is_in(ids)).exec(tx.raw()).await?.rows_affected)
    })
}

/// Marks a locked row as taken away. Without its content it loses the hash, which is how the two kinds are told apart.
pub(super) async fn take_away(tx: &TenantTx, row: &Row, keeps_content: bool) -> Result<()> {
    let mut row = row.clone();
    STATE_REMOVED.clone_into(&mut row.state);
    row.version = row.version.saturating_add(1);
    row.sha256 = row.sha256.filter(|_| keeps_content);
    save(tx, &row).await
}

/// Notes on a machine's ready photos, or on one of its files, that something rests on them from now on; what is noted stays.
pub(super) async fn rely_on(tx: &TenantTx, equipment: Uuid, document: Option<Uuid>) -> Result<()> {
    use entity::equipment_documents::{Column, Entity};
    let noted = tx.update_all::<Entity>().col_expr(Column::ReliedOnAt, Expr::value(tx.now()));
    let noted = noted
        .filter(Column::EquipmentId.eq(equipment))
        .filter(Column::State.eq(STATE_READY))
        .filter(Column::ReliedOnAt.is_null());
    let noted = match document {
        Some(id) => noted.filter(Column::Id.eq(id)),
        None => {
            let photos = EquipmentDocumentKind::ALL.iter().filter(|kind| kind.is_photo());
            noted.filter(Column::Kind.is_in(photos.map(|kind| kind.code())))
        }
    };
    noted.exec(tx.raw()).await?;
    Ok(())
}

/// Whether a row that was taken away still has its content, because something rests on it.
pub(super) fn is_kept(row: &Row) -> bool {
    row.state == STATE_REMOVED && row.sha256.is_some()
}

/// The file's name in clear; empty where it was forgotten.
pub(super) fn file_name(tx: &TenantTx, row: &Row) -> Result<String> {
    if row.file_name_sealed.is_empty() {
        return Ok(String::new());
    }
    tx.open(table::file_name(row.shelf), row.id, &row.file_name_sealed)
}

/// Where the row's object lies.
pub(super) fn object_key(row: &Row) -> ObjectKey {
    ObjectKey::new(row.tenant_id, row.id, u32::try_from(row.version_no).unwrap_or(0))
}
