//! The job that counts days: which machines a socket was at, what all their sockets said around that day, and what follows
//! from it by the machine's thresholds. Counting again gives the same, so it does not matter how often or in which order.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::devices::intake::PAST_DAYS_MAX;
use domain::devices::utilisation::REACH_S;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, SocketDay};
use super::{counted, frame};
use crate::app::App;
use crate::devices::equipment::store::Row as MachineRow;
use crate::devices::readings::Most;
use crate::devices::{alarms, bindings, readings};
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, enqueue_within, finish, is_another};

/// The kind of job.
pub const COUNT: &str = "devices.count";
/// The kind of job that goes on where one had its time.
pub const COUNT_ON: &str = "devices.count_on";
/// How long readings may lie before they are counted, seconds.
const COUNT_WITHIN_S: i64 = 10;
/// Days after one that are counted with it where a socket has been silent since.
const DAYS_AFTER_MAX: usize = 32;
/// Readings that are looked at for whether a socket says little.
const SPARSE_READINGS_MAX: u64 = 10_000;
/// How long one job counts, seconds: others' jobs wait no longer for one firm's.
const COUNT_FOR_S: i64 = 10;
/// Days that are looked for at once.
const DAYS_AT_ONCE: u64 = 200;

/// Has the days counted whose readings changed, soon after this transaction has committed.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn count_soon(tx: &TenantTx) -> Result<()> {
    enqueue_within(tx, COUNT, COUNT_WITHIN_S).await.map(|_| ())
}

/// How far a pass over what is to be counted has come: every day whose readings changed, then every machine with a day that was
/// counted before it was over.
#[derive(Default, Serialize, Deserialize)]
struct Pass {
    day: Option<SocketDay>,
    are_days_through: bool,
    machine: Uuid,
}

/// Counts every day of the job's tenant whose readings changed, and those that were counted before they were over, each in a
/// transaction of its own. While an earlier pass goes on it waits for its end: what came since is counted then, and however
/// much a firm has to be counted, it has one pass at a time.
///
/// # Errors
/// Later, if the database fails; what was counted stays so.
pub async fn count_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if is_another(&tx, job, COUNT_ON).await? {
        enqueue_within(&tx, COUNT, COUNT_WITHIN_S).await?;
        finish(&tx, job).await?;
        tx.commit_bookkeeping().await?;
        return Ok(Outcome::Finished);
    }
    drop(tx);
    let mut pass = Pass::default();
    let went = go_on(app, job, &mut pass).await?;
    if went.has_failed && !went.is_over {
        return Err(JobError::Later("some days could not be counted".to_owned(), None));
    }
    end(app, job, &pass, &went).await
}

/// Goes on with a pass that had its time. A day that cannot be counted is not tried again by it, since others wait for its end:
/// it is still marked, and the next pass meets it.
///
/// # Errors
/// Later, if the database fails.
pub async fn count_on_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let mut pass = job.payload(&tx)?;
    drop(tx);
    let went = go_on(app, job, &mut pass).await?;
    end(app, job, &pass, &went).await
}

/// Counts for as long as one job may.
async fn go_on(app: &App, job: &Job, pass: &mut Pass) -> Result<Went, JobError> {
    let until = app.clock.now() + Duration::seconds(COUNT_FOR_S);
    let mut went = Went { is_over: false, has_failed: false };
    if !pass.are_days_through {
        count_changed(app, job, pass, until, &mut went).await?;
    }
    if !went.is_over {
        pass.are_days_through = true;
        finish_days(app, job, pass, until, &mut went).await?;
    }
    Ok(went)
}

/// Ends a job, and leaves what it had no time for to another.
async fn end(app: &App, job: &Job, pass: &Pass, went: &Went) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if went.is_over {
        // the rest in its turn, so that others' jobs get theirs
        enqueue(&tx, COUNT_ON, pass).await?;
    }
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

/// How a part of a pass went.
struct Went {
    /// Its time was over.
    is_over: bool,
    /// Something could not be counted; the rest was. It is still marked, and the next pass meets it again.
    has_failed: bool,
}

/// Days whose readings changed.
async fn count_changed(
    app: &App,
    job: &Job,
    pass: &mut Pass,
    until: DateTime<Utc>,
    went: &mut Went,
) -> Result<(), JobError> {
    loop {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        // what bears on a day that has not begun waits for it
        let changed = store::changed(&tx, pass.day, frame::today(&tx), DAYS_AT_ONCE).await?;
        drop(tx);
        if changed.is_empty() {
            return Ok(());
        }
        for day in changed {
            went.is_over = app.clock.now() > until;
            if went.is_over {
                return Ok(());
            }
            // one day that cannot be counted does not stand in the way of the others
            if let Err(error) = count_one(app, job, day).await {
                tracing::error!(tenant = %job.tenant, socket = %day.0, day = %day.1, cause = %error, "not counted");
                went.has_failed = true;
            }
            pass.day = Some(day);
        }
    }
}

