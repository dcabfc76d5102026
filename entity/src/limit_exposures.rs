//! Balances by day.

use sea_orm::entity::prelude::*;

/// One row of `limit_exposures`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_exposures")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub dimension: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub subject: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub weights_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    pub nominal_fen: i64,
    pub in_force_fen: i64,
    pub liability_fen: i64,
    pub concentration_fen: i64,
    pub in_force_small_fen: i64,
    pub clients: i64,
    pub clients_small: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub class: Option<String>,
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
