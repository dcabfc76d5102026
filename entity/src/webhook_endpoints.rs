//! Addresses of third parties that are told of events.

use sea_orm::entity::prelude::*;

/// One row of `webhook_endpoints`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub url_sealed: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub description_sealed: Vec<u8>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub events: Option<Json>,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub secret_sealed: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub previous_sealed: Option<Vec<u8>>,
    pub previous_until: Option<DateTimeUtc>,
    pub failures: i32,
    pub failing_since: Option<DateTimeUtc>,
    pub rest_until: Option<DateTimeUtc>,
    pub taken: i64,
    pub taken_by: Option<Uuid>,
    pub taken_until: Option<DateTimeUtc>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
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
