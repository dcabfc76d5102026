//! Departments, a tree, and the rules by which applications come to them. Exactly one is the default.

mod change_department;
mod create_department;
mod delete_department;
mod form;
mod list_departments;
pub(super) mod store;
mod tree;
mod view;

use domain::applications::assignment::AssignmentRule;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

pub(super) use store::exists;
pub(super) use tree::at_and_below;

/// Most departments of a firm.
const DEPARTMENTS_MAX: usize = 500;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_departments::list_departments)
        .service(create_department::create_department)
        .service(change_department::change_department)
        .service(delete_department::delete_department);
}

/// The firm's rules of assignment, in the order of departments and, within one, as written.
#[derive(Debug)]
pub struct Assignment {
    /// The rules.
    pub rules: Vec<AssignmentRule>,
    /// Where an application goes that no rule fits.
    pub default_department: Uuid,
}

/// By which rules applications come to departments.
///
/// # Errors
/// If the database fails.
pub async fn assignment_rules(tx: &TenantTx) -> Result<Assignment> {
    let all = store::all(tx, false).await?;
    let default = all.iter().find(|row| row.is_default).map(|row| row.id);
    let mut rules = vec![];
    for row in all {
        let own: Vec<view::Rule> = serde_json::from_value(row.rules)?;
        rules.extend(own.into_iter().map(|rule| AssignmentRule {
            product_id: rule.product_id.map(|id| id.to_string()),
            region: rule.region_prefix,
            department: row.id,
        }));
    }
    Ok(Assignment { rules, default_department: default.ok_or_else(|| Error::new(Code::Internal))? })
}

/// Whether the firm has such a department.
///
/// # Errors
/// If the database fails.
pub async fn has_department(tx: &TenantTx, id: Uuid) -> Result<bool> {
    exists(tx, id).await
}

/// The first department of a new firm, its default.
///
/// # Errors
/// If the database fails.
pub async fn create_default_department(tx: &TenantTx, name: &str) -> Result<Uuid> {
    let fresh = store::Fresh { name, parent: None, is_default: true, rules: serde_json::json!([]) };
    Ok(store::insert(tx, fresh).await?.id)
}
