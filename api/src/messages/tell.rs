//! Telling: a notice meets its template, and what comes of it goes into the inbox or into the queue of deliveries, in
//! the transaction of whatever happened. Nothing is sent from here; that is a job's work.

use chrono::{DateTime, Duration, Utc};
use domain::person::{EmailAddress, Phone};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::events::{self, Channel, Event};
use super::{DELIVER, Notice, standard, store, template};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::jobs;
use crate::tenants;

/// Where the text of an inbox message is sealed.
pub(super) const MESSAGE_PLACE: &str = "inbox_messages.content_sealed";
/// Where a recipient is sealed.
pub(super) const TO_PLACE: &str = "deliveries.to_sealed";
/// Where the content of a delivery is sealed.
pub(super) const CONTENT_PLACE: &str = "deliveries.content_sealed";
/// Longest SMS, characters: beyond it operators refuse.
const SMS_CHARS_MAX: usize = 450;
/// Longest subject or title, characters.
const TITLE_CHARS_MAX: usize = 120;

/// What an inbox message says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Letter {
    pub title: String,
    pub text: String,
}

/// What a delivery carries.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    pub title: String,
    pub text: String,
    /// Parameters of the operator's template, in its order.
    pub params: Vec<(String, String)>,
    /// After this instant the message would only mislead: its code or link no longer works.
    pub not_after: Option<DateTime<Utc>>,
}

/// What a delivery is to carry: see [`DELIVER`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Deliver {
    pub delivery: Uuid,
    /// Whether it stands in the day's count of SMS already: a code does, since it is refused where the day is spent.
    #[serde(default)]
    pub counted: bool,
}

/// Queues one SMS, if the event has a template for it that is switched on.
///
/// # Errors
/// If the event is unknown, or the database fails.
pub async fn send_sms(tx: &TenantTx, to: &Phone, notice: &Notice<'_>) -> Result<()> {
    queue(tx, Channel::Sms, to.expose(), notice).await
}

/// Queues one mail, if the event has a template for it that is switched on.
///
/// # Errors
/// As [`send_sms`].
pub async fn send_mail(tx: &TenantTx, to: &EmailAddress, notice: &Notice<'_>) -> Result<()> {
    queue(tx, Channel::Mail, to.expose(), notice).await
}

/// Puts one message into an applicant's inbox, if the event has a template for it that is switched on.
///
/// # Errors
/// As [`send_sms`].
pub async fn put_in_inbox(tx: &TenantTx, applicant: Uuid, notice: &Notice<'_>) -> Result<()> {
    let event = event_of(notice)?;
    let Some(letter) = letter(tx, event, Channel::Inbox, notice).await? else { return Ok(()) };
    let id = Uuid::now_v7();
    let content_sealed = tx.seal_json(MESSAGE_PLACE, id, &letter)?;
    store::insert_message(
        tx,
        store::MessageRow {
            tenant_id: tx.tenant(),
            id,
            applicant_id: applicant,
            application_id: notice.application,
            dedupe_key: notice.dedupe_key.clone(),
            event: event.key.to_owned(),
            content_sealed,
            created_at: tx.now(),
            read_at: None,
        },
    )
    .await?;
    Ok(())
}

/// Tells an applicant of a step: in the inbox, and by SMS where the step has an SMS template.
///
/// # Errors
/// As [`send_sms`].
pub async fn tell_applicant(tx: &TenantTx, applicant: Uuid, phone: &Phone, notice: &Notice<'_>) -> Result<()> {
    put_in_inbox(tx, applicant, notice).await?;
    send_sms(tx, phone, notice).await
}

/// Writes the templates of a new tenant.
///
/// # Errors
/// If the database fails.
pub async fn create_standard_templates(tx: &TenantTx) -> Result<()> {
    let rows = standard::STANDARD.iter().map(|one| store::TemplateRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        event: one.event.to_owned(),
        channel: one.channel.key().to_owned(),
        title: one.title.to_owned(),
        body: one.body.to_owned(),
        enabled: true,
        version: 1,
    });
    store::insert_templates(tx, rows.collect()).await
}

