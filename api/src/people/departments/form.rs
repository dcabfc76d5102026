//! What is typed about a department, and the rules it must keep.

use domain::id::{Id, kind};
use domain::reference::Region;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::DepartmentRow;
use super::view::Rule;
use crate::error::Result;
use crate::people::fields;
use crate::platform::db::TenantTx;
use crate::platform::http::Checks;
use crate::tenants::products;

const NAME_CHARS_MAX: usize = 40;
/// Most rules of one department.
const RULES_MAX: usize = 50;

/// A new department.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentForm {
    /// Its name.
    #[schema(example = "业务二部", min_length = 1, max_length = 40)]
    pub name: String,
    /// The department above it; without it, it stands at the top.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub parent: Option<Id<kind::Department>>,
    /// Which applications come here.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub rules: Vec<Rule>,
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChange {
    /// Its name.
    #[schema(example = "业务二部", min_length = 1, max_length = 40)]
    pub name: Option<String>,
    /// The department above it; null puts it at the top.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<String>, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub parent: Option<Option<Id<kind::Department>>>,
    /// `true` makes it the default in place of the present one.
    pub is_default: Option<bool>,
    /// Which applications come here.
    #[schema(max_items = 50)]
    pub rules: Option<Vec<Rule>>,
}

/// A member that is there, be it null.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

impl DepartmentForm {
    /// Checks the form by itself and gives the name.
    pub(super) fn check(&self) -> Result<String> {
        let mut checks = Checks::new();
        let name = checks.line("/name", &self.name, NAME_CHARS_MAX);
        check_rules(&mut checks, &self.rules);
        checks.done()?;
        Ok(name)
    }
}

impl DepartmentChange {
    /// Whether it names nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.parent.is_none() && self.is_default.is_none() && self.rules.is_none()
    }

    /// Checks the change by itself and gives the new name.
    pub(super) fn check(&self) -> Result<Option<String>> {
        let mut checks = Checks::new();
        let name = self.name.as_ref().map(|name| checks.line("/name", name, NAME_CHARS_MAX));
        check_rules(&mut checks, self.rules.as_deref().unwrap_or_default());
        checks.done()?;
        Ok(name)
    }
}

fn check_rules(checks: &mut Checks, rules: &[Rule]) {
    if rules.len() > RULES_MAX {
        checks.problem("/rules", "count", format!("最多{RULES_MAX}条规则"), format!("at most {RULES_MAX} rules"));
    }
    for (place, rule) in rules.iter().enumerate().take(RULES_MAX) {
        if rules.iter().take(place).any(|other| other == rule) {
            checks.problem(
                &format!("/rules/{place}"),
                "twice",
                "与前面的规则重复，请删除",
                "stands above already; remove it",
            );
        }
        if rule.product_id.is_none() && rule.region_prefix.is_none() {
            checks.problem(&format!("/rules/{place}"), "empty", "请指定产品或地区", "name a product or a region");
        }
        let digits = |prefix: &String| matches!(prefix.len(), 2 | 4 | 6) && prefix.bytes().all(|b| b.is_ascii_digit());
        if rule.region_prefix.as_ref().is_some_and(|prefix| !digits(prefix)) {
            checks.problem(
                &format!("/rules/{place}/region_prefix"),
                "region_format",
                "地区代码前缀应为2、4或6位数字",
                "a region prefix has 2, 4 or 6 digits",
            );
        } else if rule.region_prefix.as_ref().is_some_and(|prefix| Region::find(&format!("{prefix:0<6}")).is_none()) {
            checks.problem(
                &format!("/rules/{place}/region_prefix"),
                "unknown",
                "没有这个地区",
                "there is no such region (GB/T 2260)",
            );
        }
    }
}

/// Checks that the products that rules name are the firm's.
pub(super) async fn check_products(tx: &TenantTx, rules: &[Rule]) -> Result<()> {
    let mut checks = Checks::new();
    for (place, rule) in rules.iter().enumerate() {
        if let Some(product) = rule.product_id
            && products::load(tx, product.uuid()).await?.is_none()
        {
            let pointer = format!("/rules/{place}/product_id");
            checks.problem(&pointer, "unknown", "没有这个担保产品", "there is no such product");
        }
    }
    checks.done()
}

/// Checks that the department above exists.
pub(super) fn check_parent(all: &[DepartmentRow], parent: Option<Uuid>) -> Result<()> {
    match parent {
        Some(parent) if !all.iter().any(|row| row.id == parent) => {
            Err(fields::one("/parent", "unknown", "没有这个部门", "there is no such department"))
        }
        _ => Ok(()),
    }
}
