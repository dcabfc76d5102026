//! A record shared with a channel.

use sea_orm::entity::prelude::*;

/// One row of `customer_shares`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_shares")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub customer_id: Uuid,
    pub channel_id: Uuid,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub purpose_sealed: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub document_sealed: Option<Vec<u8>>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub granted_by: Uuid,
    pub revoked_by: Option<Uuid>,
    pub revoked_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub revoked_reason_sealed: Option<Vec<u8>>,
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
