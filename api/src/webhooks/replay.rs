//! `POST /v1/webhook-endpoints/{id}/replay`: what happened since an instant is sent to an address that missed it. A job queues
//! it batch by batch, since it may be a month's.

use std::collections::HashMap;

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::id::kind;
use domain::webhooks::endpoint::{DeliveryState, EndpointState};
use domain::webhooks::event::EventType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::purge::KEPT_DAYS;
use super::store::{self, deliveries, messages};
use super::tell;
use super::turn::must_be_told;
use crate::app::App;
use crate::error::{Error, FieldProblem, ProblemBody, Result};
use crate::platform::access::{Access, may, system_tx};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Idempotency, Reply};
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, finish};

/// The kind of job that queues what is to be replayed.
pub const REPLAY: &str = "webhooks.replay";
/// Messages of one transaction.
const BATCH_ROWS: u64 = 200;

/// What is to be sent again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookReplay {
    /// What happened since then, at most 30 days ago.
    #[schema(example = "2026-11-29T08:00:00+08:00")]
    since: DateTime<Utc>,
    /// Also what the address has taken already; else only what it missed.
    #[serde(default)]
    #[schema(example = false)]
    delivered_too: bool,
}

/// What a job goes on with.
#[derive(Serialize, Deserialize)]
struct Rest {
    endpoint: Uuid,
    since: DateTime<Utc>,
    delivered_too: bool,
    after: Uuid,
}

/// Sends an address what happened since an instant and it asks for: what was given up, what happened while it was disabled or
/// before it was made, and on request what it has taken already. Every message keeps its `webhook-id`.
#[utoipa::path(
    tag = "webhooks",
    security(("token" = ["webhooks.manage"])),
    request_body = WebhookReplay,
    responses(
        (status = 202, description = "What is sent soon", body = WebhookReplay),
        (status = 409, description = "The address is paused or disabled", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/webhook-endpoints/{id}/replay")]
pub async fn replay_webhook_messages(
    access: Access<may::ManageWebhooks>,
    app: Data<App>,
    at: At<kind::WebhookEndpoint>,
    idem: Idempotency,
    Body(body): Body<WebhookReplay>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let row = store::get(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        let kept_since = tx.now() - Duration::days(KEPT_DAYS);
        if !(kept_since..=tx.now()).contains(&body.since) {
            let (zh, en) = ("应在最近30天之内", "lies within the last 30 days");
            return Err(Error::fields(vec![FieldProblem::new("/since", "range", zh, en)]));
        }
        must_be_told(&row)?;
        let WebhookReplay { since, delivered_too } = body;
        enqueue(tx, REPLAY, &Rest { endpoint: row.id, since, delivered_too, after: Uuid::nil() }).await?;
        let act = Act::new("webhook_endpoint.replay", "webhook_endpoint", row.id);
        let act = act.detail(serde_json::json!({ "since": since, "delivered_too": delivered_too }));
        Ok(Reply::accepted(body.clone()).done(act))
    })
    .await
}

/// Queues a batch of what is to be replayed, and plans the next.
///
/// # Errors
/// Later, if the database fails.
pub async fn replay_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let rest: Rest = job.payload(&tx)?;
    if let Some(rest) = batch(&tx, rest).await? {
        enqueue(&tx, REPLAY, &rest).await?;
    }
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}

/// Queues a batch; gives what is left.
async fn batch(tx: &TenantTx, rest: Rest) -> Result<Option<Rest>> {
    let Some(row) = store::lock(tx, rest.endpoint).await? else { return Ok(None) };
    if store::state(&row)? == EndpointState::Disabled {
        return Ok(None);
    }
    let asked = store::said(tx, &row)?.events;
    let found = messages::since(tx, rest.since, rest.after, BATCH_ROWS).await?;
    let last = found.last().map(|(id, _)| *id);
    let is_wanted = |(id, event): &(Uuid, String)| {
        EventType::from_code(event).filter(|event| event.is_asked_for(asked.as_deref())).map(|event| (*id, event))
    };
    let wanted: Vec<_> = found.iter().filter_map(is_wanted).collect();
    let ids: Vec<_> = wanted.iter().map(|(id, _)| *id).collect();
    let known = deliveries::lock_of(tx, row.id, &ids).await?;
    let mut known: HashMap<Uuid, _> = known.into_iter().map(|row| (row.message_id, row)).collect();
    let mut fresh = vec![];
    for (message, event) in wanted {
        match known.remove(&message) {
            None => fresh.push(deliveries::new(tx, row.id, message, event)),
            Some(mut one) => {
                let is_missed = one.state == DeliveryState::Failed.code();
                if is_missed || (rest.delivered_too && one.state == DeliveryState::Delivered.code()) {
                    deliveries::begin_again(tx, &mut one);
                    deliveries::save(tx, one).await?;
                }
            }
        }
    }
    deliveries::add_all(tx, fresh).await?;
    tell::soon(tx, row.id).await?;
    let is_more = u64::try_from(found.len()).is_ok_and(|rows| rows == BATCH_ROWS);
    Ok(last.filter(|_| is_more).map(|after| Rest { after, ..rest }))
}
