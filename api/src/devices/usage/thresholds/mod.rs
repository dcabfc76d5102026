//! By which figures a machine's power is read as a state: entered by a person, or learned from what it did and confirmed by
//! one. Figures whose place was taken stay, and so does what was counted by them.

mod decide;
mod learn;
mod list;
mod set;
mod view;

use chrono::{Duration, NaiveDate};
use domain::devices::life::LifeEvent;
use domain::time::TenantZone;
use utoipa_actix_web::service_config::ServiceConfig;

use super::count::count_soon;
use super::store::{self, thresholds};
use crate::devices::bindings;
use crate::devices::equipment::store::Row as MachineRow;
use crate::devices::life::{self, Note};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// How far back days are counted anew when thresholds change, days.
const DAYS_ANEW_MAX: i64 = 400;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_thresholds)
        .service(set::set_thresholds)
        .service(learn::learn_thresholds)
        .service(decide::confirm_thresholds)
        .service(decide::reject_thresholds);
}

/// Puts thresholds in force for a machine that is locked: those before them are superseded, and its past is counted anew.
async fn put_in_force(tx: &TenantTx, machine: &MachineRow, row: &thresholds::Row) -> Result<()> {
    if let Some(before) = machine.thresholds_id {
        let mut old = thresholds::lock(tx, before).await?;
        "superseded".clone_into(&mut old.state);
        old.version = old.version.saturating_add(1);
        thresholds::save(tx, old).await?;
    }
    store::set_thresholds(tx, machine, row.id).await?;
    let note = Note { subject: Some(row.id), ..Note::default() };
    life::record(tx, machine.id, LifeEvent::ThresholdChanged, note).await?;
    count_anew(tx, machine).await
}

/// Has the days of the sockets that a machine had counted anew.
async fn count_anew(tx: &TenantTx, machine: &MachineRow) -> Result<()> {
    let since = tx.now() - Duration::days(DAYS_ANEW_MAX);
    let zone = TenantZone::default();
    for bound in bindings::of_equipment(tx, machine.id, since, tx.now()).await? {
        let first = zone.date_of(bound.from.max(since));
        let last = zone.date_of(bound.to.unwrap_or(tx.now()).min(tx.now()));
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).collect();
        bindings::mark_dirty(tx, bound.socket, &days).await?;
    }
    count_soon(tx).await
}
