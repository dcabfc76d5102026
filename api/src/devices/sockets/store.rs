//! This folder's SQL.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::sockets::{ActiveModel, Column as C, Entity};
use entity::{equipment, socket_bindings as bindings, telemetry_sources as sources};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::devices) use entity::sockets::Model as SocketRow;

/// A socket to be added.
pub(in crate::devices) struct NewRow {
    pub source: Uuid,
    pub device: String,
    pub channel: i32,
    pub label: Option<String>,
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<SocketRow>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<SocketRow>> {
    tx.lock::<Entity>(id).await
}

/// The socket that a source names so.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn find(tx: &TenantTx, source: Uuid, device: &str, channel: i32) -> Result<Option<Uuid>> {
    let rows = tx.all::<Entity>().filter(C::SourceId.eq(source)).filter(C::Device.eq(device));
    Ok(rows.filter(C::Channel.eq(channel)).one(tx.raw()).await?.map(|row| row.id))
}

pub(in crate::devices) async fn insert(tx: &TenantTx, new: &NewRow) -> Result<SocketRow> {
    let row = SocketRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        source_id: new.source,
        device: new.device.clone(),
        channel: new.channel,
        label: new.label.clone(),
        thinned_to: None,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back as its next version.
pub(super) async fn save(tx: &TenantTx, mut row: SocketRow) -> Result<SocketRow> {
    row.version = row.version.saturating_add(1);
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}

/// Which sockets are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub source: Option<Uuid>,
    pub unbound: Option<bool>,
}

/// A page of sockets within a scope, oldest first.
pub(super) async fn page(tx: &TenantTx, wanted: &Wanted, scope: &ScopeFilter, at: Cursor) -> Result<Vec<SocketRow>> {
    let of = |column: C| Expr::col((Entity, column));
    let mut condition = Condition::all()
        .add_option(wanted.source.map(|source| of(C::SourceId).eq(source)))
        .add_option(at.after.map(|after| of(C::Id).gt(after)));
    if let Some(unbound) = wanted.unbound {
        let bound = bound_now(tx);
        condition =
            condition.add(if unbound { of(C::Id).not_in_subquery(bound) } else { of(C::Id).in_subquery(bound) });
    }
    if let Some(outside) = outside(scope) {
        let mut hidden = bound_now(tx);
        at_machines(&mut hidden);
        condition = condition.add(of(C::Id).not_in_subquery(hidden.cond_where(outside).to_owned()));
    }
    let rows = tx.all::<Entity>().filter(condition).order_by_asc(C::Id);
    Ok(rows.limit(at.fetch()).all(tx.raw()).await?)
}

/// Sockets that are at a machine now.
fn bound_now(tx: &TenantTx) -> SelectStatement {
    use bindings::Column as B;
    let of = |column: B| Expr::col((bindings::Entity, column));
    let open = Condition::any().add(of(B::ToAt).is_null()).add(of(B::ToAt).gt(tx.now()));
    Query::select()
        .column((bindings::Entity, B::SocketId))
        .from(bindings::Entity)
        .and_where(of(B::TenantId).eq(tx.tenant()))
        .and_where(of(B::FromAt).lte(tx.now()))
        .cond_where(open)
        .to_owned()
}

fn at_machines(bindings_of: &mut SelectStatement) {
    use bindings::Column as B;
    use equipment::Column as E;
    let same = Condition::all()
        .add(Expr::col((equipment::Entity, E::TenantId)).equals((bindings::Entity, B::TenantId)))
        .add(Expr::col((equipment::Entity, E::Id)).equals((bindings::Entity, B::EquipmentId)));
    bindings_of.inner_join(equipment::Entity, same);
}

/// What makes a machine lie outside a scope.
fn outside(scope: &ScopeFilter) -> Option<Condition> {
    use equipment::Column as E;
    let of = |column: E| Expr::col((equipment::Entity, column));
    let (column, others) = match scope {
        ScopeFilter::All => return None,
        ScopeFilter::Departments(departments) => {
            (E::DepartmentId, of(E::DepartmentId).is_not_in(departments.iter().copied()))
        }
        ScopeFilter::Own(staff) => (E::OfficerId, of(E::OfficerId).ne(*staff)),
    };
    Some(Condition::any().add(of(column).is_null()).add(others))
}

/// Until when sockets were at machines outside a scope, each time that they were at one.
pub(super) async fn bound_outside(
    tx: &TenantTx,
    scope: &ScopeFilter,
    sockets: &[Uuid],
) -> Result<Vec<(Uuid, Option<DateTime<Utc>>)>> {
    use bindings::Column as B;
    let Some(outside) = outside(scope).filter(|_| !sockets.is_empty()) else { return Ok(vec![]) };
    let mut rows = tx.all::<bindings::Entity>().select_only().columns([B::SocketId, B::ToAt]);
    at_machines(sea_orm::QueryTrait::query(&mut rows));
    let rows = rows.filter(B::SocketId.is_in(sockets.iter().copied())).filter(B::FromAt.lte(tx.now()));
    Ok(rows.filter(outside).into_tuple().all(tx.raw()).await?)
}

/// Names of the sources of some sockets, by id.
pub(super) async fn source_names(tx: &TenantTx, rows: &[SocketRow]) -> Result<HashMap<Uuid, String>> {
    let ids: HashSet<Uuid> = rows.iter().map(|row| row.source_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = tx.all::<sources::Entity>().filter(sources::Column::Id.is_in(ids));
    Ok(query.all(tx.raw()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
