//! This area's SQL: addresses with their sealed secrets, and who is sending there.

pub(super) mod deliveries;
pub(super) mod messages;
pub(super) mod purge;

use chrono::{DateTime, Duration, Utc};
use domain::webhooks::endpoint::{EndpointState, Health};
use domain::webhooks::event::EventType;
use domain::webhooks::signature::SigningSecret;
use entity::webhook_endpoints as table;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use table::Model as EndpointRow;

/// Most addresses of a firm.
pub(super) const ENDPOINTS_MAX: u64 = 20;
/// Where things are sealed.
const URL: &str = "webhook_endpoints.url_sealed";
const DESCRIPTION: &str = "webhook_endpoints.description_sealed";
const SECRET: &str = "webhook_endpoints.secret";
/// The state of an address that was deleted and is shown to nobody.
const DELETED: &str = "deleted";

/// What somebody says of an address.
#[derive(Debug)]
pub(super) struct Said {
    pub url: String,
    pub description: String,
    /// What it asks for; nothing for all.
    pub events: Option<Vec<EventType>>,
}

/// Who listens, and to what.
pub(super) struct Listening {
    pub id: Uuid,
    pub state: EndpointState,
    events: Option<Vec<EventType>>,
}

impl Listening {
    pub fn asks_for(&self, event: EventType) -> bool {
        event.is_asked_for(self.events.as_deref())
    }
}

fn all(tx: &TenantTx) -> Select<table::Entity> {
    tx.all::<table::Entity>().filter(table::Column::State.ne(DELETED))
}

/// Every address of the firm, in the order of their ids.
pub(super) async fn listening(tx: &TenantTx) -> Result<Vec<Listening>> {
    use table::Column as C;
    let rows = all(tx).select_only().columns([C::Id, C::State, C::Events]).order_by_asc(C::Id);
    let rows: Vec<(Uuid, String, Option<serde_json::Value>)> = rows.into_tuple().all(tx.raw()).await?;
    let read = |(id, state, events): (Uuid, String, Option<serde_json::Value>)| {
        Ok(Listening { id, state: state_of(&state)?, events: events.as_ref().map(events_of) })
    };
    rows.into_iter().map(read).collect()
}

fn state_of(code: &str) -> Result<EndpointState> {
    EndpointState::from_code(code).ok_or_else(|| Error::new(Code::Internal))
}

/// Events by their keys; one that is no longer told of is left out.
fn events_of(stored: &serde_json::Value) -> Vec<EventType> {
    let keys = stored.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    keys.filter_map(EventType::from_code).collect()
}

