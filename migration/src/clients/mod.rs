//! Systems of third parties that call the interface: what they prove themselves with, what they used, and what they asked.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make};

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
        make(manager, SQL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, SQL).await
    }
}
