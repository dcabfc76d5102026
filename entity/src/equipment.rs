//! Machines.

use sea_orm::entity::prelude::*;

/// One row of `equipment`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "equipment")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub number: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub category: String,
    pub customer_id: Option<Uuid>,
    pub applicant_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub papers: Json,
    #[sea_orm(column_type = "Text", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub place_sealed: Option<Vec<u8>>,
    pub department_id: Option<Uuid>,
    pub officer_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub monitoring: String,
    pub monitoring_since: Option<DateTimeUtc>,
    pub thresholds_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub shifts: Option<Json>,
    pub score_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub encumbrance: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub state: String,
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
