//! Photos and documents of machines, by kind and version.

use sea_orm::entity::prelude::*;

/// One row of `equipment_documents`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "equipment_documents")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub equipment_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub version_no: i32,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub file_name_sealed: Vec<u8>,
    pub declared_bytes: i64,
    #[sea_orm(column_type = "Text")]
    pub declared_type: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub media_type: Option<String>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub sha256: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text")]
    pub uploaded_by_kind: String,
    pub uploaded_by: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub refusal: Option<String>,
    pub relied_on_at: Option<DateTimeUtc>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
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
