//! Machines follow their category: whenever its thresholds are set or ended, a job gives each machine without its own what
//! holds now, one in a transaction, since there may be thousands. What a machine has already it is not given again, so the
//! job may run as often as it likes.

use chrono::Duration;
use domain::devices::category::EquipmentCategory;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::store::thresholds::{Row, Whose, in_force, lock_category};
use super::super::store::{self, lock_machine};
use super::{changed, put};
use crate::app::App;
use crate::devices::equipment::store::{Row as MachineRow, category};
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, finish};

/// The kind of job.
pub const FOLLOW: &str = "devices.thresholds";
/// How long one job goes on, seconds: well within its lease.
const FOLLOW_FOR_S: i64 = 30;
/// Machines that are looked for at once.
const MACHINES_AT_ONCE: u64 = 200;

/// What the job goes through.
#[derive(Serialize, Deserialize)]
struct Machines {
    category: String,
    after: Uuid,
}

/// Has the machines of a category follow it once this transaction has committed.
pub(super) async fn soon(tx: &TenantTx, category: EquipmentCategory) -> Result<()> {
    let all = Machines { category: category.code().to_owned(), after: Uuid::nil() };
    enqueue(tx, FOLLOW, &all).await.map(|_| ())
}

/// The thresholds for a machine that is about to be put on record: its category's, if that has any.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn of_new(tx: &TenantTx, category: EquipmentCategory) -> Result<Option<Uuid>> {
    lock_category(tx, category).await?;
    Ok(in_force(tx, Whose::Category(category.code())).await?.map(|row| row.id))
}

/// Has a machine follow another category: its row is locked, names that already, and is written by the caller.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn category_changed(tx: &TenantTx, machine: &mut MachineRow) -> Result<()> {
    lock_category(tx, category(machine)?).await?;
    let now = holding(tx, machine).await?;
    let id = now.as_ref().map(|row| row.id);
    if id == machine.thresholds_id {
        return Ok(());
    }
    machine.thresholds_id = id;
    changed(tx, machine, now.as_ref()).await
}

/// Gives a locked machine what holds for it, unless it has that.
pub(super) async fn follow(tx: &TenantTx, machine: &MachineRow) -> Result<()> {
    let now = holding(tx, machine).await?;
    let is_there = now.as_ref().map(|row| row.id) == machine.thresholds_id;
    if is_there { Ok(()) } else { put(tx, machine, now.as_ref()).await }
}

/// What holds for a machine: its own, else its category's, else none, which are the standard ones.
async fn holding(tx: &TenantTx, machine: &MachineRow) -> Result<Option<Row>> {
    match in_force(tx, Whose::Machine(machine.id)).await? {
        Some(own) => Ok(Some(own)),
        None => in_force(tx, Whose::Category(&machine.category)).await,
    }
}

/// Gives each machine of a category what holds for it now.
///
/// # Errors
/// Later, if the database fails; machines that follow by then go on doing so.
pub async fn follow_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let mut rest: Machines = job.payload(&tx)?;
    drop(tx);
    let until = app.clock.now() + Duration::seconds(FOLLOW_FOR_S);
    let mut failed = None;
    let is_over = loop {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        let machines = store::of_category(&tx, &rest.category, rest.after, MACHINES_AT_ONCE).await?;
        drop(tx);
        let Some(last) = machines.last().copied() else { break false };
        for machine in machines {
            // one that cannot follow does not stand in the way of the others; the next attempt meets it again
            if let Err(error) = one(app, job, machine).await {
                tracing::error!(tenant = %job.tenant, %machine, cause = %error, "does not follow its category");
                failed = Some(error);
            }
            rest.after = machine;
            if app.clock.now() > until {
                break;
            }
        }
        if rest.after != last {
            break true;
        }
    };
    // where there is more to do than one job does, the rest does not wait for the one that failed
    if let Some(error) = failed.filter(|_| !is_over) {
        return Err(error.into());
    }
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if is_over {
        // the rest in its turn, so that others' jobs get theirs
        enqueue(&tx, FOLLOW, &rest).await?;
    }
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

async fn one(app: &App, job: &Job, machine: Uuid) -> Result<()> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if let Some(row) = lock_machine(&tx, machine).await? {
        follow(&tx, &row).await?;
    }
    tx.commit_bookkeeping().await
}
