//! The job that counts days: which machines a socket was at, what all their sockets said around that day, and what follows
//! from it by the machine's thresholds. Counting again gives the same, so it does not matter how often or in which order.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::devices::utilisation::REACH_S;
use domain::time::TenantZone;
use uuid::Uuid;

use super::store::{self, SocketDay};
use super::{counted, frame};
use crate::app::App;
use crate::devices::equipment::store::Row as MachineRow;
use crate::devices::{alarms, bindings};
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue_within, finish};

/// The kind of job.
pub const COUNT: &str = "devices.count";
/// How long readings may lie before they are counted, seconds.
const COUNT_WITHIN_S: i64 = 10;
/// Days that are looked for at once.
const DAYS_AT_ONCE: u64 = 200;

/// Has the days counted whose readings changed, soon after this transaction has committed.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn count_soon(tx: &TenantTx) -> Result<()> {
    enqueue_within(tx, COUNT, COUNT_WITHIN_S).await.map(|_| ())
}

/// Counts every day of the job's tenant whose readings changed, each in a transaction of its own.
///
/// # Errors
/// Later, if the database fails; what was counted stays so.
pub async fn count_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let mut after = None;
    let mut failed = None;
    loop {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        let changed = store::changed(&tx, after, DAYS_AT_ONCE).await?;
        drop(tx);
        let Some(last) = changed.last() else { break };
        after = Some(*last);
        for day in changed {
            // one day that cannot be counted does not stand in the way of the others; the next job meets it again
            if let Err(error) = count_one(app, job, day).await {
                tracing::error!(tenant = %job.tenant, socket = %day.0, day = %day.1, cause = %error, "not counted");
                failed = Some(error);
            }
        }
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

async fn count_one(app: &App, job: &Job, (socket, day): SocketDay) -> Result<()> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    // also those where it no longer is: a binding that was ended in the past takes days away
    let machines = bindings::machines_of_socket(&tx, socket).await?;
    // rows in the order of their ids, before the day is taken off the list: who adds to it meanwhile puts it back
    let mut rows = vec![];
    for machine in machines {
        rows.extend(store::lock_machine(&tx, machine).await?);
    }
    if !store::take(&tx, (socket, day)).await? {
        return Ok(());
    }
    for row in rows {
        machine_day(&tx, row, day).await?;
    }
    tx.commit_bookkeeping().await
}

async fn machine_day(tx: &TenantTx, machine: MachineRow, day: NaiveDate) -> Result<()> {
    let frame = frame::of(tx, machine).await?;
    let resets = counted::day(tx, &frame, day).await?;
    alarms::watch(tx, &frame, day, &resets).await
}

/// Counts the present day of a machine, for what follows from its saying nothing.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn count_today(tx: &TenantTx, machine: Uuid) -> Result<()> {
    match store::lock_machine(tx, machine).await? {
        Some(row) => machine_day(tx, row, frame::today(tx)).await,
        None => Ok(()),
    }
}

/// Everything that a day's result can hang on; nothing at the ends of the calendar.
pub(super) fn around(day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let zone = TenantZone::default();
    let reach = Duration::seconds(REACH_S);
    let (start, end) = (zone.start_of(day)?, zone.start_of(day.succ_opt()?)?);
    Some((start.checked_sub_signed(reach)?, end.checked_add_signed(reach)?))
}
