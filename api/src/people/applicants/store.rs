//! This folder's SQL: codes, accounts, acceptances.

use chrono::{DateTime, Utc};
use domain::person::Phone;
use entity::{acceptances, applicants, sms_codes};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// The place that phones are sealed for.
pub(super) const PHONE: &str = "applicants.phone_sealed";
/// More codes than this to one phone in a day cannot be, so more need not be read.
const CODES_READ_MAX: u64 = 16;

/// When codes were sent to a phone after `since`, latest first.
pub(super) async fn sent_since(tx: &TenantTx, phone: &[u8], since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
    use sms_codes::Column;
    Ok(tx
        .all::<sms_codes::Entity>()
        .select_only()
        .column(Column::CreatedAt)
        .filter(Column::PhoneHash.eq(phone.to_vec()))
        .filter(Column::CreatedAt.gt(since))
        .order_by_desc(Column::CreatedAt)
        .limit(CODES_READ_MAX)
        .into_tuple()
        .all(tx.raw())
        .await?)
}

pub(super) async fn void_codes(tx: &TenantTx, phone: &[u8]) -> Result<()> {
    use sms_codes::Column;
    tx.update_all::<sms_codes::Entity>()
        .set(sms_codes::ActiveModel { ended_at: Set(Some(tx.now())), ..Default::default() })
        .filter(Column::PhoneHash.eq(phone.to_vec()))
        .filter(Column::EndedAt.is_null())
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// Removes some of the codes that were made up to `until`.
pub(super) async fn delete_codes(tx: &TenantTx, until: DateTime<Utc>, rows_max: u64) -> Result<u64> {
    tx.delete_some::<sms_codes::Entity>(sms_codes::Column::CreatedAt.lte(until), rows_max).await
}

pub(super) async fn insert_code(
    tx: &TenantTx,
    id: Uuid,
    phone_hash: Vec<u8>,
    code_hash: Vec<u8>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    tx.insert::<_, sms_codes::ActiveModel>(sms_codes::Model {
        tenant_id: tx.tenant(),
        id,
        phone_hash,
        code_hash,
        created_at: tx.now(),
        expires_at,
        tries: 0,
        ended_at: None,
    })
    .await
}

/// The code that may still be tried, locked, so that tries at once are counted one by one.
pub(super) async fn lock_live_code(tx: &TenantTx, phone: &[u8]) -> Result<Option<sms_codes::Model>> {
    use sms_codes::Column;
    Ok(tx
        .all::<sms_codes::Entity>()
        .filter(Column::PhoneHash.eq(phone.to_vec()))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now()))
        .order_by_desc(Column::CreatedAt)
        .limit(1)
        .lock_exclusive()
        .one(tx.raw())
        .await?)
}

pub(super) async fn count_try(tx: &TenantTx, id: Uuid, tries: i32, ended: bool) -> Result<()> {
    let mut change = sms_codes::ActiveModel { id: Set(id), tries: Set(tries), ..Default::default() };
    if ended {
        change.ended_at = Set(Some(tx.now()));
    }
    tx.update(change).await
}

/// The account of a phone, if there is one.
pub(super) async fn by_phone(tx: &TenantTx, phone_hash: Vec<u8>) -> Result<Option<Uuid>> {
    use applicants::{Column, Entity};
    Ok(tx.all::<Entity>().filter(Column::PhoneHash.eq(phone_hash)).one(tx.raw()).await?.map(|row| row.id))
}

/// The account of a phone, made where there is none; and whether it was made.
pub(super) async fn find_or_create(tx: &TenantTx, phone: &Phone, phone_hash: Vec<u8>) -> Result<(Uuid, bool)> {
    use applicants::{ActiveModel, Model};
    if let Some(id) = by_phone(tx, phone_hash.clone()).await? {
        return Ok((id, false));
    }
    let id = Uuid::now_v7();
    tx.insert::<_, ActiveModel>(Model {
        tenant_id: tx.tenant(),
        id,
        phone_sealed: tx.seal(PHONE, id, phone.expose())?,
        phone_hash,
        status: "active".to_owned(),
        version: 1,
        created_at: tx.now(),
    })
    .await?;
    Ok((id, true))
}

/// Whether an account may be used.
pub(in crate::people) async fn is_active(tx: &TenantTx, applicant: Uuid) -> Result<bool> {
    Ok(tx.get::<applicants::Entity>(applicant).await?.is_some_and(|row| row.status == "active"))
}

/// Locks an account until the transaction ends: what is counted by account is counted by one at a time.
pub(super) async fn lock(tx: &TenantTx, applicant: Uuid) -> Result<bool> {
    Ok(tx.lock::<applicants::Entity>(applicant).await?.is_some())
}

pub(super) async fn phone_sealed(tx: &TenantTx, applicant: Uuid) -> Result<Option<Vec<u8>>> {
    Ok(tx.get::<applicants::Entity>(applicant).await?.map(|row| row.phone_sealed))
}

/// Takes away what an account is found and reached by.
pub(super) async fn close(tx: &TenantTx, applicant: Uuid) -> Result<()> {
    let row = tx.get::<applicants::Entity>(applicant).await?.ok_or_else(Error::not_found)?;
    let nobody: [u8; 32] = rand::random();
    tx.update(applicants::ActiveModel {
        id: Set(applicant),
        phone_sealed: Set(tx.seal(PHONE, applicant, "")?),
        phone_hash: Set(nobody.to_vec()),
        status: Set("closed".to_owned()),
        version: Set(row.version.saturating_add(1)),
        ..Default::default()
    })
    .await
}

/// Records that an account accepted a version of a notice, the first time.
pub(super) async fn accept(tx: &TenantTx, applicant: Uuid, notice: &str, version: &str) -> Result<()> {
    use acceptances::{ActiveModel, Column, Entity, Model};
    let known = tx
        .all::<Entity>()
        .filter(Column::ApplicantId.eq(applicant))
        .filter(Column::Notice.eq(notice))
        .filter(Column::NoticeVersion.eq(version))
        .count(tx.raw())
        .await?;
    if known > 0 {
        return Ok(());
    }
    tx.insert::<_, ActiveModel>(Model {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        applicant_id: applicant,
        notice: notice.to_owned(),
        notice_version: version.to_owned(),
        accepted_at: tx.now(),
    })
    .await
}
