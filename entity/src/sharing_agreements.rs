//! Who bears the loss.

use sea_orm::entity::prelude::*;

/// One row of `sharing_agreements`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sharing_agreements")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub bank_id: Option<Uuid>,
    pub product_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reguarantor: Option<String>,
    pub bank_bp: i32,
    pub firm_bp: i32,
    pub reguarantor_bp: i32,
    pub government_bp: i32,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub document: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub proposed_by: Uuid,
    pub proposed_at: DateTimeUtc,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTimeUtc>,
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
