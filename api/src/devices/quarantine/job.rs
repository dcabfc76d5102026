//! Replays what was set aside of a device, in batches: a device may have sent for weeks before somebody put it on record.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use chrono::Duration;
use domain::devices::intake::{FUTURE_MINUTES_MAX, QuarantineState};

use super::store::{self, Place};
use crate::app::App;
use crate::devices::readings::{Given, Put, put};
use crate::devices::usage;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{self, Job, JobError, Outcome};

/// The kind of job that replays what was set aside of a device.
pub const REPLAY: &str = "devices.replay";
/// Rows of one transaction.
const BATCH_ROWS: u64 = 500;
/// Batches of one job, so that it ends well within its lease; what is left is a job of its own.
const BATCHES_MAX: u32 = 40;

/// What is replayed.
#[derive(Serialize, Deserialize)]
struct Payload {
    source: Uuid,
    device: String,
    channel: i32,
    /// Who asked for all that fits; nobody where a socket was put on record, and then only what waited for that counts.
    asked_by: Option<Uuid>,
    /// The last row of the job before this.
    after: Option<Uuid>,
}

/// Has replayed what waits for a socket, soon after this transaction has committed.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn replay_soon(tx: &TenantTx, source: Uuid, device: &str, channel: i32) -> Result<()> {
    enqueue(tx, &Place { source, device: device.to_owned(), channel }, None).await
}

/// The same, or all that fits where somebody asks for it.
pub(super) async fn enqueue(tx: &TenantTx, place: &Place, asked_by: Option<Uuid>) -> Result<()> {
    let Place { source, device, channel } = place.clone();
    jobs::enqueue(tx, REPLAY, &Payload { source, device, channel, asked_by, after: None }).await?;
    Ok(())
}

/// Replays batch by batch. What was replayed is stored like any other reading, so a job that is run again does no harm.
///
/// # Errors
/// Later, if the database fails; the batches so far stay replayed.
pub async fn replay_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let request = job.id.to_string();
    let tx = system_tx(app, job.tenant, &request, true).await?;
    let mut payload: Payload = job.payload(&tx)?;
    drop(tx);
    let mut left = true;
    for _ in 0..BATCHES_MAX {
        let tx = system_tx(app, job.tenant, &request, true).await?;
        payload.after = batch(app, &tx, &payload).await?;
        tx.commit_bookkeeping().await?;
        left = payload.after.is_some();
        if !left {
            break;
        }
    }
    let tx = system_tx(app, job.tenant, &request, true).await?;
    if left {
        jobs::enqueue(&tx, REPLAY, &payload).await?;
    }
    jobs::finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

/// Replays one batch; says after which row the next begins, if there may be one.
async fn batch(app: &App, tx: &TenantTx, payload: &Payload) -> Result<Option<Uuid>> {
    let place = Place { source: payload.source, device: payload.device.clone(), channel: payload.channel };
    let latest = tx.now() + Duration::minutes(FUTURE_MINUTES_MAX);
    let latest_us = payload.asked_by.map(|_| latest.timestamp_micros());
    let rows = store::waiting(tx, &place, latest_us, payload.after, BATCH_ROWS).await?;
    let Some((last, _)) = rows.last() else { return Ok(None) };
    let last = *last;
    let given = |reading| Given { device: place.device.clone(), channel: place.channel, reading };
    let (ids, given): (Vec<Uuid>, Vec<Given>) = rows.into_iter().map(|(id, reading)| (id, given(reading))).unzip();
    let puts = put(tx, &app.intake.sockets, place.source, &given).await?;
    let there: Vec<Uuid> =
        ids.into_iter().zip(&puts).filter(|(_, put)| **put != Put::Unknown).map(|(id, _)| id).collect();
    let by = payload.asked_by.unwrap_or_default();
    store::decide(tx, &there, QuarantineState::Replayed, by).await?;
    if puts.contains(&Put::Stored) {
        usage::count_soon(tx).await?;
    }
    Ok(Some(last))
}
