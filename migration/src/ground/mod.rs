//! The ground: every table of the first release, written as SQL because that is what a reader has to judge. The two
//! databases differ only in the names of a few types, which are put in here.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The first migration.
pub struct Ground;

impl MigrationName for Ground {
    fn name(&self) -> &str {
        "m0001_ground"
    }
}

const FILES: [&str; 4] =
    [include_str!("tenants.sql"), include_str!("people.sql"), include_str!("business.sql"), include_str!("data.sql")];

/// Types that have other names on the two databases: (token, SQLite, PostgreSQL).
const TYPES: [(&str, &str, &str); 5] = [
    ("$UUID", "BLOB", "uuid"),
    ("$BYTES", "BLOB", "bytea"),
    ("$JSON", "TEXT", "jsonb"),
    ("$TIME", "TEXT", "timestamptz"),
    ("$DATE", "TEXT", "date"),
];

#[async_trait::async_trait]
impl MigrationTrait for Ground {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make(manager, &FILES.concat()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &FILES.concat()).await
    }
}

/// Makes the tables of `sql`; on PostgreSQL each with its policy.
pub(crate) async fn make(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let postgres = manager.get_database_backend() == DbBackend::Postgres;
    let sql = for_database(sql, postgres);
    manager.get_connection().execute_unprepared(&sql).await?;
    if postgres { crate::tenancy::enforce(manager, &tables(&sql)).await } else { Ok(()) }
}

/// Drops the tables of `sql`, the last first.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    for table in tables(sql).iter().rev() {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
    }
    Ok(())
}

/// Lets rows of tables be added and nothing else: on SQLite by triggers, while on PostgreSQL the serving role has no more rights
/// ([`crate::tenancy::APPEND_ONLY_TABLES`]).
pub(crate) async fn only_added_to(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    for table in tables {
        for verb in ["UPDATE", "DELETE"] {
            let trigger = format!(
                "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END",
                verb.to_lowercase()
            );
            manager.get_connection().execute_unprepared(&trigger).await?;
        }
    }
    Ok(())
}

/// `sql` with the types of one of the two databases.
pub(crate) fn for_database(sql: &str, postgres: bool) -> String {
    TYPES.iter().fold(sql.to_owned(), |sql, (token, sqlite, pg)| sql.replace(token, if postgres { pg } else { sqlite }))
}

/// Names of the tables created in `sql`, in order.
pub(crate) fn tables(sql: &str) -> Vec<String> {
    sql.lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}