/// Days that were counted before they were over, and are over now: nothing that comes in would have them counted again where
/// a socket fell silent on them. A lost connection holds on from each into the next.
async fn finish_days(
    app: &App,
    job: &Job,
    pass: &mut Pass,
    until: DateTime<Utc>,
    went: &mut Went,
) -> Result<(), JobError> {
    loop {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        let today = frame::today(&tx);
        let machines = store::days::unfinished(&tx, pass.machine, (first_finished(today), today), DAYS_AT_ONCE).await?;
        drop(tx);
        if machines.is_empty() {
            return Ok(());
        }
        for machine in machines {
            went.is_over = app.clock.now() > until;
            if went.is_over {
                return Ok(());
            }
            let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
            let counted = count_up_to_now(&tx, machine, app.config.telemetry.kept_since(tx.now())).await;
            match counted {
                Ok(()) => tx.commit_bookkeeping().await?,
                Err(error) => {
                    tracing::error!(tenant = %job.tenant, %machine, cause = %error, "not counted to its end");
                    went.has_failed = true;
                }
            }
            pass.machine = machine;
        }
    }
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
    if rows.is_empty() {
        return tx.commit_bookkeeping().await;
    }
    let kept_since = app.config.telemetry.kept_since(tx.now());
    let days = with_neighbours(&tx, socket, day).await?;
    for row in rows {
        for day in &days {
            machine_day(&tx, row.clone(), *day, kept_since).await?;
        }
    }
    tx.commit_bookkeeping().await
}

/// The day, and those beside it that hang on it although they are further than [`REACH_S`] from its readings: where a socket
/// is silent around midnight, what it says next tells the energy of the day before, and that it lost its connection holds
/// on into the days after. A day that has not begun is not counted.
async fn with_neighbours(tx: &TenantTx, socket: Uuid, day: NaiveDate) -> Result<Vec<NaiveDate>> {
    let today = frame::today(tx);
    let mut days = vec![];
    if day > today {
        return Ok(days);
    }
    if let (Some(before), true) = (day.pred_opt(), is_sparse(tx, socket, day, true).await?) {
        days.push(before);
    }
    days.push(day);
    let mut last = day;
    while days.len() < DAYS_AFTER_MAX && last < today && is_sparse(tx, socket, last, false).await? {
        let Some(next) = last.succ_opt() else { break };
        days.push(next);
        last = next;
    }
    Ok(days)
}

/// Whether a socket says so little in the first or the last hours of a day that the day beside it has to look further: nothing
/// at all, or, where it tells energy, that less than twice.
async fn is_sparse(tx: &TenantTx, socket: Uuid, day: NaiveDate, at_its_begin: bool) -> Result<bool> {
    let zone = TenantZone::default();
    let reach = Duration::seconds(REACH_S);
    let edge = if at_its_begin { Some(day) } else { day.succ_opt() };
    let Some(edge) = edge.and_then(|edge| zone.start_of(edge)) else { return Ok(false) };
    let (from, to) = if at_its_begin { (edge, edge + reach) } else { (edge - reach, edge) };
    let said = readings::between(
        tx,
        socket,
        (from.timestamp_micros(), to.timestamp_micros()),
        Most::First(SPARSE_READINGS_MAX),
    )
    .await?;
    if said.is_empty() {
        return Ok(true);
    }
    if said.iter().filter(|reading| reading.energy.is_some()).count() > 1 {
        return Ok(false);
    }
    let (from, to) = (zone.start_of(day).unwrap_or(from), day.succ_opt().and_then(|next| zone.start_of(next)));
    let to = to.unwrap_or(edge);
    readings::tells_energy(tx, socket, from.timestamp_micros(), to.timestamp_micros()).await
}

/// Counts a day of a machine and looks for alarms in it. What was counted of a day stays where not everything that was said
/// on it is kept any more.
async fn machine_day(tx: &TenantTx, machine: MachineRow, day: NaiveDate, kept_since: DateTime<Utc>) -> Result<()> {
    if !is_whole(tx, machine.id, day, kept_since).await? {
        return Ok(());
    }
    let frame = frame::of(tx, machine).await?;
    let resets = counted::day(tx, &frame, day).await?;
    alarms::watch(tx, &frame, day, &resets).await
}

/// Whether everything that bears on a day is still there, as far as it ever came.
async fn is_whole(tx: &TenantTx, machine: Uuid, day: NaiveDate, kept_since: DateTime<Utc>) -> Result<bool> {
    let Some((begin, end)) = around(day) else { return Ok(false) };
    if begin < kept_since {
        return Ok(false);
    }
    // none that is younger was ever thinned out, whatever is set now
    if day >= first_finished(frame::today(tx)) {
        return Ok(true);
    }
    Ok(bindings::thinned_to(tx, machine, (begin, end)).await?.is_none_or(|thinned| thinned < day))
}

/// The first day that is young enough for all that was said on it to be there, whatever is set.
pub(super) fn first_finished(today: NaiveDate) -> NaiveDate {
    let days = u64::try_from(PAST_DAYS_MAX).unwrap_or_default();
    today.checked_sub_days(Days::new(days)).unwrap_or(today)
}

/// Counts the present day of a machine, for what follows from its saying nothing, and before it those that were not over when
/// they were counted last.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn count_up_to_now(tx: &TenantTx, machine: Uuid, kept_since: DateTime<Utc>) -> Result<()> {
    let Some(row) = store::lock_machine(tx, machine).await? else { return Ok(()) };
    let today = frame::today(tx);
    let days = (first_finished(today), today);
    let unfinished = store::days::unfinished_of(tx, machine, frame::thresholds_id(&row), days).await?;
    let first = unfinished.first().copied().unwrap_or(today);
    for day in first.iter_days().take_while(|day| *day <= today).take(DAYS_AFTER_MAX) {
        machine_day(tx, row.clone(), day, kept_since).await?;
    }
    Ok(())
}

/// Everything that a day's result can hang on; nothing at the ends of the calendar.
pub(super) fn around(day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let zone = TenantZone::default();
    let reach = Duration::seconds(REACH_S);
    let (start, end) = (zone.start_of(day)?, zone.start_of(day.succ_opt()?)?);
    Some((start.checked_sub_signed(reach)?, end.checked_add_signed(reach)?))
}
