//! Writing down how some messages to one address went, and what follows for the address: it goes on, rests, or is disabled.

use chrono::{DateTime, Duration, Utc};
use domain::webhooks::endpoint::{DeliveryState, DisabledReason, EndpointState, Health};
use domain::webhooks::schedule::{Attempt, Verdict};

use super::send::{Round, SEND, To, Went};
use super::store::deliveries::DeliveryRow;
use super::store::{self, EndpointRow, deliveries};
use super::{managers, tell};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, enqueue_at, finish};

/// What the job does next.
pub(super) enum Next {
    /// It looks for more.
    GoOn,
    /// It has ended.
    Over,
    /// It was too slow, and another has taken its place.
    Lost,
}

/// What a round says of its address.
#[derive(Default)]
struct Found {
    any_delivered: bool,
    is_gone: bool,
    /// How long the address asks to be left alone.
    asked: Option<Duration>,
}

/// Writes a round down.
///
/// # Errors
/// If the database fails; then the round is sent again.
pub(super) async fn note(app: &App, job: &Job, round: &Round, sent: Vec<Went>, until: DateTime<Utc>) -> Result<Next> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let Some(mut row) = store::lock(&tx, round.endpoint).await? else {
        // deleted meanwhile, and everything with it
        finish(&tx, job).await?;
        tx.commit_bookkeeping().await?;
        return Ok(Next::Over);
    };
    if row.taken != round.taken {
        return Ok(Next::Lost);
    }
    let mut found = Found::default();
    for went in sent {
        one(&tx, round, went, &mut found).await?;
    }
    let over = conclude(&tx, &mut row, &found, until <= app.clock.now()).await?;
    store::keep(&tx, row).await?;
    if over {
        finish(&tx, job).await?;
    }
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(if over { Next::Over } else { Next::GoOn })
}

/// Writes one message down.
async fn one(tx: &TenantTx, round: &Round, went: Went, found: &mut Found) -> Result<()> {
    let verdict = went.attempt.verdict();
    found.any_delivered |= verdict == Verdict::Delivered;
    found.is_gone |= verdict == Verdict::Gone;
    if verdict != Verdict::Delivered {
        found.asked = found.asked.max(went.attempt.asked());
    }
    let outcome = match verdict {
        Verdict::Delivered => "delivered",
        Verdict::Gone => "gone",
        Verdict::Again(failure) => failure.code(),
    };
    metrics::counter!("zhidan_webhook_attempts_total", "outcome" => outcome).increment(1);
    let queued = |row: &DeliveryRow| row.state == DeliveryState::Queued.code();
    let Some(mut row) = deliveries::lock(tx, round.endpoint, went.delivery).await?.filter(queued) else {
        return Ok(());
    };
    row.attempts = row.attempts.saturating_add(1);
    row.last_at = Some(went.at);
    row.last_ms = Some(went.took_ms);
    row.last_status = match went.attempt {
        Attempt::Answered(status, _) => Some(status.into()),
        Attempt::Failed(_) => None,
    };
    row.last_failure = match verdict {
        Verdict::Again(failure) => Some(failure.code().to_owned()),
        Verdict::Gone | Verdict::Delivered => None,
    };
    row.excerpt_sealed = deliveries::seal_excerpt(tx, row.id, &went.excerpt)?;
    let tried = u32::try_from(row.attempts).unwrap_or(u32::MAX);
    row.next_at = match verdict {
        Verdict::Again(_) => went.attempt.again(tried, tx.now(), rand::random()),
        Verdict::Gone | Verdict::Delivered => None,
    };
    let state = match (verdict, row.next_at) {
        (Verdict::Delivered, _) => DeliveryState::Delivered,
        (_, Some(_)) => DeliveryState::Queued,
        (_, None) => DeliveryState::Failed,
    };
    row.state = state.code().to_owned();
    row.ended_at = (state != DeliveryState::Queued).then(|| tx.now());
    if let Some(next) = row.next_at {
        enqueue_at(tx, SEND, &To { endpoint: round.endpoint }, next).await?;
    }
    deliveries::save(tx, row).await
}

/// What follows for the address; says whether the job is over.
async fn conclude(tx: &TenantTx, row: &mut EndpointRow, found: &Found, had_its_time: bool) -> Result<bool> {
    let before = store::health(row);
    let health = if found.any_delivered { Health::default() } else { before.after_failure(tx.now()) };
    store::put_health(row, health);
    row.rest_until = None;
    let told = store::state(row)? == EndpointState::Active;
    let spent = match (found.is_gone, health.is_spent(tx.now())) {
        (true, _) => Some(DisabledReason::Gone),
        (false, true) => Some(DisabledReason::Failing),
        (false, false) => None,
    };
    if let (true, Some(reason)) = (told, spent) {
        row.state = EndpointState::Disabled.code().to_owned();
        row.reason = Some(reason.code().to_owned());
        row.version = row.version.saturating_add(1);
        row.updated_at = tx.now();
        store::let_go(row);
        managers::tell_disabled(tx, row, reason).await?;
        return Ok(true);
    }
    let rest = health.rest(found.asked);
    if rest > Duration::zero() {
        let until = tx.now() + rest;
        row.rest_until = Some(until);
        enqueue_at(tx, SEND, &To { endpoint: row.id }, until).await?;
    } else if had_its_time {
        tell::soon(tx, row.id).await?;
    } else if told {
        return Ok(false);
    }
    store::let_go(row);
    Ok(true)
}
