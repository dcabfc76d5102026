//! Keys that change: further data keys of tenants, the keys that tokens are signed with, and a tenant's audit key, which so far
//! followed from the master key and would have changed with it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{drop_all, for_database, make};

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
        make(manager, SQL).await?;
        let column = for_database("ALTER TABLE tenants ADD COLUMN wrapped_audit_key $BYTES", postgres);
        manager.get_connection().execute_unprepared(&column).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("ALTER TABLE tenants DROP COLUMN wrapped_audit_key").await?;
        drop_all(manager, SQL).await
    }
}
