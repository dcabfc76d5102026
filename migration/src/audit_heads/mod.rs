//! The ends of audit chains, signed day by day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{for_database, tables};

/// The migration.
pub struct AuditHeads;

impl MigrationName for AuditHeads {
    fn name(&self) -> &str {
        "m0016_audit_heads"
    }
}

const SQL: &str = include_str!("audit_heads.sql");
/// What the chain is searched by beside its own order.
const INDEXES: [&str; 2] = [
    "CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor, seq)",
    "CREATE INDEX audit_entries_object ON audit_entries (tenant_id, object, seq)",
];

#[async_trait::async_trait]
impl MigrationTrait for AuditHeads {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let sql = for_database(SQL, postgres);
        manager.get_connection().execute_unprepared(&sql).await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        if postgres {
            return crate::tenancy::enforce(manager, &tables(&sql)).await;
        }
        for verb in ["UPDATE", "DELETE"] {
            let trigger = format!(
                "CREATE TRIGGER signed_heads_no_{} BEFORE {verb} ON signed_heads \
                 BEGIN SELECT RAISE(ABORT, 'signed_heads is only added to'); END",
                verb.to_lowercase()
            );
            manager.get_connection().execute_unprepared(&trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["audit_entries_actor", "audit_entries_object"] {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX IF EXISTS {index}")).await?;
        }
        for table in tables(SQL).iter().rev() {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
        }
        Ok(())
    }
}
