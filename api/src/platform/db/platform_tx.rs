//! The second, named door: what the platform may see across tenants, and nothing else: tenants with their wrapped keys, the job
//! queue's claim, revocations, the keys that tokens are signed with, and how often addresses ask. None of it is personal data in clear.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use uuid::Uuid;

use super::{Db, TxConnection};
use crate::error::Result;

/// What the policies of the platform's tables want to be told.
const BIND: &str = "SELECT set_config('app.platform', 'on', true)";

/// A transaction of the platform.
pub struct PlatformTx {
    inner: TxConnection,
}

/// A tenant as the platform sees it.
#[derive(Clone, Debug)]
pub struct TenantRow {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// The firm's name.
    pub name: String,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Its wrapped data key.
    pub wrapped_key: Vec<u8>,
    /// Its wrapped key of the audit chain, where one was kept.
    pub wrapped_audit_key: Option<Vec<u8>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Version for If-Match.
    pub version: i64,
}

impl TenantRow {
    /// Whether it was removed, and only its id and its name in addresses are left.
    pub fn is_removed(&self) -> bool {
        self.name.is_empty()
    }
}

impl PlatformTx {
    /// Opens a transaction.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin(db: &Db) -> Result<Self> {
        Ok(Self { inner: db.begin(BIND).await? })
    }

    /// Opens a transaction that only reads.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn read(db: &Db) -> Result<Self> {
        Ok(Self { inner: db.begin_reading(BIND).await? })
    }

    fn statement<I: IntoIterator<Item = Value>>(&self, sql: &str, values: I) -> Statement {
        Statement::from_sql_and_values(self.inner.get_database_backend(), sql, values)
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }

    /// Rows of one statement over the platform's tables.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn rows<I: IntoIterator<Item = Value>>(&self, sql: &str, values: I) -> Result<Vec<QueryResult>> {
        Ok(self.inner.query_all_raw(self.statement(sql, values)).await?)
    }

    /// Runs one statement over the platform's tables and says how many rows it touched.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn run<I: IntoIterator<Item = Value>>(&self, sql: &str, values: I) -> Result<u64> {
        Ok(self.inner.execute_raw(self.statement(sql, values)).await?.rows_affected())
    }

    /// The tenant with this name in addresses.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<TenantRow>> {
        let rows = self.rows(&format!("{TENANTS} WHERE slug = $1"), [slug.into()]).await?;
        rows.first().map(tenant_row).transpose()
    }

    /// The tenant with this id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tenant(&self, id: Uuid) -> Result<Option<TenantRow>> {
        let rows = self.rows(&format!("{TENANTS} WHERE id = $1"), [id.into()]).await?;
        rows.first().map(tenant_row).transpose()
    }

    /// A page of tenants after `after`, by id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tenants(&self, after: Uuid, limit: u64) -> Result<Vec<TenantRow>> {
        let sql = format!("{TENANTS} WHERE id > $1 ORDER BY id LIMIT $2");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows(&sql, [after.into(), limit.into()]).await?.iter().map(tenant_row).collect()
    }

    /// Commits.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }
}

const TENANTS: &str = "SELECT id, slug, name, status, wrapped_key, wrapped_audit_key, created_at, version FROM tenants";

fn tenant_row(row: &QueryResult) -> Result<TenantRow> {
    Ok(TenantRow {
        id: row.try_get("", "id")?,
        slug: row.try_get("", "slug")?,
        name: row.try_get("", "name")?,
        suspended: row.try_get::<String>("", "status")? != "active",
        wrapped_key: row.try_get("", "wrapped_key")?,
        wrapped_audit_key: row.try_get("", "wrapped_audit_key")?,
        created_at: row.try_get("", "created_at")?,
        version: row.try_get("", "version")?,
    })
}
