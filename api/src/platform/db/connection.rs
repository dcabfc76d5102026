//! The connection of one transaction, as sea-orm asks it. On PostgreSQL it is not sea-orm's own, which begins a
//! transaction, restricts it and lets it be bound to a tenant in three journeys, and copies text and values of every
//! statement; here the first of them is one, and nothing is copied.

use async_trait::async_trait;
use sea_orm::sqlx::{AssertSqlSafe, Error as SqlxError, PgPool, Postgres, Transaction, query_with};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

/// A transaction on a connection of its own; dropped without a commit it is rolled back.
pub enum TxConnection {
    /// Of SQLite.
    Sqlite(DatabaseTransaction),
    /// Of PostgreSQL. A transaction runs one statement at a time, so whoever asks waits for the one before.
    Postgres(Mutex<Transaction<'static, Postgres>>),
}

impl TxConnection {
    /// Begins a transaction of PostgreSQL with `opening`: everything that must be said before the first statement, in one
    /// journey. It holds no value that a caller sent.
    pub(super) async fn open(pool: &PgPool, opening: String) -> Result<Self, DbErr> {
        let begun = pool.begin_with(AssertSqlSafe(opening)).await;
        begun.map(|inner| Self::Postgres(Mutex::new(inner))).map_err(|cause| match cause {
            SqlxError::PoolTimedOut => DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout),
            SqlxError::PoolClosed => DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::ConnectionClosed),
            cause => DbErr::Conn(RuntimeErr::SqlxError(cause.into())),
        })
    }

    /// Commits.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(inner) => inner.commit().await,
            Self::Postgres(inner) => inner.into_inner().commit().await.map_err(asking),
        }
    }
}

fn asking(cause: SqlxError) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(cause.into()))
}

fn doing(cause: SqlxError) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(cause.into()))
}

/// The values of a statement, to be bound.
fn values(values: Option<sea_orm::Values>) -> SqlxValues {
    SqlxValues(values.unwrap_or(sea_orm::Values(vec![])))
}

#[async_trait]
impl ConnectionTrait for TxConnection {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, asked: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(inner) => inner.execute_raw(asked).await,
            Self::Postgres(inner) => {
                let query = query_with(AssertSqlSafe(asked.sql), values(asked.values));
                let done = query.execute(&mut **inner.lock().await).await;
                done.map(ExecResult::from).map_err(doing)
            }
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(inner) => inner.execute_unprepared(sql).await,
            Self::Postgres(inner) => {
                let mut inner = inner.lock().await;
                let done = sea_orm::sqlx::Executor::execute(&mut **inner, AssertSqlSafe(sql.to_owned())).await;
                done.map(ExecResult::from).map_err(doing)
            }
        }
    }

    async fn query_one_raw(&self, asked: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(inner) => inner.query_one_raw(asked).await,
            Self::Postgres(inner) => {
                let query = query_with(AssertSqlSafe(asked.sql), values(asked.values));
                let row = query.fetch_optional(&mut **inner.lock().await).await;
                row.map(|row| row.map(QueryResult::from)).map_err(asking)
            }
        }
    }

    async fn query_all_raw(&self, asked: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(inner) => inner.query_all_raw(asked).await,
            Self::Postgres(inner) => {
                let query = query_with(AssertSqlSafe(asked.sql), values(asked.values));
                let rows = query.fetch_all(&mut **inner.lock().await).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect()).map_err(asking)
            }
        }
    }
}
