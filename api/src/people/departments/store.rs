//! This folder's SQL: departments.

use entity::departments::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, SqlErr,
};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::departments::Model as DepartmentRow;

/// A new department as it is stored.
pub(super) struct Fresh<'a> {
    pub name: &'a str,
    pub parent: Option<Uuid>,
    pub is_default: bool,
    pub rules: serde_json::Value,
}

/// All of them, oldest first; locked where the tree is about to change, so that two moves at once make no circle.
pub(super) async fn all(tx: &TenantTx, lock: bool) -> Result<Vec<DepartmentRow>> {
    let query = tx.all::<Entity>().order_by_asc(Column::Id);
    Ok(if lock { query.lock_exclusive() } else { query }.all(tx.raw()).await?)
}

pub(super) async fn page(tx: &TenantTx, cursor: &Cursor) -> Result<Vec<DepartmentRow>> {
    let mut query = tx.all::<Entity>().order_by_asc(Column::Id).limit(cursor.fetch());
    if let Some(after) = cursor.after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.all(tx.raw()).await?)
}

/// Whether there is such a department.
pub(in crate::people) async fn exists(tx: &TenantTx, id: Uuid) -> Result<bool> {
    Ok(tx.all::<Entity>().filter(Column::Id.eq(id)).count(tx.raw()).await? > 0)
}

pub(super) async fn insert(tx: &TenantTx, fresh: Fresh<'_>) -> Result<DepartmentRow> {
    let row = Model {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        parent_id: fresh.parent,
        name: fresh.name.to_owned(),
        is_default: fresh.is_default,
        rules: fresh.rules,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

pub(super) async fn save(tx: &TenantTx, row: DepartmentRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// Takes the default from a department that another one follows.
pub(super) async fn no_longer_default(tx: &TenantTx, row: &DepartmentRow) -> Result<()> {
    let version = row.version.saturating_add(1);
    tx.update(ActiveModel { id: Set(row.id), is_default: Set(false), version: Set(version), ..Default::default() })
        .await
}

/// Removes a department. Whatever still refers to it, of this area or another, keeps it.
pub(super) async fn delete(tx: &TenantTx, id: Uuid) -> Result<()> {
    let done = tx.delete_all::<Entity>().filter(Column::Id.eq(id)).exec(tx.raw()).await;
    match done {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => {
            Err(Error::new(Code::DepartmentInUse).because(error))
        }
        Err(error) => Err(error.into()),
    }
}
