//! Who gets an application: the tenant's rules name the department, then its officer with the fewest open cases takes it.
//! Where nobody can, it waits to be assigned by hand.

use domain::access::Permission;
use domain::applications::action::Action;
use domain::applications::assignment::{OfficerLoad, department_for, least_loaded};
use domain::applications::machine;
use domain::applications::state::Actor;
use domain::id::{Id, kind};
use uuid::Uuid;

use crate::applications::case::Case;
use crate::applications::{refusal, store, transition};
use crate::error::Result;
use crate::people;
use crate::platform::db::TenantTx;

/// The department that product and region give.
pub(in crate::applications) async fn department(tx: &TenantTx, case: &Case) -> Result<Uuid> {
    let known = people::assignment_rules(tx).await?;
    let product = Id::<kind::Product>::from_uuid(case.row.product_id).to_string();
    Ok(department_for(&product, case.row.region.as_deref(), &known.rules, known.default_department))
}

/// Assigns it, if somebody can take it.
pub(super) async fn assign(tx: &TenantTx, case: &mut Case) -> Result<()> {
    case.row.department_id = Some(department(tx, case).await?);
    let officers = people::officers_with(tx, Permission::InvestigateApplications, case.row.department_id).await?;
    let open = store::open_cases(tx, &officers).await?;
    let loads: Vec<OfficerLoad> = officers
        .into_iter()
        .map(|officer| OfficerLoad { officer, open_cases: open.get(&officer).copied().unwrap_or_default() })
        .collect();
    let Some(officer) = least_loaded(&loads, &case.facts.reviewers) else {
        return Ok(());
    };
    let action = Action::Assign { to: officer };
    let transition = machine::decide(&case.facts, &action, &Actor::system()).map_err(refusal::error)?;
    transition::apply(tx, case, &transition).await
}
