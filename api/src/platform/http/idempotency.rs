//! A POST with a key has its effect once. The key's row is written in the same transaction as the effect: a second
//! request with the same key waits for the first and gets its answer; the same key with another body is refused.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};
use chrono::{DateTime, Duration, Utc};
use domain::access::May;
use entity::idempotency_keys;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use super::reply::{Done, write};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::Access;
use crate::platform::db::TenantTx;

const KEY_CHARS_MAX: usize = 255;
/// How long a key counts, hours: longer than any client goes on repeating a request. An older one counts as new, whether
/// or not it was purged already, so that the meaning of a request does not hang on when the purge ran.
const KEY_HOURS: i64 = 24;

/// The instant up to which keys no longer count.
fn keys_over(tx: &TenantTx) -> DateTime<Utc> {
    tx.now() - Duration::hours(KEY_HOURS)
}

/// Removes at most `rows_max` keys that no longer count, with the replies kept under them; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_keys(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    use idempotency_keys::{Column, Entity};
    tx.delete_some::<Entity>(Column::CreatedAt.lte(keys_over(tx)), rows_max).await
}

/// The `Idempotency-Key` of a request, and what request it is.
#[derive(Clone, Debug)]
pub struct Idempotency {
    key: String,
    operation: String,
    path: String,
}

impl FromRequest for Idempotency {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default();
        if key.is_empty() || key.len() > KEY_CHARS_MAX || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return ready(Err(Error::new(Code::IdempotencyKeyRequired)));
        }
        let pattern = request.match_pattern().unwrap_or_default();
        ready(Ok(Self {
            key: key.to_owned(),
            operation: format!("{} {pattern}", request.method()),
            path: request.path().to_owned(),
        }))
    }
}

/// An answer as it is kept: its body byte for byte, so that a repeat is answered with the same.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: Option<i64>,
    location: Option<String>,
    body: Box<RawValue>,
}

/// Where replies are sealed.
pub(super) const PLACE: &str = "idempotency_keys.reply";

impl Idempotency {
    /// Runs `work` once in a transaction of the caller's tenant, with `body` as the request's fingerprint.
    ///
    /// # Errors
    /// Whatever `work` refuses; then nothing is kept, and the key can be used again.
    pub async fn run<P, B, T, F>(&self, app: &App, access: &Access<P>, body: &B, work: F) -> Result<HttpResponse>
    where
        P: May,
        B: Serialize,
        T: Serialize,
        F: AsyncFnOnce(&TenantTx) -> Result<Done<T>>,
    {
        let tx = access.begin(app).await?;
        self.run_in(app, tx, access.principal.id, body, work).await
    }

    /// The same in a transaction that is already open, for callers who have not logged in yet.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_in<B, T, F>(
        &self,
        app: &App,
        tx: TenantTx,
        principal: Uuid,
        body: &B,
        work: F,
    ) -> Result<HttpResponse>
    where
        B: Serialize,
        T: Serialize,
        F: AsyncFnOnce(&TenantTx) -> Result<Done<T>>,
    {
        let fingerprint = self.fingerprint(&tx, body)?;
        if !self.claim(&tx, principal, &fingerprint).await? {
            return self.replay(&tx, principal, &fingerprint).await;
        }
        let Done { reply, act, keep } = work(&tx).await?;
        let body = to_raw_value(&reply.body)?;
        let json = body.get().as_bytes().to_vec();
        let body = if keep { body } else { RawValue::NULL.to_owned() };
        let kept = Kept { version: reply.version, location: reply.location, body };
        let sealed = tx.seal_json(PLACE, principal, &kept)?;
        let status = if keep { i32::from(reply.status) } else { 0 };
        let answered = idempotency_keys::ActiveModel {
            principal: Set(principal),
            operation: Set(self.operation.clone()),
            key: Set(self.key.clone()),
            status: Set(status),
            reply: Set(sealed),
            ..Default::default()
        };
        let answered = tx.together().update(answered)?;
        tx.commit_with(act, answered).await?;
        app.jobs_wake.notify_waiters();
        Ok(write(reply.status, kept.version, kept.location.as_deref(), json))
    }

    /// Whether the key is new, or so old that it counts as new. On PostgreSQL a second transaction waits here until the
    /// first has ended.
    async fn claim(&self, tx: &TenantTx, principal: Uuid, fingerprint: &[u8]) -> Result<bool> {
        let sql = "INSERT INTO idempotency_keys (tenant_id, principal, operation, key, fingerprint, status, reply, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 0, $6, $7) \
                   ON CONFLICT (tenant_id, principal, operation, key) DO UPDATE SET fingerprint = excluded.fingerprint, \
                   status = 0, reply = excluded.reply, created_at = excluded.created_at \
                   WHERE idempotency_keys.created_at <= $8";
        let values = [
            tx.tenant().into(),
            principal.into(),
            self.operation.clone().into(),
            self.key.clone().into(),
            fingerprint.to_vec().into(),
            Vec::<u8>::new().into(),
            tx.now().into(),
            keys_over(tx).into(),
        ];
        let backend = tx.raw().get_database_backend();
        let done = tx.raw().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn replay(&self, tx: &TenantTx, principal: Uuid, fingerprint: &[u8]) -> Result<HttpResponse> {
        use idempotency_keys::{Column, Entity};
        use sea_orm::QueryFilter;
        let row = tx
            .all::<Entity>()
            .filter(Column::Principal.eq(principal))
            .filter(Column::Operation.eq(self.operation.as_str()))
            .filter(Column::Key.eq(self.key.as_str()))
            .one(tx.raw())
            .await?
            .ok_or_else(|| Error::new(Code::Internal))?;
        if row.fingerprint != fingerprint {
            return Err(Error::new(Code::IdempotencyKeyReused));
        }
        let Some(status) = u16::try_from(row.status).ok().filter(|status| *status >= 200) else {
            return Err(Error::new(Code::IdempotencyKeyReused).detail(
                "该请求已成功执行，其结果含有机密，不再重复返回。",
                "The request was carried out; its answer held a secret and is not given again.",
            ));
        };
        let kept: Kept = tx.open_json(PLACE, principal, &row.reply)?;
        Ok(write(status, kept.version, kept.location.as_deref(), kept.body.get().as_bytes().to_vec()))
    }

    /// The body may hold personal data or a password, so only a keyed hash of it is kept.
    fn fingerprint<B: Serialize>(&self, tx: &TenantTx, body: &B) -> Result<Vec<u8>> {
        Ok(tx.keys().lookup(&format!("fingerprint/{}", self.path), &serde_json::to_string(body)?))
    }
}
