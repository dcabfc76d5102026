//! The only door to a tenant's rows. A transaction is bound to one tenant: on PostgreSQL by a setting that its policies
//! read, on both databases by the filter that every query from here carries. What was done is said when it commits, so
//! there is no change without its link in the audit chain.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::TenantEntity;
use sea_orm::sea_query::{Condition, Expr, IntoCondition, Query as SeaQuery};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DeleteMany, EntityTrait, ExprTrait,
    IntoActiveModel, Iterable, PrimaryKeyTrait, QueryFilter, QuerySelect, Select, Statement, UpdateMany,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Db, Together, TxConnection};
use crate::error::{Code, Error, Result};
use crate::platform::clock::Clock;
use crate::platform::keys::TenantKeys;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// An applicant.
    Applicant,
    /// A member of staff.
    Staff,
    /// A system of a third party.
    Client,
    /// The platform's operator.
    Operator,
    /// A job, or the product itself.
    System,
}

impl ActorKind {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Staff => "staff",
            Self::Client => "client",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

/// Who acts, and under which request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Which kind.
    pub kind: ActorKind,
    /// Their id (nil for the system and the operator).
    pub id: Uuid,
    /// The request, or the job.
    pub request_id: String,
    /// The address that they ask from, where somebody asks.
    pub from: Option<IpAddr>,
}

/// What was done, for the audit chain.
#[derive(Debug)]
pub struct Act {
    pub(crate) action: &'static str,
    pub(crate) object_kind: &'static str,
    pub(crate) object: Uuid,
    pub(crate) detail: serde_json::Value,
}

impl Act {
    /// `action` as `area.verb`, and the thing it was done to.
    pub fn new(action: &'static str, object_kind: &'static str, object: Uuid) -> Self {
        Self { action, object_kind, object, detail: serde_json::Value::Null }
    }

    /// What changed; it is sealed before it is stored.
    pub fn detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Tables keyed by tenant and id.
pub trait Keyed: TenantEntity {}
impl<E> Keyed for E
where
    E: TenantEntity,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = (Uuid, Uuid)>,
{
}

/// A transaction bound to one tenant.
pub struct TenantTx {
    inner: TxConnection,
    tenant: Uuid,
    actor: Actor,
    keys: Arc<TenantKeys>,
    now: DateTime<Utc>,
    clock: Clock,
    writes: bool,
}

impl TenantTx {
    pub(crate) async fn begin(
        db: &Db,
        tenant: Uuid,
        actor: Actor,
        keys: Arc<TenantKeys>,
        clock: &Clock,
        writes: bool,
    ) -> Result<Self> {
        // The setting that the policies read ends with the transaction.
        let bind = format!("SELECT set_config('app.tenant_id', '{tenant}', true)");
        let inner = if writes { db.begin(&bind).await? } else { db.begin_reading(&bind).await? };
        // Taken when it has begun: SQLite's one writer may have been waited for.
        Ok(Self { inner, tenant, actor, keys, now: clock.now(), clock: clock.clone(), writes })
    }

    /// A transaction that only reads, and whose every statement sees the same instant of the database: for what is compared
    /// while others go on writing. A read of SQLite is one anyway.
    pub(crate) async fn snapshot(
        db: &Db,
        tenant: Uuid,
        actor: Actor,
        keys: Arc<TenantKeys>,
        clock: &Clock,
    ) -> Result<Self> {
        let bind = format!("SELECT set_config('app.tenant_id', '{tenant}', true)");
        let inner = db.begin_snapshot(&bind).await?;
        Ok(Self { inner, tenant, actor, keys, now: clock.now(), clock: clock.clone(), writes: false })
    }

