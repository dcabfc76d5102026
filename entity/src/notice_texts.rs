//! Texts of notices that were in force once.

use sea_orm::entity::prelude::*;

/// One row of `notice_texts`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_texts")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub notice: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub notice_version: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub ended_at: DateTimeUtc,
}

/// No relations: what is read together is said where it is read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::TenantEntity for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
