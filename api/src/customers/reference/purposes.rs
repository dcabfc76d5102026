//! `GET /v1/reference/purposes`: purposes of funds as the standard products have them, for those who write policies and
//! products. What an application may name is said by its own product.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, get};
use domain::applications::standard::standard_products;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use crate::error::Result;

/// A purpose of funds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PurposeView {
    /// Its code.
    #[schema(example = "working_capital")]
    pub code: String,
    /// What it is called, in Chinese.
    #[schema(example = "补充流动资金")]
    pub label: String,
    /// What it is called, in English.
    #[schema(example = "Working capital")]
    pub label_en: String,
}

/// Purposes of funds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PurposeList {
    /// In the order of the standard products.
    pub items: Vec<PurposeView>,
}

/// Purposes of funds.
#[utoipa::path(
    tag = "reference",
    responses((status = 200, description = "The standard purposes; may be kept for a day", body = PurposeList))
)]
#[get("/v1/reference/purposes")]
pub async fn list_purposes() -> Result<HttpResponse> {
    let mut seen = BTreeSet::new();
    let all = standard_products().into_iter().flat_map(|product| product.purposes);
    let items = all.filter(|purpose| seen.insert(purpose.code.clone())).map(|purpose| PurposeView {
        code: purpose.code,
        label: purpose.label.zh,
        label_en: purpose.label.en,
    });
    Ok(answer(&PurposeList { items: items.collect() }))
}
