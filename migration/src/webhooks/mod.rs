//! Third parties that are told of events: their addresses, what happened, and how telling them went.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make};

/// The migration.
pub struct Webhooks;

impl MigrationName for Webhooks {
    fn name(&self) -> &str {
        "m0011_webhooks"
    }
}

const SQL: &str = include_str!("webhooks.sql");

#[async_trait::async_trait]
impl MigrationTrait for Webhooks {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make(manager, SQL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, SQL).await
    }
}
