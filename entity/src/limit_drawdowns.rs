//! Money drawn.

use sea_orm::entity::prelude::*;

/// One row of `limit_drawdowns`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_drawdowns")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reservation_id: Uuid,
    pub limit_id: Uuid,
    pub customer_id: Uuid,
    pub amount_fen: i64,
    pub repaid_fen: i64,
    pub reversed: bool,
    pub settled: bool,
    #[sea_orm(column_type = "Text")]
    pub business: String,
    pub product_id: Uuid,
    pub bank_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub industry: Option<String>,
    pub agreement_id: Option<Uuid>,
    pub bank_bp: i32,
    pub firm_bp: i32,
    pub reguarantor_bp: i32,
    pub government_bp: i32,
    pub drawn_on: Date,
    pub version: i64,
    pub created_at: DateTimeUtc,
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
