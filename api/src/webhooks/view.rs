//! How addresses and deliveries are shown; a secret only where it is new.

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use domain::webhooks::endpoint::{DeliveryState, DisabledReason, EndpointState};
use domain::webhooks::event::EventType;
use domain::webhooks::schedule::Failure;
use serde::Serialize;
use utoipa::ToSchema;

use super::store::deliveries::{self, DeliveryRow};
use super::store::{self, EndpointRow, Said};
use crate::error::{Code, Error, Language, Result, say};
use crate::platform::db::TenantTx;
use crate::platform::http::coded_word;

coded_word! {
    /// Something that third parties are told of.
    EventWord(EventType)
}
coded_word! {
    /// Where an address is.
    WebhookStateWord(EndpointState)
}
coded_word! {
    /// Why an address was disabled.
    WebhookReasonWord(DisabledReason)
}
coded_word! {
    /// Where a delivery is.
    WebhookDeliveryWord(DeliveryState)
}
coded_word! {
    /// Why an attempt failed.
    WebhookFailureWord(Failure)
}

/// An address that is told of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookEndpointView {
    /// Its id.
    #[schema(example = "whe_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Where is sent to.
    #[schema(example = "https://hooks.example.com/zhidan")]
    pub url: String,
    /// What it is for.
    #[schema(example = "合作银行接口")]
    pub description: String,
    /// What it is told of; null for everything.
    pub events: Option<Vec<EventWord>>,
    /// Whether it is told.
    pub state: WebhookStateWord,
    /// The same in words.
    #[schema(example = "启用")]
    pub state_label: String,
    /// Why it was disabled.
    pub reason: Option<WebhookReasonWord>,
    /// The same in words.
    #[schema(example = "连续五天推送失败")]
    pub reason_label: Option<String>,
    /// Since when nothing has arrived; null where the latest did.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when it is left alone after failures.
    pub rests_until: Option<DateTime<Utc>>,
    /// Until when the secret before this one goes on signing too.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// An address with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub struct WebhookEndpointSecret {
    /// The address.
    pub endpoint: WebhookEndpointView,
    /// The secret that messages are signed with. Keep it where only the receiver can read it.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

/// A message on its way to one address.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryView {
    /// Its id.
    #[schema(example = "whd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The message's id, which is its `webhook-id`.
    #[schema(example = "whm_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub message: String,
    /// What it tells of.
    pub event: EventWord,
    /// The same in words.
    #[schema(example = "申请审批通过")]
    pub event_label: String,
    /// Where it is.
    pub state: WebhookDeliveryWord,
    /// The same in words.
    #[schema(example = "已送达")]
    pub state_label: String,
    /// How often it was sent.
    #[schema(example = 1, minimum = 0)]
    pub attempts: i32,
    /// When it is sent next.
    pub next_at: Option<DateTime<Utc>>,
    /// When it was sent last.
    pub last_at: Option<DateTime<Utc>>,
    /// The status of the last answer.
    #[schema(example = 200)]
    pub last_status: Option<i32>,
    /// How long the last attempt took, milliseconds.
    #[schema(example = 83, minimum = 0)]
    pub last_ms: Option<i32>,
    /// Why the last attempt failed.
    pub last_failure: Option<WebhookFailureWord>,
    /// The same in words.
    #[schema(example = "对方未在限定时间内应答")]
    pub last_failure_label: Option<String>,
    /// The beginning of the last answer, without long numbers and addresses.
    #[schema(example = "ok")]
    pub excerpt: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it was delivered or given up.
    pub ended_at: Option<DateTime<Utc>>,
}

fn known<T>(found: Option<T>) -> Result<T> {
    found.ok_or_else(|| Error::new(Code::Internal))
}

impl WebhookEndpointView {
    pub(super) fn of(tx: &TenantTx, row: &EndpointRow, language: Language) -> Result<Self> {
        let Said { url, description, events } = store::said(tx, row)?;
        let state = store::state(row)?;
        let reason = row.reason.as_deref().map(|code| known(DisabledReason::from_code(code))).transpose()?;
        Ok(Self {
            id: Id::<kind::WebhookEndpoint>::from_uuid(row.id).to_string(),
            url,
            description,
            events: events.map(|events| events.into_iter().map(EventWord).collect()),
            state: WebhookStateWord(state),
            state_label: say(&state.words(), language),
            reason: reason.map(WebhookReasonWord),
            reason_label: reason.map(|reason| say(&reason.words(), language)),
            failing_since: row.failing_since,
            rests_until: row.rest_until.filter(|until| *until > tx.now()),
            previous_secret_until: row.previous_until.filter(|until| *until > tx.now()),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl WebhookDeliveryView {
    pub(super) fn of(tx: &TenantTx, row: &DeliveryRow, language: Language) -> Result<Self> {
        let event = known(EventType::from_code(&row.event))?;
        let state = known(DeliveryState::from_code(&row.state))?;
        let failure = row.last_failure.as_deref().map(|code| known(Failure::from_code(code))).transpose()?;
        Ok(Self {
            id: Id::<kind::WebhookDelivery>::from_uuid(row.id).to_string(),
            message: Id::<kind::WebhookMessage>::from_uuid(row.message_id).to_string(),
            event: EventWord(event),
            event_label: say(&event.words(), language),
            state: WebhookDeliveryWord(state),
            state_label: say(&state.words(), language),
            attempts: row.attempts,
            next_at: row.next_at,
            last_at: row.last_at,
            last_status: row.last_status,
            last_ms: row.last_ms,
            last_failure: failure.map(WebhookFailureWord),
            last_failure_label: failure.map(|failure| say(&failure.words(), language)),
            excerpt: deliveries::excerpt(tx, row)?,
            created_at: row.created_at,
            ended_at: row.ended_at,
        })
    }
}

/// What the audit chain keeps of an address.
pub(super) fn for_audit(said: &Said) -> serde_json::Value {
    let events = said.events.as_ref().map(|events| events.iter().map(|event| event.code()).collect::<Vec<_>>());
    serde_json::json!({ "url": said.url, "description": said.description, "events": events })
}
