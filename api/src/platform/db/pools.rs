//! Connections. SQLite has one writer (BEGIN IMMEDIATE, fully synchronous: this is money) and many readers; PostgreSQL
//! has one pool.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{Connection, PgConnection};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use super::TxConnection;
use crate::platform::private;

/// Where the database is and how many connections it may take.
#[derive(Clone, Debug)]
pub struct DbSettings {
    /// `sqlite://…` or `postgres://…`.
    pub url: String,
    /// Most connections of one process (readers, on SQLite).
    pub max_connections: u32,
}

/// The pools. On PostgreSQL both are the same.
#[derive(Clone, Debug)]
pub struct Db {
    pub(super) write: DatabaseConnection,
    pub(super) read: DatabaseConnection,
}

/// Prepared statements that each connection keeps: the product has more than a library's usual hundred, and one that was
/// put away is planned anew.
const STATEMENTS_KEPT: usize = 256;
const ACQUIRE_MAX: Duration = Duration::from_secs(10);

impl Db {
    /// Opens the pools.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn connect(settings: &DbSettings) -> anyhow::Result<Self> {
        if settings.url.starts_with("sqlite") {
            let file = SqliteConnectOptions::from_str(&settings.url)?.get_filename().to_owned();
            private::file(&file).with_context(|| format!("making {}", file.display()))?;
            // The writer first: it makes the file and the write-ahead log that the readers need.
            let write = Database::connect(sqlite(settings, false, 1)).await.context("opening the SQLite database")?;
            let read = Database::connect(sqlite(settings, true, settings.max_connections))
                .await
                .context("opening the SQLite database for reading")?;
            return Ok(Self { write, read });
        }
        reach(&settings.url).await?;
        let mut options = ConnectOptions::new(settings.url.clone());
        options
            .max_connections(settings.max_connections)
            .min_connections(1)
            .sqlx_logging(false)
            .test_before_acquire_if_idle_for(Duration::from_secs(30))
            .acquire_timeout(ACQUIRE_MAX)
            .map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(STATEMENTS_KEPT));
        let pool = Database::connect(options).await.context("connecting to PostgreSQL")?;
        Ok(Self { write: pool.clone(), read: pool })
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.write.get_database_backend() == DbBackend::Postgres
    }

    /// Begins a transaction that may change things; on PostgreSQL with the statement that binds it.
    pub(super) async fn begin(&self, bind: &str) -> Result<TxConnection, DbErr> {
        if self.is_postgres() {
            let pool = self.write.get_postgres_connection_pool();
            return TxConnection::open(pool, format!("BEGIN; {bind}")).await;
        }
        // Whoever means to write waits for the writer's place at once, and not half-way.
        let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
        self.write.begin_with_options(options).await.map(TxConnection::Sqlite)
    }

    /// The same for one that only reads, which PostgreSQL holds it to; SQLite's readers cannot write at all.
    pub(super) async fn begin_reading(&self, bind: &str) -> Result<TxConnection, DbErr> {
        if self.is_postgres() {
            let pool = self.read.get_postgres_connection_pool();
            return TxConnection::open(pool, format!("BEGIN READ ONLY; {bind}")).await;
        }
        self.read.begin().await.map(TxConnection::Sqlite)
    }

    /// The same whose every statement sees one instant.
    pub(super) async fn begin_snapshot(&self, bind: &str) -> Result<TxConnection, DbErr> {
        if self.is_postgres() {
            let pool = self.read.get_postgres_connection_pool();
            return TxConnection::open(pool, format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {bind}")).await;
        }
        self.begin_reading(bind).await
    }

    /// The connection that migrations run on.
    pub fn for_migrations(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Answers if the database does.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), sea_orm::DbErr> {
        self.read.ping().await
    }

    /// Closes both pools, waiting for what runs.
    pub async fn close(&self) {
        let _ = self.read.clone().close().await;
        let _ = self.write.clone().close().await;
    }
}

/// Connects once and says what stands against it: a pool would try for its whole waiting time and then know only that
/// the time was over.
async fn reach(url: &str) -> anyhow::Result<()> {
    let options: PgConnectOptions = url.parse().context("the address of the PostgreSQL database")?;
    let place = format!("connecting to PostgreSQL at {}:{}", options.get_host(), options.get_port());
    match tokio::time::timeout(ACQUIRE_MAX, PgConnection::connect_with(&options)).await {
        Ok(Ok(connection)) => Ok(connection.close().await?),
        Ok(Err(cause)) => Err(cause).context(place),
        Err(_) => anyhow::bail!("{place}: no answer within {} s", ACQUIRE_MAX.as_secs()),
    }
}

fn sqlite(settings: &DbSettings, read_only: bool, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(settings.url.clone());
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE_MAX)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(!read_only)
                .read_only(read_only)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("temp_store", "memory")
                .pragma("cache_size", "-16000")
                .statement_cache_capacity(STATEMENTS_KEPT)
        });
    options
}
