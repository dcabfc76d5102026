//! Second factors, what a firm asks of log-ins, and of each log-in from where it is and when its person last proved who they are.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{drop_all, for_database, make};

/// The migration.
pub struct SignIn;

impl MigrationName for SignIn {
    fn name(&self) -> &str {
        "m0012_sign_in"
    }
}

const SQL: &str = include_str!("sign_in.sql");

/// Of a log-in: the client as it called itself, the address it was begun from, and when the person last gave what proves them.
const COLUMNS: [(&str, &str); 3] = [("user_agent", "TEXT"), ("address", "TEXT"), ("proven_at", "$TIME")];

#[async_trait::async_trait]
impl MigrationTrait for SignIn {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        make(manager, SQL).await?;
        for (column, of) in COLUMNS {
            let sql = for_database(&format!("ALTER TABLE sessions ADD COLUMN {column} {of}"), postgres);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (column, _) in COLUMNS {
            manager.get_connection().execute_unprepared(&format!("ALTER TABLE sessions DROP COLUMN {column}")).await?;
        }
        drop_all(manager, SQL).await
    }
}
