//! Invoice rows as they were pulled.

use sea_orm::entity::prelude::*;

/// One row of `invoices`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pull_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_no: i64,
    #[sea_orm(column_type = "Text")]
    pub number: String,
    pub issued_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub counterparty: String,
    pub amount_fen: Option<i64>,
    pub tax_fen: Option<i64>,
    pub total_fen: Option<i64>,
    pub void: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub flaw: Option<String>,
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
