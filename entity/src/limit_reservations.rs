//! Amounts set aside.

use sea_orm::entity::prelude::*;

/// One row of `limit_reservations`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "limit_reservations")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub limit_id: Uuid,
    pub root_id: Uuid,
    pub amount_fen: i64,
    pub drawn_fen: i64,
    pub released_fen: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub lapses_at: DateTimeUtc,
    pub by_applicant: bool,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
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