async fn queue(tx: &TenantTx, channel: Channel, to: &str, notice: &Notice<'_>) -> Result<()> {
    let event = event_of(notice)?;
    let Some(letter) = letter(tx, event, channel, notice).await? else { return Ok(()) };
    let id = Uuid::now_v7();
    let content = Content {
        title: letter.title,
        text: letter.text,
        params: if channel == Channel::Sms { params(event, notice) } else { vec![] },
        not_after: not_after(tx, event, notice),
    };
    let row = store::DeliveryRow {
        tenant_id: tx.tenant(),
        id,
        channel: channel.key().to_owned(),
        event: event.key.to_owned(),
        // One notice may go out by SMS and by mail; each of the two is sent once.
        dedupe_key: format!("{}/{}", channel.key(), notice.dedupe_key),
        application_id: notice.application,
        to_sealed: tx.seal(TO_PLACE, id, to)?,
        content_sealed: tx.seal_json(CONTENT_PLACE, id, &content)?,
        state: "queued".to_owned(),
        attempts: 0,
        error: None,
        created_at: tx.now(),
        ended_at: None,
    };
    if store::insert_delivery(tx, row).await? {
        jobs::enqueue(tx, DELIVER, &Deliver { delivery: id, counted: event.key == "login_code" }).await?;
    }
    Ok(())
}

fn event_of(notice: &Notice<'_>) -> Result<&'static Event> {
    events::find(notice.event).ok_or_else(|| Error::internal(anyhow::anyhow!("no such event: {}", notice.event)))
}

/// The filled template; `None` where there is none or it is switched off. A firm older than an event has no row for it
/// and is served by the standard text.
async fn letter(tx: &TenantTx, event: &Event, channel: Channel, notice: &Notice<'_>) -> Result<Option<Letter>> {
    let (title, body) = match store::template_for(tx, event.key, channel.key()).await? {
        Some(row) if !row.enabled && !event.vital => return Ok(None),
        Some(row) => (row.title, row.body),
        None => match standard::find(event.key, channel) {
            Some(standard) => (standard.title.to_owned(), standard.body.to_owned()),
            None => return Ok(None),
        },
    };
    let allowed = event.places_on(channel);
    let mut values: Vec<_> = notice.values.iter().filter(|(name, _)| allowed.contains(name)).cloned().collect();
    let asks_for_brand = title.contains("{brand}") || body.contains("{brand}");
    if asks_for_brand && !values.iter().any(|(name, _)| *name == "brand") {
        values.push(("brand", tenants::settings::load(tx).await?.0.brand));
    }
    let text = template::fill(&body, &values);
    Ok(Some(Letter {
        title: template::one_line(&template::fill(&title, &values), TITLE_CHARS_MAX),
        text: if channel == Channel::Sms { template::one_line(&text, SMS_CHARS_MAX) } else { text },
    }))
}

/// What the operator's approved template takes: a log-in code with its minutes, or a number with its step.
fn params(event: &Event, notice: &Notice<'_>) -> Vec<(String, String)> {
    let value = |name: &str| notice.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    let of = |name: &str| (name.to_owned(), value(name).unwrap_or_default());
    if event.key == "login_code" {
        vec![of("code"), of("minutes")]
    } else {
        vec![of("number"), ("step".to_owned(), events::step_zh(event.key).to_owned())]
    }
}

fn not_after(tx: &TenantTx, event: &Event, notice: &Notice<'_>) -> Option<DateTime<Utc>> {
    /// Longest that a code or link may say it lives, minutes: a month.
    const MINUTES_MAX: i64 = 31 * 24 * 60;
    if !event.vital {
        return None;
    }
    let (_, minutes) = notice.values.iter().find(|(name, _)| *name == "minutes")?;
    let minutes = minutes.parse::<i64>().ok().filter(|minutes| (1..=MINUTES_MAX).contains(minutes))?;
    Some(tx.now() + Duration::minutes(minutes))
}
