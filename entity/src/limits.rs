//! Credit limits and their parts.

use sea_orm::entity::prelude::*;

/// One row of `limits`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "limits")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub number: String,
    pub root_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub depth: i32,
    pub approval_id: Uuid,
    pub customer_id: Uuid,
    pub applicant_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub part_kind: Option<String>,
    pub product_id: Uuid,
    pub bank_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub business: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub industry: Option<String>,
    pub department_id: Option<Uuid>,
    pub officer_id: Option<Uuid>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub label_sealed: Option<Vec<u8>>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub conditions_sealed: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub revolving: bool,
    pub granted_fen: i64,
    pub allocated_fen: i64,
    pub reserved_fen: i64,
    pub drawn_fen: i64,
    pub spent_fen: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub valid_from: Date,
    pub valid_to: Date,
    pub entries: i64,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
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
