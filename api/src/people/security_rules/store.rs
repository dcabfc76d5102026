//! This folder's SQL: one row a firm.

use entity::security_rules::{ActiveModel, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;

use super::Rules;
use crate::error::Result;
use crate::platform::db::TenantTx;

pub(super) async fn find(tx: &TenantTx, lock: bool) -> Result<Option<Model>> {
    let query = tx.all::<Entity>();
    Ok(if lock { query.lock_exclusive() } else { query }.one(tx.raw()).await?)
}

/// Writes the firm's rules; the first time there is nothing to lock, and of two at once one is told that it is stale.
pub(super) async fn write(tx: &TenantTx, rules: &Rules, version: i64) -> Result<()> {
    let second_factor = rules.second_factor.code().to_owned();
    if version == 1 {
        let (tenant_id, idle_minutes, updated_at) = (tx.tenant(), rules.idle_minutes, tx.now());
        return tx
            .insert::<_, ActiveModel>(Model { tenant_id, second_factor, idle_minutes, version, updated_at })
            .await;
    }
    tx.update(ActiveModel {
        second_factor: Set(second_factor),
        idle_minutes: Set(rules.idle_minutes),
        version: Set(version),
        updated_at: Set(tx.now()),
        ..Default::default()
    })
    .await
}
