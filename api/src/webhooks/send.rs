//! The job that sends what is due at one address. One job at a time sends there, a few messages at once, and no transaction is
//! open while it waits. Between the address's yes and our note of it a crash is possible; then the same message goes out again
//! under the same id, by which a receiver knows it.

use std::time::{Duration as Wait, Instant};

use chrono::{DateTime, Duration, Utc};
use domain::id::{Id, kind};
use domain::webhooks::endpoint::EndpointState;
use domain::webhooks::schedule::{ANSWER_S_MAX, Attempt, Failure};
use domain::webhooks::signature::{SigningSecret, signatures};
use futures_util::future::join_all;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::note::{Next, note};
use super::store::{self, deliveries, messages};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, LEASE_S, Outcome, finish};
use crate::platform::outside::guarded::ADDRESS_REFUSED;
use crate::platform::outside::{CallLimits, SendError, scrub};

/// The kind of job that sends what is due at an address.
pub const SEND: &str = "webhooks.send";
/// Messages that are on their way to one address at once.
const AT_ONCE: u64 = 4;
/// How long one job sends, seconds: well within its lease, and then others have their turn.
const SEND_FOR_S: i64 = 15;
/// When is looked again after a failure of our own, seconds: such a job is never given up, since others rely on it.
const AGAIN_S: i64 = 30;
/// As much as is read of an answer.
const LIMITS: CallLimits =
    CallLimits { connect_max: Wait::from_secs(5), total_max: Wait::from_secs(ANSWER_S_MAX), body_bytes_max: 1_024 };

/// Where is sent to.
#[derive(Serialize, Deserialize)]
pub(super) struct To {
    pub endpoint: Uuid,
}

/// Some messages to one address.
pub(super) struct Round {
    pub endpoint: Uuid,
    /// The number under which the address was taken.
    pub taken: i64,
    url: String,
    secrets: Vec<SigningSecret>,
    letters: Vec<Letter>,
}

struct Letter {
    delivery: Uuid,
    id: String,
    body: String,
}

/// How one of them went.
pub(super) struct Went {
    pub delivery: Uuid,
    pub at: DateTime<Utc>,
    pub attempt: Attempt,
    pub took_ms: i32,
    /// The beginning of the answer.
    pub excerpt: String,
}

/// Sends what is due at an address, or finds that somebody else does.
///
/// # Errors
/// Later, if the database fails; what was sent and could not be written down is sent again.
pub async fn send_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let until = app.clock.now() + Duration::seconds(SEND_FOR_S);
    let later = |error: Error| JobError::Later(error.to_string(), Some(AGAIN_S));
    while let Some(round) = take(app, job).await.map_err(later)? {
        let sent = join_all(round.letters.iter().map(|letter| post(app, &round, letter))).await;
        match note(app, job, &round, sent, until).await.map_err(later)? {
            Next::GoOn => {}
            Next::Over => return Ok(Outcome::Finished),
            Next::Lost => return Err(JobError::Later("another sends there by now".to_owned(), Some(AGAIN_S))),
        }
    }
    Ok(Outcome::Finished)
}

/// Takes some of what is due; nothing, and the job is over, where there is nothing to do for it.
async fn take(app: &App, job: &Job) -> Result<Option<Round>> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let round = round(&tx, job).await?;
    if round.is_none() {
        finish(&tx, job).await?;
    }
    tx.commit_bookkeeping().await?;
    Ok(round)
}

async fn round(tx: &TenantTx, job: &Job) -> Result<Option<Round>> {
    let To { endpoint } = job.payload(tx)?;
    let Some(mut row) = store::lock(tx, endpoint).await? else { return Ok(None) };
    // who rests is woken by a job of its own, and who is told again by that which resumes it
    let is_told = store::state(&row)? == EndpointState::Active && row.rest_until.is_none_or(|until| until <= tx.now());
    let due = if is_told { deliveries::due(tx, endpoint, AT_ONCE).await? } else { vec![] };
    if due.is_empty() {
        if row.taken_by == Some(job.id) {
            store::let_go(&mut row);
            store::keep(tx, row).await?;
        }
        return Ok(None);
    }
    let (url, secrets) = (store::said(tx, &row)?.url, store::secrets(tx, &row)?);
    let Some(taken) = store::take(tx, row, job.id, LEASE_S).await? else { return Ok(None) };
    let ids: Vec<_> = due.iter().map(|row| row.message_id).collect();
    let bodies = messages::some(tx, &ids).await?;
    let letter = |row: &deliveries::DeliveryRow| {
        let message = bodies.iter().find(|message| message.id == row.message_id)?;
        let id = Id::<kind::WebhookMessage>::from_uuid(message.id).to_string();
        Some(Letter { delivery: row.id, id, body: message.body.clone() })
    };
    let letters = due.iter().filter_map(letter).collect();
    Ok(Some(Round { endpoint, taken, url, secrets, letters }))
}

/// Sends one message, signed for this instant.
async fn post(app: &App, round: &Round, letter: &Letter) -> Went {
    let (at, begun) = (app.clock.now(), Instant::now());
    let signed = signatures(&round.secrets, &letter.id, at.timestamp(), &letter.body);
    let headers = [
        ("webhook-id", letter.id.clone()),
        ("webhook-timestamp", at.timestamp().to_string()),
        ("webhook-signature", signed),
    ];
    let headers = headers
        .into_iter()
        .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?)));
    let answer = app.guarded.tell(&round.url, HeaderMap::from_iter(headers), letter.body.clone().into_bytes(), LIMITS);
    let answer = answer.await;
    let took = begun.elapsed();
    let took_ms = i32::try_from(took.as_millis()).unwrap_or(i32::MAX);
    let (attempt, excerpt) = match answer {
        Ok(answer) => {
            let asked = answer.retry_after.map(|wait| Duration::from_std(wait).unwrap_or(Duration::MAX));
            (Attempt::Answered(answer.status, asked), scrub(&String::from_utf8_lossy(&answer.body)))
        }
        Err(error) => (Attempt::Failed(failure(&error, took)), String::new()),
    };
    Went { delivery: letter.delivery, at, attempt, took_ms, excerpt }
}

fn failure(error: &SendError, took: Wait) -> Failure {
    match error {
        SendError::Permanent { code, .. } if code == ADDRESS_REFUSED => Failure::AddressRefused,
        _ if took >= LIMITS.total_max => Failure::Timeout,
        _ => Failure::Connection,
    }
}
