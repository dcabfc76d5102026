//! This area's SQL.

use entity::tenant_settings::{ActiveModel, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;

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
