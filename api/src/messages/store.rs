//! This area's SQL.

pub(super) use entity::deliveries::Model as DeliveryRow;
pub(super) use entity::inbox_messages::Model as MessageRow;
pub(super) use entity::message_templates::Model as TemplateRow;
use entity::{deliveries, inbox_messages, message_templates};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) async fn template_for(tx: &TenantTx, event: &str, channel: &str) -> Result<Option<TemplateRow>> {
    use message_templates::{Column, Entity};
    let of_event = tx.all::<Entity>().filter(Column::Event.eq(event));
    Ok(of_event.filter(Column::Channel.eq(channel)).one(tx.raw()).await?)
}

pub(super) async fn templates(tx: &TenantTx, cursor: &Cursor) -> Result<Vec<TemplateRow>> {
    use message_templates::{Column, Entity};
    let mut rows = tx.all::<Entity>().order_by_asc(Column::Id).limit(cursor.fetch());
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.gt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn lock_template(tx: &TenantTx, id: Uuid) -> Result<Option<TemplateRow>> {
    tx.lock::<message_templates::Entity>(id).await
}

pub(super) async fn insert_templates(tx: &TenantTx, rows: Vec<TemplateRow>) -> Result<()> {
    tx.insert_all::<_, message_templates::ActiveModel>(rows).await
}

pub(super) async fn change_template(tx: &TenantTx, row: &TemplateRow) -> Result<()> {
    tx.update(message_templates::ActiveModel {
        id: Set(row.id),
        title: Set(row.title.clone()),
        body: Set(row.body.clone()),
        enabled: Set(row.enabled),
        version: Set(row.version),
        ..Default::default()
    })
    .await
}

/// Adds a message unless its key is there already; says whether it was added. A plain insert would break the whole
/// transaction on PostgreSQL.
pub(super) async fn insert_message(tx: &TenantTx, row: MessageRow) -> Result<bool> {
    let sql = "INSERT INTO inbox_messages (tenant_id, id, applicant_id, application_id, dedupe_key, event, \
               content_sealed, created_at, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    let values: [Value; 9] = [
        tx.tenant().into(),
        row.id.into(),
        row.applicant_id.into(),
        row.application_id.into(),
        row.dedupe_key.into(),
        row.event.into(),
        row.content_sealed.into(),
        row.created_at.into(),
        row.read_at.into(),
    ];
    insert_once(tx, sql, values.into()).await
}

/// Adds a delivery unless its key is there already; says whether it was added.
pub(super) async fn insert_delivery(tx: &TenantTx, row: DeliveryRow) -> Result<bool> {
    let sql = "INSERT INTO deliveries (tenant_id, id, channel, event, dedupe_key, application_id, to_sealed, \
               content_sealed, state, attempts, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let values: [Value; 11] = [
        tx.tenant().into(),
        row.id.into(),
        row.channel.into(),
        row.event.into(),
        row.dedupe_key.into(),
        row.application_id.into(),
        row.to_sealed.into(),
        row.content_sealed.into(),
        row.state.into(),
        row.attempts.into(),
        row.created_at.into(),
    ];
    insert_once(tx, sql, values.into()).await
}

async fn insert_once(tx: &TenantTx, sql: &str, values: Vec<Value>) -> Result<bool> {
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected() == 1)
}

/// An applicant's messages, newest first.
pub(super) async fn messages(
    tx: &TenantTx,
    applicant: Uuid,
    unread: Option<bool>,
    cursor: &Cursor,
) -> Result<Vec<MessageRow>> {
    use inbox_messages::{Column, Entity};
    let mut rows = tx.all::<Entity>().filter(Column::ApplicantId.eq(applicant)).order_by_desc(Column::Id);
    match unread {
        Some(true) => rows = rows.filter(Column::ReadAt.is_null()),
        Some(false) => rows = rows.filter(Column::ReadAt.is_not_null()),
        None => {}
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.limit(cursor.fetch()).all(tx.raw()).await?)
}

pub(super) async fn unread(tx: &TenantTx, applicant: Uuid) -> Result<u64> {
    use inbox_messages::{Column, Entity};
    let rows = tx.all::<Entity>().filter(Column::ApplicantId.eq(applicant)).filter(Column::ReadAt.is_null());
    Ok(rows.count(tx.raw()).await?)
}

/// One message of this applicant, locked; another's is none.
pub(super) async fn lock_message(tx: &TenantTx, applicant: Uuid, id: Uuid) -> Result<Option<MessageRow>> {
    let row = tx.lock::<inbox_messages::Entity>(id).await?;
    Ok(row.filter(|row| row.applicant_id == applicant))
}

pub(super) async fn mark_read(tx: &TenantTx, id: Uuid) -> Result<()> {
    tx.update(inbox_messages::ActiveModel { id: Set(id), read_at: Set(Some(tx.now())), ..Default::default() }).await
}

/// Which deliveries somebody sees.
pub enum Within {
    /// All of the firm's, those about no application included.
    All,
    /// Those about the applications whose ids this query gives.
    Applications(Box<SelectStatement>),
}

impl Within {
    fn condition(self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Applications(ids) => Condition::all().add(deliveries::Column::ApplicationId.in_subquery(*ids)),
        }
    }
}

/// Deliveries, newest first.
pub(super) async fn deliveries(
    tx: &TenantTx,
    within: Within,
    (state, channel): (Option<&str>, Option<&str>),
    cursor: &Cursor,
) -> Result<Vec<DeliveryRow>> {
    use deliveries::{Column, Entity};
    let mut rows = tx.all::<Entity>().filter(within.condition()).order_by_desc(Column::Id).limit(cursor.fetch());
    if let Some(state) = state {
        rows = rows.filter(Column::State.eq(state));
    }
    if let Some(channel) = channel {
        rows = rows.filter(Column::Channel.eq(channel));
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn delivery(tx: &TenantTx, id: Uuid) -> Result<Option<DeliveryRow>> {
    tx.get::<deliveries::Entity>(id).await
}

pub(super) async fn lock_delivery(tx: &TenantTx, within: Within, id: Uuid) -> Result<Option<DeliveryRow>> {
    let row = tx.all::<deliveries::Entity>().filter(deliveries::Column::Id.eq(id)).filter(within.condition());
    Ok(row.lock_exclusive().one(tx.raw()).await?)
}

/// Writes how a delivery went: everything that changes after it was queued.
pub(super) async fn change_delivery(tx: &TenantTx, row: &DeliveryRow) -> Result<()> {
    tx.update(deliveries::ActiveModel {
        id: Set(row.id),
        content_sealed: Set(row.content_sealed.clone()),
        state: Set(row.state.clone()),
        attempts: Set(row.attempts),
        error: Set(row.error.clone()),
        ended_at: Set(row.ended_at),
        ..Default::default()
    })
    .await
}
