//! Keys that change: further data keys of tenants, the keys that tokens are signed with, and a tenant's audit key, which so far
//! followed from the master key and would have changed with it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{for_database, tables};

/// The migration.
pub struct Keys;

impl MigrationName for Keys {
    fn name(&self) -> &str {
        "m0015_keys"
    }
}

const SQL: &str = include_str!("keys.sql");

#[async_trait::async_trait]
impl MigrationTrait for Keys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let sql = for_database(SQL, postgres);
        manager.get_connection().execute_unprepared(&sql).await?;
        let column = for_database("ALTER TABLE tenants ADD COLUMN wrapped_audit_key $BYTES", postgres);
        manager.get_connection().execute_unprepared(&column).await?;
        if postgres {
            crate::tenancy::enforce(manager, &tables(&sql)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("ALTER TABLE tenants DROP COLUMN wrapped_audit_key").await?;
        for table in tables(SQL).iter().rev() {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
        }
        Ok(())
    }
}
