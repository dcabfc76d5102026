//! By which figures a machine's power is read as a state: entered by a person, or learned from what it did and confirmed by
//! one. A machine without its own has those of its category, and where there are none the standard ones. Figures whose place
//! was taken stay, and so does what was counted by them.

mod category;
mod decide;
mod end;
mod follow;
mod learn;
mod list;
mod set;
mod view;

pub use follow::{FOLLOW, follow_job};
pub(in crate::devices) use follow::{category_changed, of_new};

use chrono::{Duration, NaiveDate};
use domain::devices::life::LifeEvent;
use domain::time::TenantZone;
use domain::words::Words;
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
        .service(decide::reject_thresholds)
        .service(end::end_thresholds)
        .service(category::list_category_thresholds)
        .service(category::set_category_thresholds);
}

/// Puts thresholds of its own in force for a machine that is locked: those of its own before them are superseded, and its past
/// is counted anew.
async fn put_in_force(tx: &TenantTx, machine: &MachineRow, row: &thresholds::Row) -> Result<()> {
    if let Some(before) = machine.thresholds_id {
        let old = thresholds::lock(tx, before).await?;
        // a category's go on for its other machines
        if old.equipment_id.is_some() {
            supersede(tx, old).await?;
        }
    }
    put(tx, machine, Some(row)).await
}

/// Has other thresholds hold for a machine that is locked, or the standard ones, and its past counted anew.
async fn put(tx: &TenantTx, machine: &MachineRow, row: Option<&thresholds::Row>) -> Result<()> {
    store::set_thresholds(tx, machine, row.map(|row| row.id)).await?;
    changed(tx, machine, row).await
}

/// What follows where other thresholds hold for a machine: its history says so, and its past is counted anew.
async fn changed(tx: &TenantTx, machine: &MachineRow, row: Option<&thresholds::Row>) -> Result<()> {
    let words = match row {
        Some(row) if row.category.is_some() => Some(Words::new("采用设备类别的阈值", "those of its kind of machine")),
        Some(_) => None,
        None => Some(Words::new("采用标准阈值", "the standard ones")),
    };
    let note = Note { subject: row.map(|row| row.id), words, ..Note::default() };
    life::record(tx, machine.id, LifeEvent::ThresholdChanged, note).await?;
    count_anew(tx, machine).await
}

/// Ends locked thresholds.
async fn supersede(tx: &TenantTx, row: thresholds::Row) -> Result<thresholds::Row> {
    let row = thresholds::Row { state: "superseded".to_owned(), version: row.version.saturating_add(1), ..row };
    thresholds::save(tx, row.clone()).await?;
    Ok(row)
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
