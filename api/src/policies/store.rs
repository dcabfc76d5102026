//! This area's SQL.

pub(super) use entity::articles::Model as ArticleRow;
pub(super) use entity::glossary_entries::Model as TermRow;
pub(super) use entity::policies::Model as PolicyRow;

use entity::{articles, glossary_entries, policies};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::publication::Publication;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

/// Policies, newest first.
pub(super) async fn policies(tx: &TenantTx, status: Option<Publication>, cursor: &Cursor) -> Result<Vec<PolicyRow>> {
    use policies::{Column, Entity};
    let mut rows = tx.all::<Entity>().order_by_desc(Column::Id).limit(cursor.fetch());
    if let Some(status) = status {
        rows = rows.filter(Column::Status.eq(status.key()));
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn policy(tx: &TenantTx, id: Uuid) -> Result<Option<PolicyRow>> {
    tx.get::<policies::Entity>(id).await
}

pub(super) async fn lock_policy(tx: &TenantTx, id: Uuid) -> Result<Option<PolicyRow>> {
    tx.lock::<policies::Entity>(id).await
}

pub(super) async fn insert_policy(tx: &TenantTx, row: &PolicyRow) -> Result<()> {
    tx.insert::<_, policies::ActiveModel>(row.clone()).await
}

pub(super) async fn change_policy(tx: &TenantTx, row: &PolicyRow) -> Result<()> {
    tx.update(policies::ActiveModel {
        id: Set(row.id),
        title: Set(row.title.clone()),
        body: Set(row.body.clone()),
        source: Set(row.source.clone()),
        conditions: Set(row.conditions.clone()),
        status: Set(row.status.clone()),
        published_at: Set(row.published_at),
        version: Set(row.version),
        ..Default::default()
    })
    .await
}

/// Articles, newest first.
pub(super) async fn articles(tx: &TenantTx, status: Option<Publication>, cursor: &Cursor) -> Result<Vec<ArticleRow>> {
    use articles::{Column, Entity};
    let mut rows = tx.all::<Entity>().order_by_desc(Column::Id).limit(cursor.fetch());
    if let Some(status) = status {
        rows = rows.filter(Column::Status.eq(status.key()));
    }
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn article(tx: &TenantTx, id: Uuid) -> Result<Option<ArticleRow>> {
    tx.get::<articles::Entity>(id).await
}

pub(super) async fn lock_article(tx: &TenantTx, id: Uuid) -> Result<Option<ArticleRow>> {
    tx.lock::<articles::Entity>(id).await
}

pub(super) async fn insert_article(tx: &TenantTx, row: &ArticleRow) -> Result<()> {
    tx.insert::<_, articles::ActiveModel>(row.clone()).await
}

pub(super) async fn change_article(tx: &TenantTx, row: &ArticleRow) -> Result<()> {
    tx.update(articles::ActiveModel {
        id: Set(row.id),
        title: Set(row.title.clone()),
        summary: Set(row.summary.clone()),
        body: Set(row.body.clone()),
        status: Set(row.status.clone()),
        published_at: Set(row.published_at),
        version: Set(row.version),
        ..Default::default()
    })
    .await
}

pub(super) async fn terms(tx: &TenantTx, cursor: &Cursor) -> Result<Vec<TermRow>> {
    use glossary_entries::{Column, Entity};
    let mut rows = tx.all::<Entity>().order_by_asc(Column::Id).limit(cursor.fetch());
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.gt(after));
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn term(tx: &TenantTx, id: Uuid) -> Result<Option<TermRow>> {
    tx.get::<glossary_entries::Entity>(id).await
}

pub(super) async fn lock_term(tx: &TenantTx, id: Uuid) -> Result<Option<TermRow>> {
    tx.lock::<glossary_entries::Entity>(id).await
}

pub(super) async fn insert_term(tx: &TenantTx, row: &TermRow) -> Result<()> {
    tx.insert::<_, glossary_entries::ActiveModel>(row.clone().into_active_model()).await
}

pub(super) async fn change_term(tx: &TenantTx, row: &TermRow) -> Result<()> {
    tx.update(glossary_entries::ActiveModel {
        id: Set(row.id),
        term: Set(row.term.clone()),
        meaning: Set(row.meaning.clone()),
        version: Set(row.version),
        ..Default::default()
    })
    .await
}

pub(super) async fn delete_term(tx: &TenantTx, id: Uuid) -> Result<()> {
    use glossary_entries::{Column, Entity};
    tx.delete_all::<Entity>().filter(Column::Id.eq(id)).exec(tx.raw()).await?;
    Ok(())
}
