//! Systems of third parties that call the interface: what they prove themselves with, what they used, and what they asked.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{for_database, tables};

/// The migration.
pub struct Clients;

impl MigrationName for Clients {
    fn name(&self) -> &str {
        "m0013_clients"
    }
}

const SQL: &str = include_str!("clients.sql");

#[async_trait::async_trait]
impl MigrationTrait for Clients {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let sql = for_database(SQL, postgres);
        manager.get_connection().execute_unprepared(&sql).await?;
        if postgres {
            crate::tenancy::enforce(manager, &tables(&sql)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(SQL).iter().rev() {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
        }
        Ok(())
    }
}
