//! The queue's table: adding in a tenant's transaction, claiming through the platform's door, finishing under the token.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect, Statement};
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
/// How long a done job is kept, days: to see what a week did. Longer than any [`super::Recurring`] waits, whose done job is
/// what keeps it from running twice in a period.
pub(super) const DONE_KEPT_DAYS: i64 = 7;
/// How long a dead job is kept, days: a quarter, in which somebody should have looked into it.
const DEAD_KEPT_DAYS: i64 = 90;
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

/// Adds a job under an id that the caller has worked out, unless it is there already: however many ask, it runs once.
pub(super) async fn enqueue_once(tx: &TenantTx, kind: &str, id: Uuid, run_at: DateTime<Utc>) -> Result<bool> {
    let sql = "INSERT INTO jobs (tenant_id, id, kind, payload, state, run_at, attempts, lease_token, created_at) \
               VALUES ($1, $2, $3, $4, 'ready', $5, 0, 0, $6) ON CONFLICT DO NOTHING";
    let payload = tx.seal_json(PLACE, id, &())?;
    let values = [tx.tenant().into(), id.into(), kind.into(), payload.into(), run_at.into(), tx.now().into()];
    let statement = Statement::from_sql_and_values(tx.raw().get_database_backend(), sql, values);
    Ok(tx.raw().execute_raw(statement).await?.rows_affected() == 1)
}

/// Removes at most `rows_max` jobs that were done, or given up, long ago; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    use entity::jobs::{Column, Entity};
    let over = |state: &str, days: i64| {
        Condition::all().add(Column::State.eq(state)).add(Column::RunAt.lte(tx.now() - Duration::days(days)))
    };
    let spent = Condition::any().add(over("done", DONE_KEPT_DAYS)).add(over("dead", DEAD_KEPT_DAYS));
    tx.delete_some::<Entity>(spent, rows_max).await
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

/// Whether a job of some kind of the tenant waits or is being done, other than this one.
///
/// # Errors
/// If the database fails.
pub async fn is_another(tx: &TenantTx, job: &Job, kind: &str) -> Result<bool> {
    use entity::jobs::{Column, Entity};
    let rows = tx.all::<Entity>().select_only().column(Column::Id).filter(Column::Kind.eq(kind));
    let rows = rows.filter(Column::State.eq("ready")).filter(Column::Id.ne(job.id)).limit(1);
    Ok(rows.into_tuple::<Uuid>().one(tx.raw()).await?.is_some())
}

/// Which kinds of jobs somebody takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kinds {
    /// All of them.
    All,
    /// These alone.
    Only(&'static [&'static str]),
    /// All but these.
    Except(&'static [&'static str]),
}

impl Kinds {
    /// The condition in SQL; kinds are words of ours.
    fn condition(self) -> String {
        let listed = |kinds: &[&str]| kinds.iter().map(|kind| format!("'{kind}'")).collect::<Vec<_>>().join(", ");
        match self {
            Self::All => String::new(),
            Self::Only(kinds) => format!("AND kind IN ({})", listed(kinds)),
            Self::Except(kinds) => format!("AND kind NOT IN ({})", listed(kinds)),
        }
    }
}

/// Leases the job of some kinds that is due longest, if any. Most times none is, and then no lock is taken and the one writer
/// of SQLite not asked for: looks are as frequent as writes, which wake the workers.
pub(super) async fn next(db: &Db, now: DateTime<Utc>, kinds: Kinds) -> Result<Option<Job>> {
    if is_due(db, now, kinds).await? { claim(db, now, kinds).await } else { Ok(None) }
}

async fn is_due(db: &Db, now: DateTime<Utc>, kinds: Kinds) -> Result<bool> {
    let tx = PlatformTx::read(db).await?;
    let sql = format!(
        "SELECT id FROM jobs WHERE state = 'ready' AND run_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) {} LIMIT 1",
        kinds.condition()
    );
    let rows = tx.rows(&sql, [now.into()]).await?;
    tx.commit().await?;
    Ok(!rows.is_empty())
}

async fn claim(db: &Db, now: DateTime<Utc>, kinds: Kinds) -> Result<Option<Job>> {
    let tx = PlatformTx::begin(db).await?;
    let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
    let kinds = kinds.condition();
    let sql = format!(
        "UPDATE jobs SET lease_token = lease_token + 1, lease_until = $1, attempts = attempts + 1 \
         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM jobs WHERE state = 'ready' AND run_at <= $2 \
         AND (lease_until IS NULL OR lease_until <= $2) {kinds} ORDER BY run_at LIMIT 1 {skip}) \
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
