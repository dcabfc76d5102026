//! What sockets said.

use sea_orm::entity::prelude::*;

/// One row of `readings`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "readings")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub socket_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub at_us: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub content: i32,
    pub power_mw: Option<i64>,
    pub voltage_mv: Option<i64>,
    pub current_ma: Option<i64>,
    pub energy_total_mwh: Option<i64>,
    pub energy_added_mwh: Option<i64>,
    pub relay_on: Option<bool>,
    pub online: Option<bool>,
    pub received_us: i64,
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
