//! The rows of a firm's own periods.

use std::collections::BTreeMap;

use domain::privacy::Class;
use entity::retention_rules::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::error::Result;
use crate::platform::db::TenantTx;

/// What a firm has set, by kind: days and version.
pub(in crate::privacy) async fn rules(tx: &TenantTx) -> Result<BTreeMap<String, (u32, i64)>> {
    let rows = tx.all::<Entity>().all(tx.raw()).await?;
    Ok(rows.into_iter().map(|row| (row.class, (u32::try_from(row.days).unwrap_or(0), row.version))).collect())
}

/// For how many days a firm keeps a kind of data; none where its owner's life decides.
pub(in crate::privacy) async fn days_of(tx: &TenantTx, class: Class) -> Result<Option<u32>> {
    let row = tx.all::<Entity>().filter(Column::Class.eq(class.code())).one(tx.raw()).await?;
    Ok(class.days(row.and_then(|row| u32::try_from(row.days).ok())))
}

/// Sets a firm's period over the version that was seen; of two at once that set the first, one breaks the key.
pub(in crate::privacy) async fn set_rule(tx: &TenantTx, class: Class, days: i32, version: i64) -> Result<()> {
    let (class, updated_at) = (class.code().to_owned(), tx.now());
    if version == 1 {
        return tx.insert::<_, ActiveModel>(Model { tenant_id: tx.tenant(), class, days, version, updated_at }).await;
    }
    tx.update(ActiveModel {
        class: Set(class),
        days: Set(days),
        version: Set(version),
        updated_at: Set(updated_at),
        ..Default::default()
    })
    .await
}

/// The version of a firm's period, locked; zero where it has set none.
pub(in crate::privacy) async fn lock_rule(tx: &TenantTx, class: Class) -> Result<(Option<u32>, i64)> {
    let row = tx.all::<Entity>().filter(Column::Class.eq(class.code())).lock_exclusive().one(tx.raw()).await?;
    Ok(row.map_or((None, 0), |row| (u32::try_from(row.days).ok(), row.version)))
}
