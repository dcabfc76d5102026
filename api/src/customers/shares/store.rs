//! This folder's SQL: shares, looks, and what a channel sees of customers.

use chrono::NaiveDate;
use domain::customers::Share;
use entity::{customer_accesses as accesses, customer_shares as table, customers};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::customers::clients::store::Row as Customer;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use accesses::Model as AccessRow;
pub(super) use table::Model as ShareRow;

const PURPOSE: &str = "customer_shares.purpose";
const DOCUMENT: &str = "customer_shares.document";
const REASON: &str = "customer_shares.revoked_reason";

/// A new share as it is stored.
pub(super) struct Fresh<'a> {
    pub customer: Uuid,
    pub channel: Uuid,
    pub purpose: &'a str,
    pub document: Option<&'a str>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// A share's words in clear.
pub(super) struct Said {
    pub purpose: String,
    pub document: Option<String>,
    pub reason: Option<String>,
}

/// How a row stands, as rules ask.
pub(super) fn share_of(row: &ShareRow) -> Share {
    Share { valid_from: row.valid_from, valid_to: row.valid_to, revoked: row.revoked_at.is_some() }
}

pub(super) async fn insert(tx: &TenantTx, fresh: &Fresh<'_>) -> Result<ShareRow> {
    let id = Uuid::now_v7();
    let row = ShareRow {
        tenant_id: tx.tenant(),
        id,
        customer_id: fresh.customer,
        channel_id: fresh.channel,
        purpose_sealed: tx.seal(PURPOSE, id, fresh.purpose)?,
        document_sealed: fresh.document.map(|text| tx.seal(DOCUMENT, id, text)).transpose()?,
        valid_from: fresh.valid_from,
        valid_to: fresh.valid_to,
        granted_by: tx.actor().id,
        revoked_by: None,
        revoked_at: None,
        revoked_reason_sealed: None,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// What was said when it was granted and withdrawn.
pub(super) fn said(tx: &TenantTx, row: &ShareRow) -> Result<Said> {
    let open = |place: &str, sealed: &Option<Vec<u8>>| {
        sealed.as_deref().map(|sealed| tx.open(place, row.id, sealed)).transpose()
    };
    Ok(Said {
        purpose: tx.open(PURPOSE, row.id, &row.purpose_sealed)?,
        document: open(DOCUMENT, &row.document_sealed)?,
        reason: open(REASON, &row.revoked_reason_sealed)?,
    })
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<ShareRow>> {
    tx.lock::<table::Entity>(id).await
}

/// Withdraws a locked share.
pub(super) async fn revoke(tx: &TenantTx, mut row: ShareRow, reason: &str) -> Result<ShareRow> {
    row.revoked_by = Some(tx.actor().id);
    row.revoked_at = Some(tx.now());
    row.revoked_reason_sealed = Some(tx.seal(REASON, row.id, reason)?);
    row.version = row.version.saturating_add(1);
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}

/// Those in force on a day.
fn in_force(day: NaiveDate) -> Condition {
    use table::Column as C;
    let not_over = Condition::any().add(C::ValidTo.is_null()).add(C::ValidTo.gt(day));
    Condition::all().add(C::RevokedAt.is_null()).add(C::ValidFrom.lte(day)).add(not_over)
}

pub(super) async fn count(tx: &TenantTx, customer: Uuid) -> Result<u64> {
    Ok(tx.all::<table::Entity>().filter(table::Column::CustomerId.eq(customer)).count(tx.raw()).await?)
}

/// A page of a customer's shares, the latest granted first.
pub(super) async fn page(tx: &TenantTx, customer: Uuid, at: Cursor) -> Result<Vec<ShareRow>> {
    let mut rows = tx.all::<table::Entity>().filter(table::Column::CustomerId.eq(customer));
    if let Some(after) = at.after {
        rows = rows.filter(table::Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(table::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// Shares of some customers with a channel that are in force on a day.
pub(super) async fn with_channel(
    tx: &TenantTx,
    channel: Uuid,
    customers: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<ShareRow>> {
    use table::Column as C;
    let query = tx.all::<table::Entity>().filter(C::ChannelId.eq(channel)).filter(in_force(day));
    Ok(query.filter(C::CustomerId.is_in(customers.iter().copied())).all(tx.raw()).await?)
}

/// What a channel sees on a day: its own customers, and those shared with it.
fn seen_by(tx: &TenantTx, channel: Uuid, day: NaiveDate) -> Condition {
    let shared = tx
        .all::<table::Entity>()
        .filter(table::Column::ChannelId.eq(channel))
        .filter(in_force(day))
        .select_only()
        .column(table::Column::CustomerId)
        .into_query();
    let id = customers::Column::Id.in_subquery(shared);
    Condition::any().add(customers::Column::ChannelId.eq(channel)).add(id)
}

/// A page of what a channel sees, oldest record first.
pub(super) async fn seen_page(tx: &TenantTx, channel: Uuid, day: NaiveDate, at: Cursor) -> Result<Vec<Customer>> {
    let mut rows = tx.all::<customers::Entity>().filter(seen_by(tx, channel, day));
    if let Some(after) = at.after {
        rows = rows.filter(customers::Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(customers::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// One customer, if a channel sees it.
pub(super) async fn seen(tx: &TenantTx, channel: Uuid, day: NaiveDate, id: Uuid) -> Result<Option<Customer>> {
    let query = tx.all::<customers::Entity>().filter(customers::Column::Id.eq(id)).filter(seen_by(tx, channel, day));
    Ok(query.one(tx.raw()).await?)
}

/// Logs that the caller looked at a record.
pub(super) async fn log(tx: &TenantTx, customer: Uuid, channel: Uuid, share: Option<Uuid>) -> Result<()> {
    let row = AccessRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        customer_id: customer,
        channel_id: channel,
        share_id: share,
        staff_id: tx.actor().id,
        request_id: tx.actor().request_id.clone(),
        at: tx.now(),
    };
    tx.insert::<_, accesses::ActiveModel>(row).await
}

/// A page of who looked at a record, the latest first.
pub(super) async fn looks(tx: &TenantTx, customer: Uuid, at: Cursor) -> Result<Vec<AccessRow>> {
    let mut rows = tx.all::<accesses::Entity>().filter(accesses::Column::CustomerId.eq(customer));
    if let Some(after) = at.after {
        rows = rows.filter(accesses::Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(accesses::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}
