//! Questions about machines that are offered.

use sea_orm::entity::prelude::*;

/// One row of `listing_enquiries`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "listing_enquiries")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub listing_id: Uuid,
    pub applicant_id: Uuid,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub question_sealed: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub answer_sealed: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
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
