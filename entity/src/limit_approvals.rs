//! What may be granted.

use sea_orm::entity::prelude::*;

/// One row of `limit_approvals`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_approvals")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub application_number: Option<String>,
    pub customer_id: Uuid,
    pub applicant_id: Uuid,
    pub product_id: Uuid,
    pub approved_fen: i64,
    pub granted_fen: i64,
    pub term_months: i32,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub conditions_sealed: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub industry: Option<String>,
    pub department_id: Option<Uuid>,
    pub officer_id: Option<Uuid>,
    pub approved_by: Uuid,
    pub approved_at: DateTimeUtc,
    pub version: i64,
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
