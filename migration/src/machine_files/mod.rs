//! Photos and documents of machines, beside those of applications.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make};

/// The sixth migration.
pub struct MachineFiles;

impl MigrationName for MachineFiles {
    fn name(&self) -> &str {
        "m0006_machine_files"
    }
}

const SQL: &str = include_str!("equipment_documents.sql");

#[async_trait::async_trait]
impl MigrationTrait for MachineFiles {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make(manager, SQL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, SQL).await
    }
}
