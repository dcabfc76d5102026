//! The queue's table: adding in a tenant's transaction, claiming through the platform's door, finishing under the token.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::{Db, PlatformTx, TenantTx};

/// A leased job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whose it is.
    pub tenant: Uuid,
    /// Its id; effects are keyed by it.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// How often it was tried, this time included.
    pub attempt: i32,
    payload: Vec<u8>,
    token: i64,
}

/// How long a worker may hold a job before another takes it.
pub const LEASE_S: i64 = 60;
const PLACE: &str = "jobs.payload";

/// Adds a job that runs once the transaction has committed.
///
/// # Errors
/// If the database fails.
pub async fn enqueue<T: Serialize>(tx: &TenantTx, kind: &str, payload: &T) -> Result<Uuid> {
    enqueue_at(tx, kind, payload, tx.now()).await
}

/// Adds a job that runs at `run_at`.
///
/// # Errors
/// If the database fails.
pub async fn enqueue_at<T: Serialize>(tx: &TenantTx, kind: &str, payload: &T, run_at: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    tx.insert::<_, entity::jobs::ActiveModel>(entity::jobs::Model {
        tenant_id: tx.tenant(),
        id,
        kind: kind.to_owned(),
        payload: tx.seal_json(PLACE, id, payload)?,
        state: "ready".to_owned(),
        run_at,
        attempts: 0,
        lease_until: None,
        lease_token: 0,
        last_error: None,
        created_at: tx.now(),
    })
    .await?;
    Ok(id)
}

/// Ends a job in the transaction of its effect.
///
/// # Errors
/// If the lease was lost to another worker; then the whole transaction must not commit.
pub async fn finish(tx: &TenantTx, job: &Job) -> Result<()> {
    use entity::jobs::{Column, Entity};
    let done = tx
        .update_all::<Entity>()
        .col_expr(Column::State, "done".into())
        .col_expr(Column::LeaseUntil, sea_orm::sea_query::Expr::value(Option::<DateTime<Utc>>::None))
        .filter(Column::Id.eq(job.id))
        .filter(Column::LeaseToken.eq(job.token))
        .filter(Column::State.eq("ready"))
        .exec(tx.raw())
        .await?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::internal(anyhow::anyhow!("the lease of job {} was lost", job.id)))
    }
}

impl Job {
    /// What was enqueued.
    ///
    /// # Errors
    /// If it does not open or does not fit.
    pub fn payload<T: DeserializeOwned>(&self, tx: &TenantTx) -> Result<T> {
        tx.open_json(PLACE, self.id, &self.payload)
    }
}

/// Leases the job that is due longest, if any.
pub(super) async fn claim(db: &Db, now: DateTime<Utc>) -> Result<Option<Job>> {
    let tx = PlatformTx::begin(db).await?;
    let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE jobs SET lease_token = lease_token + 1, lease_until = $1, attempts = attempts + 1 \
         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM jobs WHERE state = 'ready' AND run_at <= $2 \
         AND (lease_until IS NULL OR lease_until <= $2) ORDER BY run_at LIMIT 1 {skip}) \
         RETURNING tenant_id, id, kind, payload, attempts, lease_token"
    );
    let rows = tx.rows(&sql, [(now + Duration::seconds(LEASE_S)).into(), now.into()]).await?;
    let job = match rows.first() {
        None => None,
        Some(row) => Some(Job {
            tenant: row.try_get("", "tenant_id")?,
            id: row.try_get("", "id")?,
            kind: row.try_get("", "kind")?,
            attempt: row.try_get("", "attempts")?,
            payload: row.try_get("", "payload")?,
            token: row.try_get("", "lease_token")?,
        }),
    };
    tx.commit().await?;
    Ok(job)
}

/// Puts a job back to run at `run_at`, or, with `None`, sets it aside as dead. `why` holds no personal data.
pub(super) async fn put_back(tx: &TenantTx, job: &Job, run_at: Option<DateTime<Utc>>, why: &str) -> Result<()> {
    use entity::jobs::{ActiveModel, Column, Entity};
    let mut change =
        ActiveModel { last_error: Set(Some(why.to_owned())), lease_until: Set(None), ..Default::default() };
    match run_at {
        Some(at) => change.run_at = Set(at),
        None => change.state = Set("dead".to_owned()),
    }
    tx.update_all::<Entity>()
        .set(change)
        .filter(Column::Id.eq(job.id))
        .filter(Column::LeaseToken.eq(job.token))
        .filter(Column::State.eq("ready"))
        .exec(tx.raw())
        .await?;
    Ok(())
}
