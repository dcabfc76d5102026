//! The SQL of bindings. Whoever binds or unbinds holds the machine's row and then the socket's, in this order, so that of
//! two who would overlap the second sees the first.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{dirty_days, socket_bindings as table, sockets};
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use table::Column as C;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::devices) use sockets::Model as SocketRow;
pub(in crate::devices) use table::Model as BindingRow;

/// A time during which a socket was at a machine: from its first instant up to, and without, its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::devices) struct Bound {
    /// Which socket.
    pub(in crate::devices) socket: Uuid,
    /// Since when.
    pub(in crate::devices) from: DateTime<Utc>,
    /// Until when; none while it lasts.
    pub(in crate::devices) to: Option<DateTime<Utc>>,
}

impl From<BindingRow> for Bound {
    fn from(row: BindingRow) -> Self {
        Self { socket: row.socket_id, from: row.from_at, to: row.to_at }
    }
}

/// Overlapping a time, of which the end may be open.
fn within(from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> Condition {
    let lasts = Condition::any().add(C::ToAt.is_null()).add(C::ToAt.gt(from));
    Condition::all().add(lasts).add_option(to.map(|to| C::FromAt.lt(to)))
}

/// What was at a machine in a time, in the order of time.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn of_equipment(
    tx: &TenantTx,
    equipment: Uuid,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Bound>> {
    let rows = tx.all::<table::Entity>().filter(C::EquipmentId.eq(equipment)).filter(within(from, Some(to)));
    Ok(rows.order_by_asc(C::FromAt).all(tx.raw()).await?.into_iter().map(Bound::from).collect())
}

/// Up to which day the readings of any socket that was at a machine in a time were thinned out.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn thinned_to(
    tx: &TenantTx,
    equipment: Uuid,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<NaiveDate>> {
    let ids: Vec<Uuid> = of_equipment(tx, equipment, from, to).await?.into_iter().map(|bound| bound.socket).collect();
    let rows = tx.all::<sockets::Entity>().select_only().column(sockets::Column::ThinnedTo);
    let rows = rows.filter(sockets::Column::Id.is_in(ids));
    let days: Vec<Option<NaiveDate>> = rows.into_tuple().all(tx.raw()).await?;
    Ok(days.into_iter().flatten().max())
}

/// Every machine that a socket ever was at: where a binding is ended in the past, the days after it are counted anew for a
/// machine at which the socket is no longer.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn machines_of_socket(tx: &TenantTx, socket: Uuid) -> Result<Vec<Uuid>> {
    let ids = tx.all::<table::Entity>().select_only().column(C::EquipmentId).filter(C::SocketId.eq(socket));
    Ok(ids.distinct().order_by_asc(C::EquipmentId).into_tuple().all(tx.raw()).await?)
}

/// What stands in the way of binding a socket to a machine for a time: the first of its kind.
pub(super) async fn overlapping(
    tx: &TenantTx,
    socket: Uuid,
    equipment: Uuid,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<Option<BindingRow>> {
    let either = Condition::any().add(C::SocketId.eq(socket)).add(C::EquipmentId.eq(equipment));
    let rows = tx.all::<table::Entity>().filter(either).filter(within(from, to));
    Ok(rows.order_by_asc(C::FromAt).one(tx.raw()).await?)
}

/// The binding of a machine that lasts.
pub(super) async fn in_force(tx: &TenantTx, equipment: Uuid) -> Result<Option<BindingRow>> {
    let rows = tx.all::<table::Entity>().filter(C::EquipmentId.eq(equipment)).filter(C::ToAt.is_null());
    Ok(rows.one(tx.raw()).await?)
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<BindingRow>> {
    tx.get::<table::Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<BindingRow>> {
    tx.lock::<table::Entity>(id).await
}

/// A page of what was at a machine, oldest record first.
pub(super) async fn page(tx: &TenantTx, equipment: Uuid, at: Cursor) -> Result<Vec<BindingRow>> {
    let mut rows = tx.all::<table::Entity>().filter(C::EquipmentId.eq(equipment));
    if let Some(after) = at.after {
        rows = rows.filter(C::Id.gt(after));
    }
    Ok(rows.order_by_asc(C::Id).limit(at.fetch()).all(tx.raw()).await?)
}

pub(in crate::devices) async fn insert(
    tx: &TenantTx,
    socket: Uuid,
    equipment: Uuid,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<BindingRow> {
    let row = BindingRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        socket_id: socket,
        equipment_id: equipment,
        from_at: from,
        to_at: to,
        version: 1,
        created_by: tx.actor().id,
        created_at: tx.now(),
    };
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Ends a binding of a machine that is locked.
pub(super) async fn end(tx: &TenantTx, mut row: BindingRow, at: DateTime<Utc>) -> Result<BindingRow> {
    row.to_at = Some(at);
    row.version = row.version.saturating_add(1);
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}

pub(super) async fn socket(tx: &TenantTx, id: Uuid) -> Result<Option<SocketRow>> {
    tx.get::<sockets::Entity>(id).await
}

pub(super) async fn lock_socket(tx: &TenantTx, id: Uuid) -> Result<Option<SocketRow>> {
    tx.lock::<sockets::Entity>(id).await
}

pub(super) async fn sockets(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<SocketRow>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows = tx.all::<sockets::Entity>().filter(sockets::Column::Id.is_in(ids.iter().copied()));
    Ok(rows.all(tx.raw()).await?)
}

/// Notes days of a socket that are to be counted anew; those noted already stay as they are.
pub(in crate::devices) async fn mark_dirty(tx: &TenantTx, socket: Uuid, days: &[NaiveDate]) -> Result<()> {
    use dirty_days::{ActiveModel, Column, Entity, Model};
    let rows: Vec<ActiveModel> = days
        .iter()
        .map(|day| Model { tenant_id: tx.tenant(), socket_id: socket, day: *day }.into_active_model())
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let known = OnConflict::columns([Column::TenantId, Column::SocketId, Column::Day]).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx.raw()).await?;
    Ok(())
}
