//! Customers, and the credit limits that they are granted: records, relations, the ledger and its balances. On SQLite, where
//! there are no roles to take rights from, triggers keep entries as they were written.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make, only_added_to};

/// The fourth migration.
pub struct Limits;

impl MigrationName for Limits {
    fn name(&self) -> &str {
        "m0004_limits"
    }
}

const FILES: [&str; 2] = [include_str!("customers.sql"), include_str!("limits.sql")];

/// Tables of this migration that are only added to.
const APPEND_ONLY: [&str; 2] = ["limit_entries", "customer_accesses"];

#[async_trait::async_trait]
impl MigrationTrait for Limits {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make(manager, &FILES.concat()).await?;
        only_added_to(manager, &APPEND_ONLY).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &FILES.concat()).await
    }
}
