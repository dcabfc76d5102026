//! The SQL of messages on their way to one address each.

use domain::webhooks::endpoint::DeliveryState;
use domain::webhooks::event::EventType;
use entity::webhook_deliveries::{ActiveModel, Column, Entity};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::webhooks) use entity::webhook_deliveries::Model as DeliveryRow;

/// Where the beginning of an answer is sealed.
const EXCERPT: &str = "webhook_deliveries.excerpt_sealed";

/// Queues a message for some addresses; gives the rows.
pub(in crate::webhooks) async fn add(
    tx: &TenantTx,
    message: Uuid,
    event: EventType,
    endpoints: &[Uuid],
) -> Result<Vec<DeliveryRow>> {
    let rows: Vec<_> = endpoints.iter().map(|endpoint| new(tx, *endpoint, message, event)).collect();
    add_all(tx, rows.clone()).await?;
    Ok(rows)
}

/// Queues deliveries.
pub(in crate::webhooks) async fn add_all(tx: &TenantTx, rows: Vec<DeliveryRow>) -> Result<()> {
    tx.insert_all::<_, ActiveModel>(rows).await
}

/// A delivery that is to be sent now.
pub(in crate::webhooks) fn new(tx: &TenantTx, endpoint: Uuid, message: Uuid, event: EventType) -> DeliveryRow {
    DeliveryRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        endpoint_id: endpoint,
        message_id: message,
        event: event.code().to_owned(),
        state: DeliveryState::Queued.code().to_owned(),
        attempts: 0,
        next_at: Some(tx.now()),
        last_at: None,
        last_status: None,
        last_ms: None,
        last_failure: None,
        excerpt_sealed: None,
        created_at: tx.now(),
        ended_at: None,
    }
}

/// What is due at an address, the longest due first.
pub(in crate::webhooks) async fn due(tx: &TenantTx, endpoint: Uuid, rows_max: u64) -> Result<Vec<DeliveryRow>> {
    let rows = tx.all::<Entity>().filter(Column::EndpointId.eq(endpoint));
    let rows = rows.filter(Column::State.eq(DeliveryState::Queued.code())).filter(Column::NextAt.lte(tx.now()));
    Ok(rows.order_by_asc(Column::NextAt).order_by_asc(Column::Id).limit(rows_max).all(tx.raw()).await?)
}

/// A delivery of an address by id, locked. The address is locked before.
pub(in crate::webhooks) async fn lock(tx: &TenantTx, endpoint: Uuid, id: Uuid) -> Result<Option<DeliveryRow>> {
    Ok(tx.lock::<Entity>(id).await?.filter(|row| row.endpoint_id == endpoint))
}

/// Writes a locked row back.
pub(in crate::webhooks) async fn save(tx: &TenantTx, row: DeliveryRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// Has a locked delivery sent again from the beginning, under the same id of its message.
pub(in crate::webhooks) fn begin_again(tx: &TenantTx, row: &mut DeliveryRow) {
    row.state = DeliveryState::Queued.code().to_owned();
    row.attempts = 0;
    row.next_at = Some(tx.now());
    row.ended_at = None;
}

/// What a page of deliveries is narrowed by.
#[derive(Default)]
pub(in crate::webhooks) struct Narrow {
    pub state: Option<DeliveryState>,
    pub event: Option<EventType>,
    pub message: Option<Uuid>,
}

/// A page of an address's deliveries, the newest first.
pub(in crate::webhooks) async fn page(
    tx: &TenantTx,
    endpoint: Uuid,
    narrow: &Narrow,
    at: Cursor,
) -> Result<Vec<DeliveryRow>> {
    let mut rows = tx.all::<Entity>().filter(Column::EndpointId.eq(endpoint));
    if let Some(state) = narrow.state {
        rows = rows.filter(Column::State.eq(state.code()));
    }
    if let Some(event) = narrow.event {
        rows = rows.filter(Column::Event.eq(event.code()));
    }
    if let Some(message) = narrow.message {
        rows = rows.filter(Column::MessageId.eq(message));
    }
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// Deliveries of some messages to an address, locked in the order of their ids.
pub(in crate::webhooks) async fn lock_of(tx: &TenantTx, endpoint: Uuid, messages: &[Uuid]) -> Result<Vec<DeliveryRow>> {
    if messages.is_empty() {
        return Ok(vec![]);
    }
    let rows = tx.all::<Entity>().filter(Column::EndpointId.eq(endpoint));
    let rows = rows.filter(Column::MessageId.is_in(messages.iter().copied()));
    Ok(rows.order_by_asc(Column::Id).lock_exclusive().all(tx.raw()).await?)
}

/// Seals the beginning of what an address answered.
pub(in crate::webhooks) fn seal_excerpt(tx: &TenantTx, id: Uuid, text: &str) -> Result<Option<Vec<u8>>> {
    if text.is_empty() { Ok(None) } else { tx.seal(EXCERPT, id, text).map(Some) }
}

/// Opens it.
pub(in crate::webhooks) fn excerpt(tx: &TenantTx, row: &DeliveryRow) -> Result<Option<String>> {
    row.excerpt_sealed.as_ref().map(|sealed| tx.open(EXCERPT, row.id, sealed)).transpose()
}
