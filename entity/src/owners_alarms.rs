//! What a machine's owner did with an alarm: columns of `alarms` that are the owner's alone. They are apart from
//! [`crate::alarms`] so that whoever writes what the firm did cannot write what the owner did, nor the other way round.

use sea_orm::entity::prelude::*;

/// The owner's part of one row of `alarms`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "alarms")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub equipment_id: Uuid,
    pub owner_seen_at: Option<DateTimeUtc>,
    pub owner_muted_until: Option<DateTimeUtc>,
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
