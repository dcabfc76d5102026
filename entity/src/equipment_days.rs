//! Machines' days under the thresholds by which they were read.

use sea_orm::entity::prelude::*;

/// One row of `equipment_days`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "equipment_days")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub equipment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub thresholds_id: Uuid,
    pub seconds_offline: i32,
    pub seconds_off: i32,
    pub seconds_standby: i32,
    pub seconds_working: i32,
    pub seconds_overload: i32,
    pub seconds_unknown: i32,
    pub seconds_ahead: i32,
    pub error_ppm: i32,
    pub energy_mwh: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub energy_basis: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub spans: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub hours: Json,
    pub readings: i32,
    pub computed_at: DateTimeUtc,
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
