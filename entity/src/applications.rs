//! Applications.

use sea_orm::entity::prelude::*;

/// One row of `applications`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
#[allow(missing_docs, reason = "columns are documented by the migration that makes them")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    pub applicant_id: Uuid,
    pub product_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub subject_kind: String,
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub subject_hash: Option<Vec<u8>>,
    pub enterprise_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub enterprise_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub credit_code: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub region: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub industry: Option<String>,
    pub requested_amount_fen: Option<i64>,
    pub requested_term_months: Option<i32>,
    pub approved_amount_fen: Option<i64>,
    pub approved_term_months: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub approved_conditions: Option<String>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub form_sealed: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub state_since: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub facts: Json,
    pub department_id: Option<Uuid>,
    pub investigator_id: Option<Uuid>,
    pub reviewer_id: Option<Uuid>,
    pub approver_id: Option<Uuid>,
    pub score: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub score_outcome: Option<String>,
    pub round: i32,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub submitted_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub restricted: Option<String>,
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
