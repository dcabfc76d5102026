//! The SQL of products.

use entity::products::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::{RawJson, TenantTx};
use crate::platform::http::Cursor;

pub(super) use entity::products::Model as Row;

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<Entity>(id).await
}

/// What applications ask of a product.
#[derive(FromQueryResult)]
pub(super) struct Terms {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) terms: RawJson,
    pub(super) active: bool,
}

pub(super) async fn terms(tx: &TenantTx, id: Uuid) -> Result<Option<Terms>> {
    let columns = [Column::Version, Column::Name, Column::Terms, Column::Active];
    let query = tx.all::<Entity>().filter(Column::Id.eq(id)).select_only().columns(columns);
    Ok(query.into_model().one(tx.raw()).await?)
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.lock::<Entity>(id).await
}

pub(super) async fn count(tx: &TenantTx) -> Result<u64> {
    Ok(tx.all::<Entity>().count(tx.raw()).await?)
}

pub(super) async fn page(tx: &TenantTx, cursor: Cursor, active: Option<bool>) -> Result<Vec<Row>> {
    let mut rows = tx.all::<Entity>().order_by_asc(Column::Id).limit(cursor.fetch());
    if let Some(active) = active {
        rows = rows.filter(Column::Active.eq(active));
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.gt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn names(tx: &TenantTx) -> Result<Vec<(Uuid, String)>> {
    let names = tx.all::<Entity>().select_only().column(Column::Id).column(Column::Name).into_tuple();
    Ok(names.all(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, code: &str, name: &str, terms: Value, active: bool) -> Result<Row> {
    let row = Row {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        code: code.to_owned(),
        name: name.to_owned(),
        terms,
        active,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes name, terms and offer of a row that was locked, as its next version.
pub(super) async fn replace(tx: &TenantTx, row: &Row) -> Result<()> {
    tx.update(ActiveModel {
        id: Set(row.id),
        name: Set(row.name.clone()),
        terms: Set(row.terms.clone()),
        active: Set(row.active),
        version: Set(row.version),
        ..Default::default()
    })
    .await
}
