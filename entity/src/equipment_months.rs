//! What machines' days of a month come to.

use sea_orm::entity::prelude::*;

/// One row of `equipment_months`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "equipment_months")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub equipment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub thresholds_id: Uuid,
    pub days: i32,
    pub seconds_offline: i64,
    pub seconds_off: i64,
    pub seconds_standby: i64,
    pub seconds_working: i64,
    pub seconds_overload: i64,
    pub seconds_unknown: i64,
    pub seconds_ahead: i64,
    pub error_weighed: i64,
    pub energy_mwh: Option<i64>,
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
