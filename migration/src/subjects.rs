//! Applications by the subject they are about, so that a second open one of the same enterprise or person is found
//! without reading all of a tenant's.

use sea_orm_migration::prelude::*;

/// The second migration.
pub struct Subjects;

impl MigrationName for Subjects {
    fn name(&self) -> &str {
        "m0002_subjects"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Subjects {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "CREATE INDEX applications_subject ON applications (tenant_id, subject_hash)";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX applications_subject").await?;
        Ok(())
    }
}
