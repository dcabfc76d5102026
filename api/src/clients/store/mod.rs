//! This area's SQL: clients.

pub(super) mod credentials;
pub(super) mod days;
pub(super) mod purge;
pub(super) mod requests;

use domain::clients::limits::Limits;
use domain::clients::scope::Scope;
use domain::clients::standing::{ClientKind, ClientState};
use domain::network::Network;
use entity::api_clients as table;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use table::Model as ClientRow;

/// Most clients of a firm, disabled ones among them.
pub(super) const CLIENTS_MAX: u64 = 200;

/// What somebody says of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub name: String,
    pub kind: ClientKind,
    pub scopes: Vec<Scope>,
    /// Where it may come from; nothing for anywhere.
    pub allow: Vec<Network>,
    pub limits: Limits,
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<ClientRow>> {
    tx.get::<table::Entity>(id).await
}

/// A client that nobody else changes until the transaction ends; whoever only counts its requests does not wait.
pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<ClientRow>> {
    let row = tx.all::<table::Entity>().filter(table::Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(row.one(tx.raw()).await?)
}

pub(super) async fn count(tx: &TenantTx) -> Result<u64> {
    Ok(tx.all::<table::Entity>().count(tx.raw()).await?)
}

/// A page of clients, oldest first.
pub(super) async fn page(tx: &TenantTx, at: Cursor) -> Result<Vec<ClientRow>> {
    let mut rows = tx.all::<table::Entity>();
    if let Some(after) = at.after {
        rows = rows.filter(table::Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(table::Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, said: &Said) -> Result<ClientRow> {
    let mut row = ClientRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        name: String::new(),
        kind: String::new(),
        scopes: serde_json::Value::Null,
        allow: None,
        rate_per_second: 0,
        burst: 0,
        at_once: 0,
        per_day: 0,
        state: ClientState::Active.code().to_owned(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    put(&mut row, said);
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back as its next version.
pub(super) async fn save(tx: &TenantTx, mut row: ClientRow) -> Result<ClientRow> {
    row.version = row.version.saturating_add(1);
    row.updated_at = tx.now();
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}

/// Puts what somebody says into a row.
pub(super) fn put(row: &mut ClientRow, said: &Said) {
    let Limits { rate_per_second, burst, at_once, per_day } = said.limits;
    let small = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    row.name.clone_from(&said.name);
    row.kind = said.kind.code().to_owned();
    row.scopes = said.scopes.iter().map(|scope| scope.code()).collect();
    row.allow = (!said.allow.is_empty()).then(|| said.allow.iter().map(ToString::to_string).collect());
    (row.rate_per_second, row.burst, row.at_once) = (small(rate_per_second), small(burst), small(at_once));
    row.per_day = i64::try_from(per_day).unwrap_or(i64::MAX);
}

/// What was said of a client. A scope that there is no more is left out.
pub(super) fn said(row: &ClientRow) -> Result<Said> {
    let broken = || Error::new(Code::Internal);
    let words = |value: &serde_json::Value| serde_json::from_value::<Vec<String>>(value.clone()).map_err(Error::from);
    let networks = row.allow.as_ref().map(words).transpose()?.unwrap_or_default();
    let small = |n: i32| u32::try_from(n).unwrap_or(0);
    Ok(Said {
        name: row.name.clone(),
        kind: ClientKind::from_code(&row.kind).ok_or_else(broken)?,
        scopes: words(&row.scopes)?.iter().filter_map(|code| Scope::from_code(code)).collect(),
        // an entry that cannot be read must not open what it was to close
        allow: networks.iter().map(|text| text.parse().map_err(|_| broken())).collect::<Result<_>>()?,
        limits: Limits {
            rate_per_second: small(row.rate_per_second),
            burst: small(row.burst),
            at_once: small(row.at_once),
            per_day: u64::try_from(row.per_day).unwrap_or(0),
        },
    })
}

/// How a client stands.
pub(super) fn state(row: &ClientRow) -> Result<ClientState> {
    ClientState::from_code(&row.state).ok_or_else(|| Error::new(Code::Internal))
}
