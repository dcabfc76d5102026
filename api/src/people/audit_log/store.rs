//! This folder's SQL: reading the audit chain, and the signed ends of it.

use chrono::{DateTime, Utc};
use entity::audit_entries::{Column, Entity};
use entity::{audit_heads, signed_heads};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::audit::{self, Detail, Head};
use crate::platform::db::TenantTx;

pub(super) use entity::audit_entries::Model as EntryRow;
pub(super) use entity::signed_heads::Model as SignedRow;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub before: Option<i64>,
    pub action: Option<String>,
    pub object: Option<Uuid>,
    pub actor: Option<Uuid>,
    pub request: Option<String>,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

/// Entries with their opened details, the latest first.
pub(super) async fn page(tx: &TenantTx, wanted: &Wanted, limit: u64) -> Result<Vec<(EntryRow, Option<Detail>)>> {
    let mut query = tx.all::<Entity>().order_by_desc(Column::Seq).limit(limit);
    if let Some(before) = wanted.before {
        query = query.filter(Column::Seq.lt(before));
    }
    if let Some(action) = &wanted.action {
        query = query.filter(Column::Action.eq(action));
    }
    if let Some(object) = wanted.object {
        query = query.filter(Column::Object.eq(object));
    }
    if let Some(actor) = wanted.actor {
        query = query.filter(Column::Actor.eq(actor));
    }
    if let Some(request) = &wanted.request {
        query = query.filter(Column::RequestId.eq(request));
    }
    if let Some(since) = wanted.since {
        query = query.filter(Column::At.gte(since));
    }
    if let Some(until) = wanted.until {
        query = query.filter(Column::At.lt(until));
    }
    let rows = query.all(tx.raw()).await?;
    let opened = rows.into_iter().map(|row| {
        let detail = audit::open_detail(tx, &row);
        (row, detail)
    });
    Ok(opened.collect())
}

/// Where the chain ends.
pub(super) async fn head(tx: &TenantTx) -> Result<Option<Head>> {
    let row = tx.all::<audit_heads::Entity>().one(tx.raw()).await?;
    Ok(row.map(|row| Head { seq: row.seq, hash: row.hash }))
}

/// The signed end with this number, if there is one.
pub(super) async fn signed(tx: &TenantTx, seq: i64) -> Result<Option<SignedRow>> {
    let row = tx.all::<signed_heads::Entity>().filter(signed_heads::Column::Seq.eq(seq));
    Ok(row.one(tx.raw()).await?)
}

/// Writes a signed end down.
pub(super) async fn insert_signed(tx: &TenantTx, head: &Head, statement: String) -> Result<()> {
    let row = SignedRow { tenant_id: tx.tenant(), seq: head.seq, at: tx.now(), hash: head.hash.clone(), statement };
    tx.insert::<_, signed_heads::ActiveModel>(row).await
}

/// Signed ends, the latest first.
pub(super) async fn signed_page(tx: &TenantTx, before: Option<i64>, limit: u64) -> Result<Vec<SignedRow>> {
    use signed_heads::Column as C;
    let mut query = tx.all::<signed_heads::Entity>().order_by_desc(C::Seq).limit(limit);
    if let Some(before) = before {
        query = query.filter(C::Seq.lt(before));
    }
    Ok(query.all(tx.raw()).await?)
}