    /// The tenant.
    pub fn tenant(&self) -> Uuid {
        self.tenant
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The instant of this transaction, to the microsecond.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The time as it is now, for what must not be earlier than a lock that was waited for since [`Self::now`].
    pub fn instant(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether this transaction changes nothing, and so sees only what has come to be.
    pub fn only_reads(&self) -> bool {
        !self.writes
    }

    /// The tenant's keys.
    pub fn keys(&self) -> &TenantKeys {
        &self.keys
    }

    /// The connection, for statements that the helpers below do not cover. Every such statement names the tenant.
    pub fn raw(&self) -> &TxConnection {
        &self.inner
    }

    /// Whether the statement is for PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }

    /// All of the tenant's rows of a table, to be narrowed.
    #[allow(clippy::disallowed_methods, reason = "this is the scoped helper")]
    pub fn all<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(self.own::<E>())
    }

    /// One row by id; `None` also where it is another tenant's.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn get<E>(&self, id: Uuid) -> Result<Option<E::Model>>
    where
        E: Keyed,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = (Uuid, Uuid)>,
    {
        Ok(self.by_id::<E>(id).one(&self.inner).await?)
    }

    /// One row by id, locked until the transaction ends.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn lock<E>(&self, id: Uuid) -> Result<Option<E::Model>>
    where
        E: Keyed,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = (Uuid, Uuid)>,
    {
        Ok(self.by_id::<E>(id).lock_exclusive().one(&self.inner).await?)
    }

    #[allow(clippy::disallowed_methods, reason = "this is the scoped helper")]
    fn by_id<E>(&self, id: Uuid) -> Select<E>
    where
        E: TenantEntity,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = (Uuid, Uuid)>,
    {
        E::find_by_id((self.tenant, id))
    }

    /// Adds one row; its tenant is this one, whatever the model says.
    ///
    /// # Errors
    /// A broken constraint as its code, or a failing database.
    pub async fn insert<M, A>(&self, model: M) -> Result<()>
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantEntity,
    {
        let mut active = model.into_active_model();
        active.set(A::Entity::tenant_column(), self.tenant.into());
        A::Entity::insert(active).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Adds rows in as few statements as the database's bind limit allows.
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub async fn insert_all<M, A>(&self, models: Vec<M>) -> Result<()>
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantEntity,
    {
        const BINDS_MAX: usize = 30_000;
        let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
        let mut rows = Vec::with_capacity(models.len());
        for model in models {
            let mut active = model.into_active_model();
            active.set(A::Entity::tenant_column(), self.tenant.into());
            rows.push(active);
        }
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(BINDS_MAX / columns));
            A::Entity::insert_many(std::mem::replace(&mut rows, rest)).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    /// Writes the changed columns of one row, found by its primary key.
    ///
    /// # Errors
    /// `not_found` where the row is not the tenant's; a broken constraint as its code.
    pub async fn update<A>(&self, mut active: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantEntity,
    {
        // The tenant is part of the primary key, which names the row and is never written.
        active.set(A::Entity::tenant_column(), self.tenant.into());
        match A::Entity::update(active).exec_without_returning(&self.inner).await {
            Ok(_) => Ok(()),
            Err(sea_orm::DbErr::RecordNotUpdated) => Err(Error::not_found()),
            Err(error) => Err(error.into()),
        }
    }

    /// Rows to be written by [`Self::write`].
    pub fn together(&self) -> Together {
        Together::of(self.tenant)
    }

    /// Writes rows, on PostgreSQL in one journey.
    ///
    /// # Errors
    /// As [`Self::insert`] and [`Self::update`].
    pub async fn write(&self, rows: Together) -> Result<()> {
        rows.write(&self.inner).await
    }

    /// A change of many of the tenant's rows, to be narrowed.
    #[allow(clippy::disallowed_methods, reason = "this is the scoped helper")]
    pub fn update_all<E: TenantEntity>(&self) -> UpdateMany<E> {
        E::update_many().filter(self.own::<E>())
    }

    /// A removal of the tenant's rows, to be narrowed.
    #[allow(clippy::disallowed_methods, reason = "this is the scoped helper")]
    pub fn delete_all<E: TenantEntity>(&self) -> DeleteMany<E> {
        E::delete_many().filter(self.own::<E>())
    }

    /// Removes at most `rows_max` of the tenant's rows that fit `spent`, and says how many went: the batch of a purge.
    /// Neither database limits a DELETE, so rows are named by where they lie, which every table has.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_some<E: TenantEntity>(&self, spent: impl IntoCondition, rows_max: u64) -> Result<u64> {
        let place = if self.is_postgres() { "ctid" } else { "rowid" };
        let some = SeaQuery::select()
            .expr(Expr::cust(place))
            .from(E::default())
            .cond_where(self.own::<E>())
            .cond_where(spent)
            .limit(rows_max)
            .take();
        let removal = self.delete_all::<E>().filter(Expr::cust(place).in_subquery(some));
        Ok(removal.exec(&self.inner).await?.rows_affected)
    }

    fn own<E: TenantEntity>(&self) -> Condition {
        E::tenant_column().eq(self.tenant).into_condition()
    }

    /// Encrypts a value for one place (`table.column`) of one row.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn seal(&self, place: &str, row: Uuid, plain: &str) -> Result<Vec<u8>> {
        Ok(self.keys.seal(place, row, plain.as_bytes())?)
    }

    /// Decrypts a value of one place of one row.
    ///
    /// # Errors
    /// If it was sealed elsewhere or changed.
    pub fn open(&self, place: &str, row: Uuid, sealed: &[u8]) -> Result<String> {
        let plain = self.keys.open(place, row, sealed)?;
        String::from_utf8(plain).map_err(Error::internal)
    }

    /// Encrypts a value as JSON.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_json<T: Serialize>(&self, place: &str, row: Uuid, value: &T) -> Result<Vec<u8>> {
        Ok(self.keys.seal(place, row, &serde_json::to_vec(value)?)?)
    }

    /// Decrypts a value that was sealed as JSON.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_json<T: DeserializeOwned>(&self, place: &str, row: Uuid, sealed: &[u8]) -> Result<T> {
        Ok(serde_json::from_slice(&self.keys.open(place, row, sealed)?)?)
    }

    /// Commits what `act` says was done, with its link in the audit chain.
    ///
    /// # Errors
    /// If the database fails; then nothing was done.
    pub async fn commit(self, act: Act) -> Result<()> {
        let last = self.together();
        self.commit_with(act, last).await
    }

    /// The same, writing some last rows on the way.
    ///
    /// # Errors
    /// As [`Self::commit`] and [`Self::write`]; then nothing was done.
    pub async fn commit_with(self, act: Act, last: Together) -> Result<()> {
        crate::platform::audit::append(&self, &act, last).await?;
        self.inner.commit().await.map_err(Error::from)
    }

    /// Commits bookkeeping that changes nothing of the business: counters of failed log-ins, leases, expiry.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn commit_bookkeeping(self) -> Result<()> {
        self.inner.commit().await.map_err(Error::from)
    }

    /// The next number of a named sequence of the tenant, beginning with 1.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn next_number(&self, name: &str) -> Result<i64> {
        let backend = self.inner.get_database_backend();
        let sql = "INSERT INTO counters (tenant_id, name, value) VALUES ($1, $2, 1) \
                   ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value";
        let values = [self.tenant.into(), name.into()];
        let row = self.inner.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        let row = row.ok_or_else(|| Error::new(Code::Internal))?;
        Ok(row.try_get("", "value")?)
    }
}
