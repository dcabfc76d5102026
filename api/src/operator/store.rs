//! This area's SQL. A tenant's own row is written in that tenant's transaction, which its policy allows, so that the row
//! and everything that belongs to a new tenant commit together.

use chrono::{DateTime, Utc};
use entity::{revocations, tenants};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Statement};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::keys::WrappedKeys;

/// Writes the row of a new tenant.
pub(super) async fn insert_tenant(tx: &TenantTx, slug: &str, name: &str, keys: WrappedKeys) -> Result<()> {
    let row = tenants::Model {
        id: tx.tenant(),
        slug: slug.to_owned(),
        name: name.to_owned(),
        status: "active".to_owned(),
        wrapped_key: keys.first,
        wrapped_audit_key: keys.audit,
        created_at: tx.now(),
        version: 1,
    };
    tenants::Entity::insert(row.into_active_model()).exec_without_returning(tx.raw()).await?;
    Ok(())
}

/// Sets the tenant's state and says whether that was a change; one that was removed stays as it is.
pub(super) async fn set_status(tx: &TenantTx, status: &str) -> Result<bool> {
    let sql = "UPDATE tenants SET status = $2, version = version + 1 WHERE id = $1 AND status <> $2 AND name <> ''";
    let values = [tx.tenant().into(), status.into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected() == 1)
}

/// Ends the access tokens of everybody of the tenant that are issued up to `until`.
pub(super) async fn revoke_tenant(tx: &TenantTx, until: DateTime<Utc>) -> Result<()> {
    let row = revocations::ActiveModel {
        id: Set(Uuid::now_v7()),
        tenant_id: Set(tx.tenant()),
        subject: Set(tx.tenant()),
        revoked_at: Set(until),
    };
    revocations::Entity::insert(row).exec_without_returning(tx.raw()).await?;
    Ok(())
}

/// Lets the tenant's access tokens count again, those that have not run out meanwhile.
pub(super) async fn forget_revocation(tx: &TenantTx) -> Result<()> {
    revocations::Entity::delete_many()
        .filter(revocations::Column::TenantId.eq(tx.tenant()))
        .filter(revocations::Column::Subject.eq(tx.tenant()))
        .exec(tx.raw())
        .await?;
    Ok(())
}
