//! This folder's SQL: log-ins and revocations.

use chrono::{DateTime, Utc};
use entity::{revocations, sessions};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::Client;
use crate::error::Result;
use crate::platform::db::TenantTx;

pub(super) use sessions::Model as SessionRow;

pub(super) async fn insert(
    tx: &TenantTx,
    id: Uuid,
    (subject_kind, subject_id): (&str, Uuid),
    current_hash: Vec<u8>,
    expires_at: DateTime<Utc>,
    client: &Client,
) -> Result<()> {
    tx.insert::<_, sessions::ActiveModel>(SessionRow {
        tenant_id: tx.tenant(),
        id,
        subject_kind: subject_kind.to_owned(),
        subject_id,
        current_hash,
        previous_hash: None,
        successor_sealed: None,
        rotated_at: tx.now(),
        expires_at,
        ended_at: None,
        created_at: tx.now(),
        user_agent: client.user_agent.clone(),
        address: Some(client.address.to_string()),
        proven_at: Some(tx.now()),
    })
    .await
}

pub(super) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<SessionRow>> {
    tx.get::<sessions::Entity>(id).await
}

/// Up to when a person's access tokens were last ended, if that is young enough to be kept.
pub(super) async fn revoked_until(tx: &TenantTx, person: Uuid) -> Result<Option<DateTime<Utc>>> {
    let last = tx
        .all::<revocations::Entity>()
        .filter(revocations::Column::Subject.eq(person))
        .order_by_desc(revocations::Column::RevokedAt)
        .one(tx.raw())
        .await?;
    Ok(last.map(|row| row.revoked_at))
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<SessionRow>> {
    tx.lock::<sessions::Entity>(id).await
}

/// Makes `next` the token that counts; it stays readable for a while for those who ask twice at once.
pub(super) async fn rotate(
    tx: &TenantTx,
    row: SessionRow,
    next_hash: Vec<u8>,
    next_sealed: Vec<u8>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    tx.update(sessions::ActiveModel {
        id: Set(row.id),
        previous_hash: Set(Some(row.current_hash)),
        current_hash: Set(next_hash),
        successor_sealed: Set(Some(next_sealed)),
        rotated_at: Set(tx.now()),
        expires_at: Set(expires_at),
        ..Default::default()
    })
    .await
}

/// Notes that the person has proven who they are.
pub(super) async fn prove(tx: &TenantTx, id: Uuid) -> Result<()> {
    tx.update(sessions::ActiveModel { id: Set(id), proven_at: Set(Some(tx.now())), ..Default::default() }).await
}

/// The log-ins of a person that go on.
fn live(tx: &TenantTx, subject: Uuid) -> Select<sessions::Entity> {
    use sessions::Column;
    tx.all::<sessions::Entity>()
        .filter(Column::SubjectId.eq(subject))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now()))
}

/// Those, newest first.
pub(super) async fn rows_of(tx: &TenantTx, subject: Uuid) -> Result<Vec<SessionRow>> {
    Ok(live(tx, subject).order_by_desc(sessions::Column::Id).all(tx.raw()).await?)
}

/// Their ids.
pub(super) async fn live_of(tx: &TenantTx, subject: Uuid) -> Result<Vec<Uuid>> {
    let ids = live(tx, subject).select_only().column(sessions::Column::Id);
    Ok(ids.into_tuple().all(tx.raw()).await?)
}

pub(super) async fn end(tx: &TenantTx, ids: &[Uuid]) -> Result<()> {
    use sessions::Column;
    tx.update_all::<sessions::Entity>()
        .set(sessions::ActiveModel { ended_at: Set(Some(tx.now())), successor_sealed: Set(None), ..Default::default() })
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::EndedAt.is_null())
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// Removes all log-ins of a person.
pub(super) async fn delete_of(tx: &TenantTx, subject: Uuid) -> Result<()> {
    tx.delete_all::<sessions::Entity>().filter(sessions::Column::SubjectId.eq(subject)).exec(tx.raw()).await?;
    Ok(())
}

/// Removes some of the log-ins that ended or ran out up to `until`.
pub(super) async fn delete_sessions(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    use sessions::Column;
    let over = Condition::any().add(Column::EndedAt.lte(until)).add(Column::ExpiresAt.lte(until));
    tx.delete_some::<sessions::Entity>(over, rows_max).await
}

/// Removes some of the tenant's revocations of up to `until`.
pub(super) async fn delete_revocations(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    tx.delete_some::<revocations::Entity>(revocations::Column::RevokedAt.lte(until), rows_max).await
}

/// `revocations` is keyed by its own id, because the platform's door reads it across tenants; the tenant is named here.
pub(super) async fn insert_revocations(tx: &TenantTx, subjects: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for subject in subjects {
        let row = revocations::Model { id: Uuid::now_v7(), tenant_id: tx.tenant(), subject: *subject, revoked_at: at };
        revocations::Entity::insert(row.into_active_model()).exec_without_returning(tx.raw()).await?;
    }
    Ok(())
}
