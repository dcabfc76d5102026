//! This area's SQL.

use entity::notice_texts;
use entity::tenant_settings::{ActiveModel, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::error::Result;
use crate::platform::db::TenantTx;

pub(super) async fn find(tx: &TenantTx) -> Result<Option<Model>> {
    Ok(tx.all::<Entity>().one(tx.raw()).await?)
}

pub(super) async fn lock(tx: &TenantTx) -> Result<Option<Model>> {
    Ok(tx.all::<Entity>().lock_exclusive().one(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, body: serde_json::Value) -> Result<()> {
    tx.insert::<_, ActiveModel>(Model { tenant_id: tx.tenant(), body, version: 1, updated_at: tx.now() }).await
}

pub(super) async fn replace(tx: &TenantTx, body: serde_json::Value, version: i64) -> Result<()> {
    tx.update(ActiveModel { body: Set(body), version: Set(version), updated_at: Set(tx.now()), ..Default::default() })
        .await
}

/// The text of a notice under a version that is no longer in force.
pub(super) async fn ended_notice(tx: &TenantTx, notice: &str, version: &str) -> Result<Option<String>> {
    use notice_texts::Column;
    let row = tx
        .all::<notice_texts::Entity>()
        .filter(Column::Notice.eq(notice))
        .filter(Column::NoticeVersion.eq(version))
        .one(tx.raw())
        .await?;
    Ok(row.map(|row| row.body))
}

pub(super) async fn keep_notice(tx: &TenantTx, notice: &str, version: &str, body: &str) -> Result<()> {
    tx.insert::<_, notice_texts::ActiveModel>(notice_texts::Model {
        tenant_id: tx.tenant(),
        notice: notice.to_owned(),
        notice_version: version.to_owned(),
        body: body.to_owned(),
        ended_at: tx.now(),
    })
    .await
}
