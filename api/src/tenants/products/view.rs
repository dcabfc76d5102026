//! What is shown of products: to staff all of it, to everybody what is on offer.

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::Row;
use super::terms::ProductTermsBody;
use crate::error::Result;

/// A guarantee product as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductView {
    /// Its id.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The firm's own code for it.
    #[schema(example = "loan_enterprise", max_length = 40)]
    pub code: String,
    /// Its name in the firm's lists.
    #[schema(example = "小微企业贷款担保", max_length = 60)]
    pub name: String,
    /// Whether it is on offer.
    #[schema(example = true)]
    pub active: bool,
    /// Its terms, form fields and checklist.
    pub terms: ProductTermsBody,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A guarantee product on offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedProductView {
    /// Its id, which an application names.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The firm's own code for it.
    #[schema(example = "loan_enterprise", max_length = 40)]
    pub code: String,
    /// Its name.
    #[schema(example = "小微企业贷款担保", max_length = 60)]
    pub name: String,
    /// Its terms, form fields and checklist.
    pub terms: ProductTermsBody,
}

impl ProductView {
    pub(super) fn of(row: Row) -> Result<Self> {
        Ok(Self {
            id: Id::<kind::Product>::from_uuid(row.id).to_string(),
            code: row.code,
            name: row.name,
            active: row.active,
            terms: serde_json::from_value(row.terms)?,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

impl OfferedProductView {
    pub(super) fn of(row: Row) -> Result<Self> {
        let ProductView { id, code, name, terms, .. } = ProductView::of(row)?;
        Ok(Self { id, code, name, terms })
    }
}
