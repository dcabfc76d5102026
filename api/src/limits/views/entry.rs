//! A limit in a list or a tree: with the names of whose it is and what it is for.

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Language, Result};
use crate::limits::store::LimitRow;
use crate::limits::subject::Names;
use crate::limits::view::LimitView;
use crate::platform::db::TenantTx;

/// A limit or a part of one, with names.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LimitEntry {
    /// The limit.
    #[serde(flatten)]
    pub limit: LimitView,
    /// What the customer is called; of a person the last character.
    #[schema(example = "**示")]
    pub customer_name: Option<String>,
    /// What the product is called.
    #[schema(example = "小微企业贷款担保")]
    pub product_name: Option<String>,
    /// What the bank is called.
    #[schema(example = "示例农商行")]
    pub bank_name: Option<String>,
}

impl LimitEntry {
    /// Shows a row.
    pub(super) fn of(tx: &TenantTx, row: &LimitRow, names: &Names, language: Language) -> Result<Self> {
        Ok(Self {
            limit: LimitView::of(tx, row, language)?,
            customer_name: names.customer(row.customer_id),
            product_name: names.product(row.product_id),
            bank_name: row.bank_id.and_then(|id| names.customer(id)),
        })
    }
}
