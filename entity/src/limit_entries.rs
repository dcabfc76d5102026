//! The limit ledger.

use sea_orm::entity::prelude::*;

/// One row of `limit_entries`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_entries")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub operation_id: Uuid,
    pub limit_id: Uuid,
    pub seq: i64,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub granted_fen: i64,
    pub allocated_fen: i64,
    pub reserved_fen: i64,
    pub drawn_fen: i64,
    pub spent_fen: i64,
    pub granted_after_fen: i64,
    pub allocated_after_fen: i64,
    pub reserved_after_fen: i64,
    pub drawn_after_fen: i64,
    pub spent_after_fen: i64,
    pub reservation_id: Option<Uuid>,
    pub drawdown_id: Option<Uuid>,
    pub corrects_id: Option<Uuid>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub reason_sealed: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub document_sealed: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text")]
    pub actor_kind: String,
    pub actor_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub request_id: String,
    pub day: Date,
    pub at: DateTimeUtc,
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
