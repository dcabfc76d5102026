//! This folder's SQL: sources and their sealed secrets.

use chrono::{DateTime, Utc};
use domain::devices::intake::Verification;
use domain::devices::messages::Format;
use domain::id::{Id, kind};
use entity::telemetry_sources as table;
use sea_orm::ActiveModelTrait;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::devices) use table::Model as SourceRow;

/// Where secrets are sealed.
const SECRET: &str = "telemetry_sources.secret";

/// A source to be added.
pub(in crate::devices) struct NewRow {
    pub name: String,
    pub format: Format,
    pub verification: Verification,
    pub zone: String,
    pub secret: String,
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<SourceRow>> {
    tx.get::<table::Entity>(id).await
}

/// Whether there is such a source.
pub(in crate::devices) async fn exists(tx: &TenantTx, id: Uuid) -> Result<bool> {
    Ok(get(tx, id).await?.is_some())
}

/// A source that nobody else changes, and no socket is added to, until the transaction ends.
pub(in crate::devices) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<SourceRow>> {
    tx.lock::<table::Entity>(id).await
}

/// Keeps others from adding sockets to a source until the transaction ends; whoever only sends readings does not wait.
pub(in crate::devices) async fn keep_still(tx: &TenantTx, id: Uuid) -> Result<()> {
    let row = tx.all::<table::Entity>().select_only().column(table::Column::Id).filter(table::Column::Id.eq(id));
    row.lock(LockType::KeyShare).into_tuple::<Uuid>().one(tx.raw()).await?.ok_or_else(Error::not_found)?;
    Ok(())
}

/// A page of sources, oldest first.
pub(super) async fn page(tx: &TenantTx, at: Cursor) -> Result<Vec<SourceRow>> {
    let mut rows = tx.all::<table::Entity>();
    if let Some(after) = at.after {
        rows = rows.filter(table::Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(table::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

pub(in crate::devices) async fn insert(tx: &TenantTx, new: &NewRow) -> Result<SourceRow> {
    let id = Uuid::now_v7();
    let row = SourceRow {
        tenant_id: tx.tenant(),
        id,
        name: new.name.clone(),
        format: new.format.code().to_owned(),
        verification: new.verification.code().to_owned(),
        zone: new.zone.clone(),
        secret_sealed: tx.seal(SECRET, id, &new.secret)?,
        previous_sealed: None,
        previous_until: None,
        active: true,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back as its next version.
pub(super) async fn save(tx: &TenantTx, mut row: SourceRow) -> Result<SourceRow> {
    row.version = row.version.saturating_add(1);
    row.updated_at = tx.now();
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}

/// Gives a locked source another secret; the one before holds until `until`, if at all.
pub(super) async fn rotate(
    tx: &TenantTx,
    mut row: SourceRow,
    secret: &str,
    until: Option<DateTime<Utc>>,
) -> Result<SourceRow> {
    let previous = std::mem::replace(&mut row.secret_sealed, tx.seal(SECRET, row.id, secret)?);
    row.previous_sealed = until.map(|_| previous);
    row.previous_until = until;
    save(tx, row).await
}

/// A secret that another took the place of, and until when it holds.
pub(super) type Previous = (String, DateTime<Utc>);

/// The secrets of a source: the one that holds, and the one before.
pub(super) fn secrets(tx: &TenantTx, row: &SourceRow) -> Result<(String, Option<Previous>)> {
    let open = |sealed: &Vec<u8>| tx.open(SECRET, row.id, sealed);
    let previous = row.previous_sealed.as_ref().zip(row.previous_until);
    Ok((open(&row.secret_sealed)?, previous.map(|(sealed, until)| Ok::<_, Error>((open(sealed)?, until))).transpose()?))
}

/// The beginning of the addresses that messages of this firm go to.
pub(super) async fn base(tx: &TenantTx, app: &App) -> Result<String> {
    let backend = tx.raw().get_database_backend();
    let sql = Statement::from_sql_and_values(backend, "SELECT slug FROM tenants WHERE id = $1", [tx.tenant().into()]);
    let row = tx.raw().query_one_raw(sql).await?.ok_or_else(|| Error::new(Code::Internal))?;
    let slug: String = row.try_get("", "slug")?;
    Ok(format!("{}/v1/t/{slug}/telemetry", app.config.public_url))
}

/// A source's address under that.
pub(super) fn under(base: &str, id: Uuid) -> String {
    format!("{base}/{}", Id::<kind::Source>::from_uuid(id))
}

/// A source's address.
pub(super) async fn address(tx: &TenantTx, app: &App, id: Uuid) -> Result<String> {
    Ok(under(&base(tx, app).await?, id))
}
