//! What all processes count together.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make};

/// The migration.
pub struct RateCounts;

impl MigrationName for RateCounts {
    fn name(&self) -> &str {
        "m0017_rate_counts"
    }
}

const SQL: &str = include_str!("rate_counts.sql");

#[async_trait::async_trait]
impl MigrationTrait for RateCounts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make(manager, SQL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, SQL).await
    }
}
