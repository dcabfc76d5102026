//! Answers to challenges, each of which counts once.

use sea_orm_migration::prelude::*;

use crate::ground::{drop_all, make};

/// The migration.
pub struct Captcha;

impl MigrationName for Captcha {
    fn name(&self) -> &str {
        "m0018_captcha"
    }
}

const SQL: &str = include_str!("captcha.sql");

#[async_trait::async_trait]
impl MigrationTrait for Captcha {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make(manager, SQL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, SQL).await
    }
}
