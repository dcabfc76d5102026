//! What ends by itself: reservations whose time has run out, limits whose last day has passed. Nothing depends on these
//! jobs being in time; they only make the books say what already holds.

use domain::applications::action::Reason;
use domain::limits::operation;
use domain::limits::refusal::LimitRefusal;
use uuid::Uuid;

use super::Why;
use super::book::{Book, Written, split_path};
use super::grant::moment;
use super::refusal::refused;
use crate::app::App;
use crate::customers::clients;
use crate::error::{Code, Error, Result};
use crate::limits::law::standing::Moving;
use crate::limits::law::{Frame, commitments, today};
use crate::limits::store::{self, LimitRow, Reservation, rows, uses};
use crate::platform::access::system_tx;
use crate::platform::db::{Act, TenantTx};
use crate::platform::jobs::{Job, JobError, Outcome, finish};

/// The kind of job that gives reservations back whose time has run out.
pub const LAPSE: &str = "limits.lapse";
/// The kind of job that writes down that limits have expired.
pub const EXPIRE: &str = "limits.expire";
/// Rows that are looked for at once.
const BATCH_ROWS: u64 = 100;
/// Reservations of one limit that go back while somebody waits.
const AT_HAND_MAX: u64 = 20;

fn why(text: &str) -> Result<Why> {
    let reason = Reason::parse(text).map_err(|_| Error::new(Code::Internal))?;
    Ok(Why { reason, document: None })
}

/// Gives back, of a limit that is locked, what nobody can draw any more; says whether anything was. `path` is then as it
/// is stored.
pub(super) async fn of_limit(tx: &TenantTx, path: &mut [LimitRow]) -> Result<bool> {
    let Some(id) = path.last().map(|row| row.id) else { return Ok(false) };
    let due = uses::due(tx, Some(id), tx.now(), Uuid::nil(), AT_HAND_MAX).await?;
    let any = !due.is_empty();
    for reservation in due {
        let written = lapse(tx, path, reservation).await?;
        if let (Some(row), Ok(now)) = (path.last_mut(), written.limit(id)) {
            *row = now;
        }
    }
    Ok(any)
}

async fn lapse(tx: &TenantTx, path: &[LimitRow], reservation: Reservation) -> Result<Written> {
    let (_, own) = split_path(path)?;
    let postings = operation::lapse(&own, &rows::reservation(&reservation)?, moment(tx)).map_err(refused)?;
    let why = why("超过有效时间，自动失效")?;
    let (written, ..) = Book::new(tx, &why, path).with_reservation(reservation).write(&postings).await?;
    Ok(written)
}

/// Gives back every reservation of the job's tenant whose time has run out, each in a transaction of its own.
///
/// # Errors
/// Later, if the database fails; what went back stays so.
pub async fn lapse_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let mut after = Uuid::nil();
    loop {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        let due = uses::due(&tx, None, tx.now(), after, BATCH_ROWS).await?;
        drop(tx);
        let Some(last) = due.last() else { break };
        after = last.id;
        for one in &due {
            noted(job, one.id, lapse_one(app, job, one).await);
        }
    }
    done(app, job).await
}

/// One row that cannot be booked does not stand in the way of the others; the next job meets it again.
fn noted(job: &Job, id: Uuid, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(tenant = %job.tenant, %id, cause = %error, "not booked by itself");
    }
}

async fn lapse_one(app: &App, job: &Job, due: &Reservation) -> Result<()> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let path = store::path(&tx, due.limit_id, true).await?;
    let reservation = uses::reservation(&tx, due.id).await?;
    // somebody may have ended it while the lock was waited for
    if reservation.state != "open" {
        return Ok(());
    }
    lapse(&tx, &path, reservation).await?;
    tx.commit(Act::new("limit.lapse", "reservation", due.id)).await
}

/// Writes down, of every limit of the job's tenant whose last day has passed, that it has.
///
/// # Errors
/// Later, if the database fails; what was written stays so.
pub async fn expire_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let mut after = Uuid::nil();
    loop {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        let over = store::past_their_day(&tx, today(&tx), after, BATCH_ROWS).await?;
        drop(tx);
        let Some(last) = over.last() else { break };
        after = *last;
        for id in over {
            noted(job, id, expire_one(app, job, id).await);
        }
    }
    weigh_anew(app, job).await?;
    done(app, job).await
}

/// On the first day of other weights, what is outstanding is weighed by them, if nobody has asked before.
async fn weigh_anew(app: &App, job: &Job) -> Result<()> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    Frame::locked(&tx).await?;
    tx.commit_bookkeeping().await
}

async fn expire_one(app: &App, job: &Job, id: Uuid) -> Result<()> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let path = store::path(&tx, id, true).await?;
    let (_, own) = split_path(&path)?;
    let postings = match operation::expire(&own, moment(&tx)) {
        // somebody else was first
        Err(LimitRefusal::NotInThisState { .. } | LimitRefusal::NotYetExpired { .. }) => return Ok(()),
        decided => decided.map_err(refused)?,
    };
    let why = why("有效期届满")?;
    Book::new(&tx, &why, &path).write(&postings).await?;
    tx.commit(Act::new("limit.expire", "limit", id)).await
}

/// Weighs what a client has outstanding by its class of today, after the class was changed.
///
/// # Errors
/// Later, if the database fails.
pub async fn class_changed(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let customer: Uuid = job.payload(&tx)?;
    let frame = Frame::locked(&tx).await?;
    let client = clients::client(&tx, customer).await?;
    let drawn = commitments::drawn(&tx, client.id).await?;
    Moving::read(&tx, &frame, &client, &drawn, &drawn).await?.write(&tx, &frame).await?;
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

async fn done(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}
