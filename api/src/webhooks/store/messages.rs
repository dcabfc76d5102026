//! The SQL of what happened.

use chrono::{DateTime, Utc};
use domain::webhooks::event::EventType;
use entity::webhook_messages::{ActiveModel, Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

pub(in crate::webhooks) use entity::webhook_messages::Model as MessageRow;

/// A message as it is sent.
#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "type")]
    event: &'a str,
    timestamp: DateTime<Utc>,
    data: &'a T,
}

/// Writes down what happened; gives the message's id.
pub(in crate::webhooks) async fn add<T: Serialize>(tx: &TenantTx, event: EventType, data: &T) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let body = serde_json::to_string(&Envelope { event: event.code(), timestamp: tx.now(), data })?;
    let row = MessageRow { tenant_id: tx.tenant(), id, event: event.code().to_owned(), body, created_at: tx.now() };
    tx.insert::<_, ActiveModel>(row).await?;
    Ok(id)
}

/// The bodies of some messages, by id.
pub(in crate::webhooks) async fn some(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<MessageRow>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(tx.all::<Entity>().filter(Column::Id.is_in(ids.iter().copied())).all(tx.raw()).await?)
}

/// Messages of what happened since an instant, after an id, a batch of them in the order of their ids.
pub(in crate::webhooks) async fn since(
    tx: &TenantTx,
    since: DateTime<Utc>,
    after: Uuid,
    rows_max: u64,
) -> Result<Vec<(Uuid, String)>> {
    let rows = tx.all::<Entity>().select_only().columns([Column::Id, Column::Event]);
    let rows = rows.filter(Column::CreatedAt.gte(since)).filter(Column::Id.gt(after));
    Ok(rows.order_by_asc(Column::Id).limit(rows_max).into_tuple().all(tx.raw()).await?)
}
