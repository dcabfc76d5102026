//! The ends of audit chains, signed day by day.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make, only_added_to};

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
        make(manager, SQL).await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        only_added_to(manager, &["signed_heads"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["audit_entries_actor", "audit_entries_object"] {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX IF EXISTS {index}")).await?;
        }
        drop_all(manager, SQL).await
    }
}
