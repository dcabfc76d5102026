//! What this area shows: letters to their readers, deliveries to staff without what is secret or personal.

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use domain::person::{EmailAddress, Phone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::{self, Channel};
use super::store::{DeliveryRow, MessageRow, TemplateRow};
use super::tell::{CONTENT_PLACE, Content, Letter, MESSAGE_PLACE, TO_PLACE};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// A message in an applicant's inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxMessageView {
    /// Its id.
    #[schema(example = "msg_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What happened.
    #[schema(example = "returned")]
    pub event: String,
    /// Its title.
    #[schema(example = "申请需要补充资料")]
    pub title: String,
    /// Its text, lines apart by line feeds.
    pub text: String,
    /// The application it is about.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub application_id: Option<String>,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it was read; null while unread.
    pub read_at: Option<DateTime<Utc>>,
}

/// How many messages are unread.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadCount {
    /// The number.
    #[schema(example = 2, minimum = 0)]
    pub unread: u64,
}

/// A template as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateView {
    /// Its id.
    #[schema(example = "tpl_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The event that it tells of.
    #[schema(example = "returned")]
    pub event: String,
    /// The event in Chinese.
    #[schema(example = "退回补充资料")]
    pub label: String,
    /// How it travels.
    pub channel: Channel,
    /// Title of a message, subject of a mail; empty for SMS.
    #[schema(example = "申请需要补充资料")]
    pub title: String,
    /// The text with its places in braces.
    #[schema(example = "申请{number}已退回，请按各项说明补充后重新提交。")]
    pub body: String,
    /// Whether it is sent.
    pub enabled: bool,
    /// Whether it may be switched off; without some nobody could log in.
    pub may_be_disabled: bool,
    /// Places that its text may have.
    #[schema(example = json!(["brand", "number", "product"]))]
    pub places: Vec<String>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waiting, or to be tried again.
    Queued,
    /// Taken by the provider.
    Sent,
    /// Given up.
    Failed,
}

impl DeliveryState {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    fn from_key(key: &str) -> Self {
        match key {
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => Self::Queued,
        }
    }
}

/// An SMS or mail and how it went.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its id.
    #[schema(example = "dlv_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// How it travels: sms or mail.
    pub channel: Channel,
    /// What it tells of.
    #[schema(example = "returned")]
    pub event: String,
    /// The application it is about.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub application_id: Option<String>,
    /// The recipient, masked.
    #[schema(example = "138******12")]
    pub to: String,
    /// The text; null where it holds a code or a link.
    pub text: Option<String>,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    #[schema(example = 1, minimum = 0)]
    pub attempts: i32,
    /// Why it was not taken: the provider's code, or `sms_per_day_spent` where the firm's day was over.
    #[schema(example = "FailedOperation.InsufficientBalanceInSmsPackage")]
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it was sent or given up.
    pub ended_at: Option<DateTime<Utc>>,
}

pub(super) fn message(tx: &TenantTx, row: MessageRow) -> Result<InboxMessageView> {
    let letter: Letter = tx.open_json(MESSAGE_PLACE, row.id, &row.content_sealed)?;
    Ok(InboxMessageView {
        id: Id::<kind::Message>::from_uuid(row.id).to_string(),
        event: row.event,
        title: letter.title,
        text: letter.text,
        application_id: row.application_id.map(|id| Id::<kind::Application>::from_uuid(id).to_string()),
        created_at: row.created_at,
        read_at: row.read_at,
    })
}

pub(super) fn template(row: TemplateRow) -> TemplateView {
    let event = events::find(&row.event);
    let channel = Channel::from_key(&row.channel);
    let places = event.map(|event| event.places_on(channel)).unwrap_or_default();
    TemplateView {
        id: Id::<kind::Template>::from_uuid(row.id).to_string(),
        label: event.map_or_else(|| row.event.clone(), |event| event.label_zh.to_owned()),
        event: row.event,
        channel,
        title: row.title,
        body: row.body,
        enabled: row.enabled,
        may_be_disabled: event.is_none_or(|event| !event.vital),
        places: places.into_iter().map(str::to_owned).collect(),
        version: row.version,
    }
}

/// A delivery whose sealed parts no longer open is shown without them: that it failed must stay visible.
pub(super) fn delivery(tx: &TenantTx, row: DeliveryRow) -> DeliveryView {
    let to = tx.open(TO_PLACE, row.id, &row.to_sealed).unwrap_or_default();
    let masked = match row.channel.as_str() {
        "mail" => EmailAddress::parse(&to).map(|address| address.masked()),
        _ => Phone::parse(&to).map(|phone| phone.masked()),
    };
    let shown = events::find(&row.event).is_some_and(|event| !event.vital);
    let content = shown.then(|| tx.open_json::<Content>(CONTENT_PLACE, row.id, &row.content_sealed).ok()).flatten();
    DeliveryView {
        id: Id::<kind::Delivery>::from_uuid(row.id).to_string(),
        channel: Channel::from_key(&row.channel),
        event: row.event,
        application_id: row.application_id.map(|id| Id::<kind::Application>::from_uuid(id).to_string()),
        to: masked.unwrap_or_else(|_| "***".to_owned()),
        text: content.map(|content| content.text),
        state: DeliveryState::from_key(&row.state),
        attempts: row.attempts,
        error: row.error,
        created_at: row.created_at,
        ended_at: row.ended_at,
    }
}
