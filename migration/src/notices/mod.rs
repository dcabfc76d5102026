//! Notices keep their texts: an acceptance names a version, and what that version said must not be lost when the next one
//! takes its place.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{for_database, tables};

/// The third migration.
pub struct Notices;

impl MigrationName for Notices {
    fn name(&self) -> &str {
        "m0003_notices"
    }
}

const SQL: &str = include_str!("notice_texts.sql");

#[async_trait::async_trait]
impl MigrationTrait for Notices {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        manager.get_connection().execute_unprepared(&for_database(SQL, postgres)).await?;
        if postgres {
            crate::tenancy::enforce(manager, &tables(SQL)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE IF EXISTS notice_texts").await?;
        Ok(())
    }
}
