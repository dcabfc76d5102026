//! What clients prove themselves with: hashes of secrets and public keys.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use domain::clients::key::ClientKey;
use domain::clients::standing::CredentialKind;
use entity::{client_assertions, client_credentials as table};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, Statement};
use uuid::Uuid;

use crate::clients::secret::ClientSecret;
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

pub(in crate::clients) use table::Model as CredentialRow;

/// How long one that ended is shown, days.
pub(in crate::clients) const SHOWN_DAYS: i64 = 30;

/// Whether one counts at `now`.
pub(in crate::clients) fn counts(row: &CredentialRow, now: DateTime<Utc>) -> bool {
    row.ends_at.is_none_or(|ends_at| now < ends_at)
}

/// What each of some clients has or had of late, oldest first.
pub(in crate::clients) async fn of(tx: &TenantTx, clients: &[Uuid]) -> Result<HashMap<Uuid, Vec<CredentialRow>>> {
    use table::Column as C;
    let shown = Condition::any().add(C::EndsAt.is_null()).add(C::EndsAt.gt(tx.now() - Duration::days(SHOWN_DAYS)));
    let rows = tx.all::<table::Entity>().filter(C::ClientId.is_in(clients.iter().copied())).filter(shown);
    let mut all: HashMap<Uuid, Vec<CredentialRow>> = HashMap::new();
    for row in rows.order_by_asc(C::Id).all(tx.raw()).await? {
        all.entry(row.client_id).or_default().push(row);
    }
    Ok(all)
}

/// What counts of a client now, oldest first.
pub(in crate::clients) async fn live(tx: &TenantTx, client: Uuid) -> Result<Vec<CredentialRow>> {
    use table::Column as C;
    let lives = Condition::any().add(C::EndsAt.is_null()).add(C::EndsAt.gt(tx.now()));
    Ok(tx.all::<table::Entity>().filter(C::ClientId.eq(client)).filter(lives).order_by_asc(C::Id).all(tx.raw()).await?)
}

fn fresh(tx: &TenantTx, client: Uuid, kind: CredentialKind) -> CredentialRow {
    CredentialRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        client_id: client,
        kind: kind.code().to_owned(),
        secret_hash: None,
        kid: None,
        public_key: None,
        ends_at: None,
        last_used_at: None,
        created_at: tx.now(),
    }
}

pub(in crate::clients) async fn add_secret(tx: &TenantTx, client: Uuid, secret: &ClientSecret) -> Result<Uuid> {
    let row = CredentialRow {
        secret_hash: Some(secret.hash(tx.keys(), client)),
        ..fresh(tx, client, CredentialKind::Secret)
    };
    let id = row.id;
    tx.insert::<_, table::ActiveModel>(row).await?;
    Ok(id)
}

pub(in crate::clients) async fn add_key(tx: &TenantTx, client: Uuid, key: &ClientKey) -> Result<Uuid> {
    let row = CredentialRow {
        kid: Some(key.kid()),
        public_key: Some(key.to_jwk()),
        ..fresh(tx, client, CredentialKind::Key)
    };
    let id = row.id;
    tx.insert::<_, table::ActiveModel>(row).await?;
    Ok(id)
}

/// Has one end at an instant.
pub(in crate::clients) async fn end(tx: &TenantTx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.update(table::ActiveModel { id: Set(id), ends_at: Set(Some(at)), ..Default::default() }).await
}

/// Notes that one was used.
pub(in crate::clients) async fn used(tx: &TenantTx, id: Uuid) -> Result<()> {
    tx.update(table::ActiveModel { id: Set(id), last_used_at: Set(Some(tx.now())), ..Default::default() }).await
}

/// Takes an assertion, once; says whether it had not been taken before. Of two at once the second waits for the first.
pub(in crate::clients) async fn take(tx: &TenantTx, client: Uuid, jti: &str, until: DateTime<Utc>) -> Result<bool> {
    let hash = tx.keys().lookup("client_assertion", &format!("{client}/{jti}"));
    let id = hash.first_chunk::<16>().map(|bytes| Uuid::from_bytes(*bytes));
    let id = id.ok_or_else(|| Error::internal(anyhow::anyhow!("a hash is longer")))?;
    let sql = "INSERT INTO client_assertions (tenant_id, id, client_id, until) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (tenant_id, id) DO NOTHING";
    let values = [tx.tenant().into(), id.into(), client.into(), until.into()];
    let backend = tx.raw().get_database_backend();
    let done = tx.raw().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// Removes at most `rows_max` assertions that are over by themselves; says how many.
pub(super) async fn purge_assertions(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    tx.delete_some::<client_assertions::Entity>(client_assertions::Column::Until.lte(tx.now()), rows_max).await
}

/// Removes at most `rows_max` of what ended so long ago that it is shown no more; says how many.
pub(super) async fn purge_ended(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    let until = tx.now() - Duration::days(SHOWN_DAYS);
    tx.delete_some::<table::Entity>(table::Column::EndsAt.lte(until), rows_max).await
}
