//! What a machine's owner did with an alarm, apart from what the firm did: an owner who has seen it, or wants quiet, does not
//! keep the firm from hearing of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::for_database;

/// The migration.
pub struct OwnersAlarms;

impl MigrationName for OwnersAlarms {
    fn name(&self) -> &str {
        "m0010_owners_alarms"
    }
}

/// When the owner said that they have seen it, and until when they are not told of it.
const COLUMNS: [&str; 2] = ["owner_seen_at", "owner_muted_until"];

#[async_trait::async_trait]
impl MigrationTrait for OwnersAlarms {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for column in COLUMNS {
            let sql = for_database(&format!("ALTER TABLE alarms ADD COLUMN {column} $TIME"), postgres);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let sql = format!("ALTER TABLE alarms DROP COLUMN {column}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
