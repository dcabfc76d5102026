//! What may be granted: approved applications as far as limits ask.

use entity::limit_approvals::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

pub(in crate::limits) use entity::limit_approvals::Model as Approval;

/// The conditions' place.
pub(in crate::limits) const CONDITIONS: &str = "limit_approvals.conditions";

pub(in crate::limits) async fn add(tx: &TenantTx, row: Approval) -> Result<()> {
    tx.insert::<_, ActiveModel>(row).await
}

pub(in crate::limits) async fn find(tx: &TenantTx, id: Uuid) -> Result<Approval> {
    tx.get::<Entity>(id).await?.ok_or_else(Error::not_found)
}

pub(in crate::limits) async fn of_application(tx: &TenantTx, application: Uuid) -> Result<Approval> {
    let row = tx.all::<Entity>().filter(Column::ApplicationId.eq(application)).one(tx.raw()).await?;
    row.ok_or_else(Error::not_found)
}

pub(in crate::limits) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Approval> {
    // not against those who only refer to it: a part that is split off names the approval while others wait for its books
    let row = tx.all::<Entity>().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx.raw()).await?;
    row.ok_or_else(Error::not_found)
}

/// How much of it is granted now.
pub(in crate::limits) async fn set_granted(tx: &TenantTx, row: &Approval, granted_fen: i64) -> Result<()> {
    tx.update(ActiveModel {
        id: Set(row.id),
        granted_fen: Set(granted_fen),
        version: Set(row.version.saturating_add(1)),
        ..Default::default()
    })
    .await
}
