//! What this area shows. The legal representative is masked to everybody.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use domain::person::RealName;
use domain::reference::{Industry, full_name};
use serde::Serialize;
use utoipa::ToSchema;

use super::EnterpriseBrief;
use super::store::{self, Row};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// An enterprise record as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnterpriseView {
    /// Its id.
    #[schema(example = "ent_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its full name as registered.
    #[schema(example = "示例农业发展有限公司")]
    pub full_name: String,
    /// Its unified social credit code.
    #[schema(example = "91340600MA2PBMA74B")]
    pub credit_code: String,
    /// Its region's code (GB/T 2260).
    #[schema(example = "340600")]
    pub region: Option<String>,
    /// The region's name from the province down.
    #[schema(example = "安徽省淮北市")]
    pub region_name: Option<String>,
    /// Its industry's code (GB/T 4754).
    #[schema(example = "0111")]
    pub industry: Option<String>,
    /// The industry's name.
    #[schema(example = "稻谷种植")]
    pub industry_name: Option<String>,
    /// Its address.
    #[schema(example = "示例路1号")]
    pub address: Option<String>,
    /// Its legal representative, masked.
    #[schema(example = "**三")]
    pub legal_representative: Option<String>,
    /// Its registered capital in fen.
    #[schema(example = 100_000_000)]
    pub registered_capital_fen: Option<i64>,
    /// When it was established.
    #[schema(example = "2018-05-21")]
    pub established_on: Option<NaiveDate>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
}

/// An enterprise as it fills in a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnterpriseFormView {
    /// Its full name as registered.
    #[schema(example = "示例农业发展有限公司")]
    pub full_name: String,
    /// Its unified social credit code.
    #[schema(example = "91340600MA2PBMA74B")]
    pub credit_code: String,
    /// Its region's code (GB/T 2260).
    #[schema(example = "340600")]
    pub region: Option<String>,
    /// The region's name from the province down.
    #[schema(example = "安徽省淮北市")]
    pub region_name: Option<String>,
    /// Its industry's code (GB/T 4754).
    #[schema(example = "0111")]
    pub industry: Option<String>,
    /// The industry's name.
    #[schema(example = "稻谷种植")]
    pub industry_name: Option<String>,
    /// Its address.
    #[schema(example = "示例路1号")]
    pub address: Option<String>,
    /// Its legal representative, masked: enough to see that it is the right enterprise.
    #[schema(example = "**三")]
    pub legal_representative: Option<String>,
}

/// A region's name from the province down.
pub(super) fn region_name(code: Option<&String>) -> Option<String> {
    code.and_then(|code| full_name(code)).map(str::to_owned)
}

/// An industry's name.
pub(super) fn industry_name(code: Option<&String>) -> Option<String> {
    code.and_then(|code| Industry::find(code)).map(|industry| industry.name.to_owned())
}

impl EnterpriseView {
    pub(super) fn of(tx: &TenantTx, row: Row) -> Result<Self> {
        Ok(Self {
            id: Id::<kind::Enterprise>::from_uuid(row.id).to_string(),
            legal_representative: store::legal_representative(tx, &row)?.as_ref().map(RealName::masked),
            region_name: region_name(row.region.as_ref()),
            industry_name: industry_name(row.industry.as_ref()),
            full_name: row.name,
            credit_code: row.credit_code,
            region: row.region,
            industry: row.industry,
            address: row.address,
            registered_capital_fen: row.registered_capital_fen,
            established_on: row.established_on,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

impl From<EnterpriseBrief> for EnterpriseFormView {
    fn from(brief: EnterpriseBrief) -> Self {
        Self {
            region_name: region_name(brief.region.as_ref()),
            industry_name: industry_name(brief.industry.as_ref()),
            legal_representative: brief.legal_representative.as_ref().map(RealName::masked),
            full_name: brief.full_name,
            credit_code: brief.credit_code,
            region: brief.region,
            industry: brief.industry,
            address: brief.address,
        }
    }
}
