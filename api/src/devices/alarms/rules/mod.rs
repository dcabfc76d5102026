//! Rules of alarms: the firm's, those of a kind of machines, those of one machine. The nearest holds.

mod change;
mod create;
mod list;

use domain::devices::alarms::Rule;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, RuleRow};
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_alarm_rules).service(create::create_alarm_rule).service(change::change_alarm_rule);
}

/// The rules that a firm begins with.
///
/// # Errors
/// If the database fails.
pub(super) async fn add_standard(tx: &TenantTx) -> Result<Vec<RuleRow>> {
    let mut rows = vec![];
    for rule in Rule::standard() {
        let row = store::new_rule(tx, &rule)?;
        store::add_rule(tx, row.clone()).await?;
        rows.push(row);
    }
    Ok(rows)
}

/// Lets a rule be touched only by those who see every machine that it is for.
async fn must_reach(tx: &TenantTx, who: &Principal, row: &RuleRow) -> Result<()> {
    match row.equipment_id {
        Some(machine) => equipment::scope::find(tx, who, machine).await.map(|_| ()),
        None => equipment::scope::must_see_all(tx, who).await,
    }
}

/// Lets only an address be written down that would be called.
fn must_be_callable(app: &App, url: Option<&str>) -> Result<()> {
    let Some(Err(refusal)) = url.map(|url| app.guarded.read(url)) else { return Ok(()) };
    let (zh, en) = refusal.words();
    Err(Error::fields(vec![FieldProblem::new("/url", "address", zh, en)]))
}
