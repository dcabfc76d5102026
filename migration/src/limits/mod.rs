//! Customers, and the credit limits that they are granted: records, relations, the ledger and its balances. On SQLite, where
//! there are no roles to take rights from, triggers keep entries as they were written.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{for_database, tables};

/// The fourth migration.
pub struct Limits;

impl MigrationName for Limits {
    fn name(&self) -> &str {
        "m0004_limits"
    }
}

const FILES: [&str; 2] = [include_str!("customers.sql"), include_str!("limits.sql")];

/// Tables of this migration that are only added to.
const APPEND_ONLY: [&str; 2] = ["limit_entries", "customer_accesses"];

#[async_trait::async_trait]
impl MigrationTrait for Limits {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let sql = for_database(&FILES.concat(), postgres);
        manager.get_connection().execute_unprepared(&sql).await?;
        if postgres {
            return crate::tenancy::enforce(manager, &tables(&sql)).await;
        }
        for table in APPEND_ONLY {
            for verb in ["UPDATE", "DELETE"] {
                let (name, sentence) = (verb.to_lowercase(), format!("{table} is only added to"));
                let trigger = format!(
                    "CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} \
                     BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                );
                manager.get_connection().execute_unprepared(&trigger).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(&FILES.concat()).iter().rev() {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
        }
        Ok(())
    }
}
