//! Notices keep their texts: an acceptance names a version, and what that version said must not be lost when the next one
//! takes its place.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make};

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
        make(manager, SQL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, SQL).await
    }
}
