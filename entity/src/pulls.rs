//! Attempts at collecting data.

use sea_orm::entity::prelude::*;

/// One row of `pulls`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "pulls")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    pub authorisation_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub adapter: String,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    pub round: i32,
    pub attempt: i32,
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    pub row_count: i64,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub sha256: Option<Vec<u8>>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub content_sealed: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
    pub started_at: DateTimeUtc,
    pub finished_at: DateTimeUtc,
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
