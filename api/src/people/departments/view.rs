//! How a department is shown, and its rules as they are written and stored.

use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::DepartmentRow;
use crate::error::Result;

/// One rule: applications for this product, from this region, or both, come to the department.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The product; without it, any.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product_id: Option<Id<kind::Product>>,
    /// The beginning of the region's GB/T 2260 code, 2, 4 or 6 digits; without it, any.
    #[serde(default)]
    #[schema(example = "3301", pattern = "^([0-9]{2}){1,3}$", min_length = 2, max_length = 6)]
    pub region_prefix: Option<String>,
}

/// A department.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentView {
    /// Its id.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its name.
    #[schema(example = "业务一部")]
    pub name: String,
    /// The department above it.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8d")]
    pub parent: Option<String>,
    /// Whether applications come here that no rule fits.
    pub is_default: bool,
    /// Which applications come here.
    pub rules: Vec<Rule>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

impl DepartmentView {
    /// Shows a row.
    pub(super) fn of(row: &DepartmentRow) -> Result<Self> {
        Ok(Self {
            id: Id::<kind::Department>::from_uuid(row.id).to_string(),
            name: row.name.clone(),
            parent: row.parent_id.map(|id| Id::<kind::Department>::from_uuid(id).to_string()),
            is_default: row.is_default,
            rules: serde_json::from_value(row.rules.clone())?,
            version: row.version,
        })
    }
}

/// What the audit chain keeps of a department.
pub(super) fn for_audit(row: &DepartmentRow) -> serde_json::Value {
    serde_json::json!({
        "name": row.name, "parent": row.parent_id, "is_default": row.is_default, "rules": row.rules,
    })
}