fn stored(events: Option<&[EventType]>) -> Option<serde_json::Value> {
    events.map(|events| events.iter().map(|event| event.code()).collect())
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<EndpointRow>> {
    Ok(all(tx).filter(table::Column::Id.eq(id)).one(tx.raw()).await?)
}

/// An address that nobody else changes until the transaction ends; whoever only adds deliveries does not wait.
pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<EndpointRow>> {
    let row = all(tx).filter(table::Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(row.one(tx.raw()).await?)
}

/// How many there are.
pub(super) async fn count(tx: &TenantTx) -> Result<u64> {
    Ok(all(tx).count(tx.raw()).await?)
}

/// A page of addresses, oldest first.
pub(super) async fn page(tx: &TenantTx, at: Cursor) -> Result<Vec<EndpointRow>> {
    let mut rows = all(tx);
    if let Some(after) = at.after {
        rows = rows.filter(table::Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(table::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, said: &Said, secret: &SigningSecret) -> Result<EndpointRow> {
    let id = Uuid::now_v7();
    let row = EndpointRow {
        tenant_id: tx.tenant(),
        id,
        url_sealed: tx.seal(URL, id, &said.url)?,
        description_sealed: tx.seal(DESCRIPTION, id, &said.description)?,
        events: stored(said.events.as_deref()),
        state: EndpointState::Active.code().to_owned(),
        reason: None,
        secret_sealed: tx.seal(SECRET, id, &secret.expose())?,
        previous_sealed: None,
        previous_until: None,
        failures: 0,
        failing_since: None,
        rest_until: None,
        taken: 0,
        taken_by: None,
        taken_until: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back as its next version.
pub(super) async fn save(tx: &TenantTx, mut row: EndpointRow) -> Result<EndpointRow> {
    row.version = row.version.saturating_add(1);
    row.updated_at = tx.now();
    keep(tx, row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back without making anybody's form stale: who sends, and how it went.
pub(super) async fn keep(tx: &TenantTx, row: EndpointRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// Puts what somebody says into a locked row.
pub(super) fn put(tx: &TenantTx, row: &mut EndpointRow, said: &Said) -> Result<()> {
    row.url_sealed = tx.seal(URL, row.id, &said.url)?;
    row.description_sealed = tx.seal(DESCRIPTION, row.id, &said.description)?;
    row.events = stored(said.events.as_deref());
    Ok(())
}

/// What was said of an address.
pub(super) fn said(tx: &TenantTx, row: &EndpointRow) -> Result<Said> {
    Ok(Said {
        url: tx.open(URL, row.id, &row.url_sealed)?,
        description: tx.open(DESCRIPTION, row.id, &row.description_sealed)?,
        events: row.events.as_ref().map(events_of),
    })
}

/// Gives a locked address another secret; the one before goes on signing until `until`.
pub(super) async fn rotate(
    tx: &TenantTx,
    mut row: EndpointRow,
    secret: &SigningSecret,
    until: DateTime<Utc>,
) -> Result<EndpointRow> {
    let previous = std::mem::replace(&mut row.secret_sealed, tx.seal(SECRET, row.id, &secret.expose())?);
    row.previous_sealed = Some(previous);
    row.previous_until = Some(until);
    save(tx, row).await
}

/// The secrets that sign now, the newest first.
pub(super) fn secrets(tx: &TenantTx, row: &EndpointRow) -> Result<Vec<SigningSecret>> {
    let open = |sealed: &Vec<u8>| {
        SigningSecret::parse(&tx.open(SECRET, row.id, sealed)?).ok_or_else(|| Error::new(Code::Internal))
    };
    let previous = row.previous_sealed.as_ref().filter(|_| row.previous_until.is_some_and(|until| tx.now() < until));
    std::iter::once(&row.secret_sealed).chain(previous).map(open).collect()
}

/// Deletes a locked address: what it held goes at once, its row with its deliveries when they are purged.
pub(super) async fn delete(tx: &TenantTx, row: EndpointRow) -> Result<()> {
    let gone = EndpointRow {
        url_sealed: vec![],
        description_sealed: vec![],
        secret_sealed: vec![],
        previous_sealed: None,
        previous_until: None,
        state: DELETED.to_owned(),
        reason: None,
        ..row
    };
    save(tx, gone).await.map(|_| ())
}

/// Where an address is.
pub(super) fn state(row: &EndpointRow) -> Result<EndpointState> {
    state_of(&row.state)
}

/// How an address has answered of late.
pub(super) fn health(row: &EndpointRow) -> Health {
    Health { failures: u32::try_from(row.failures).unwrap_or(0), failing_since: row.failing_since }
}

/// Puts that into a locked row.
pub(super) fn put_health(row: &mut EndpointRow, health: Health) {
    row.failures = i32::try_from(health.failures).unwrap_or(i32::MAX);
    row.failing_since = health.failing_since;
}

/// Lets a job be the one that sends to a locked address, unless another is; says under which number.
pub(super) async fn take(tx: &TenantTx, mut row: EndpointRow, job: Uuid, lease_s: i64) -> Result<Option<i64>> {
    let is_held = row.taken_until.is_some_and(|until| tx.now() < until) && row.taken_by != Some(job);
    if is_held {
        return Ok(None);
    }
    row.taken = row.taken.saturating_add(1);
    row.taken_by = Some(job);
    row.taken_until = Some(tx.now() + Duration::seconds(lease_s));
    let taken = row.taken;
    keep(tx, row).await?;
    Ok(Some(taken))
}

/// Lets others send to a locked address.
pub(super) fn let_go(row: &mut EndpointRow) {
    row.taken_by = None;
    row.taken_until = None;
}
