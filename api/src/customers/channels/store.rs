//! This folder's SQL: channels and their people.

use std::collections::HashMap;

use domain::customers::ChannelKind;
use entity::{channel_members as members, channels as table};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use members::Model as MemberRow;
pub(super) use table::Model as ChannelRow;

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<ChannelRow>> {
    tx.get::<table::Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<ChannelRow>> {
    tx.lock::<table::Entity>(id).await
}

/// Whether there is such a channel and it works.
pub(in crate::customers) async fn is_active(tx: &TenantTx, id: Uuid) -> Result<bool> {
    Ok(get(tx, id).await?.is_some_and(|row| row.active))
}

/// Whether there is such a channel and it works, and goes on working until the transaction ends; `None` where there is
/// none.
pub(in crate::customers) async fn lock_active(tx: &TenantTx, id: Uuid) -> Result<Option<bool>> {
    Ok(lock(tx, id).await?.map(|row| row.active))
}

/// Names of channels, by id.
pub(in crate::customers) async fn names(tx: &TenantTx, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = tx.all::<table::Entity>().filter(table::Column::Id.is_in(ids.iter().copied()));
    Ok(query.all(tx.raw()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A page of channels, oldest first.
pub(super) async fn page(tx: &TenantTx, active: Option<bool>, at: Cursor) -> Result<Vec<ChannelRow>> {
    let mut rows = tx.all::<table::Entity>();
    if let Some(active) = active {
        rows = rows.filter(table::Column::Active.eq(active));
    }
    if let Some(after) = at.after {
        rows = rows.filter(table::Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(table::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, name: &str, kind: ChannelKind) -> Result<ChannelRow> {
    let row = ChannelRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        name: name.to_owned(),
        kind: kind.code().to_owned(),
        active: true,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back.
pub(super) async fn save(tx: &TenantTx, row: ChannelRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// The working channel that somebody belongs to.
pub(in crate::customers) async fn member_channel(tx: &TenantTx, staff: Uuid) -> Result<Option<Uuid>> {
    let Some(member) = membership(tx, staff).await? else { return Ok(None) };
    Ok(is_active(tx, member.channel_id).await?.then_some(member.channel_id))
}

/// Which channel somebody belongs to, working or not.
pub(super) async fn membership(tx: &TenantTx, staff: Uuid) -> Result<Option<MemberRow>> {
    Ok(tx.all::<members::Entity>().filter(members::Column::StaffId.eq(staff)).one(tx.raw()).await?)
}

/// A page of a channel's people, in the order of their ids.
pub(super) async fn members(tx: &TenantTx, channel: Uuid, at: Cursor) -> Result<Vec<MemberRow>> {
    let mut rows = tx.all::<members::Entity>().filter(members::Column::ChannelId.eq(channel));
    if let Some(after) = at.after {
        rows = rows.filter(members::Column::StaffId.gt(after));
    }
    Ok(rows.order_by_asc(members::Column::StaffId).limit(at.fetch()).all(tx.raw()).await?)
}

pub(super) async fn count_members(tx: &TenantTx, channel: Uuid) -> Result<u64> {
    Ok(tx.all::<members::Entity>().filter(members::Column::ChannelId.eq(channel)).count(tx.raw()).await?)
}

pub(super) async fn add_member(tx: &TenantTx, channel: Uuid, staff: Uuid) -> Result<MemberRow> {
    let row = MemberRow { tenant_id: tx.tenant(), staff_id: staff, channel_id: channel, created_at: tx.now() };
    tx.insert::<_, members::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Takes somebody out of a channel; whether they were in it.
pub(super) async fn remove_member(tx: &TenantTx, channel: Uuid, staff: Uuid) -> Result<bool> {
    let removal = tx
        .delete_all::<members::Entity>()
        .filter(members::Column::StaffId.eq(staff))
        .filter(members::Column::ChannelId.eq(channel));
    Ok(removal.exec(tx.raw()).await?.rows_affected > 0)
}
