//! The job that delivers one SMS or mail. No transaction is open while the provider is asked: SQLite has one writer, and
//! a slow provider must not stop the product. Between the provider's yes and our note of it a crash is possible, and so
//! is an answer that never came; then the message goes out again. So a delivery is at least once, and in practice once.

use std::time::Duration;

use uuid::Uuid;

use super::store::{self, Within};
use super::tell::{CONTENT_PLACE, Content, Deliver, TO_PLACE};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{ATTEMPTS_MAX, Job, JobError, Outcome, finish};
use crate::platform::outside::SendError;
use crate::platform::outside::mail::Mail;
use crate::platform::outside::sms::SmsMessage;
use crate::tenants;

/// Longest wait that a provider may ask for, seconds.
const WAIT_S_MAX: u64 = 7200;
/// Why an SMS was not sent where the tenant's day is spent; staff see it, and may send it again tomorrow.
const BUDGET_SPENT: &str = "sms_per_day_spent";

/// What to hand over, and where.
enum Errand {
    Sms {
        to: String,
        message: SmsMessage,
    },
    Mail(Mail),
    /// Not to be sent any more, with the reason.
    Hopeless(&'static str),
}

/// How it ended.
enum Ending {
    Sent,
    Failed(String),
    Later(String, Option<i64>),
}

/// Delivers one SMS or mail.
///
/// # Errors
/// `Later` while the provider may yet take it.
pub async fn deliver(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let request = job.id.to_string();
    let tx = system_tx(app, job.tenant, &request, false).await?;
    let Deliver { delivery: id, counted } = job.payload(&tx)?;
    let Some(mut errand) = prepare(&tx, id).await? else { return Ok(Outcome::Done) };
    drop(tx);
    // Once a job: a provider that is asked again has not sent it before.
    if matches!(errand, Errand::Sms { .. }) && !counted && job.attempt == 1 && !count(app, job).await? {
        errand = Errand::Hopeless(BUDGET_SPENT);
    }
    let ending = send(app, errand, job.attempt).await;
    let tx = system_tx(app, job.tenant, &request, true).await?;
    let Some(mut row) = store::lock_delivery(&tx, Within::All, id).await?.filter(|row| row.state == "queued") else {
        return Ok(Outcome::Done);
    };
    row.attempts = row.attempts.saturating_add(1);
    metrics::counter!("zhidan_deliveries_total", "channel" => row.channel.clone(), "outcome" => label(&ending))
        .increment(1);
    let again = note(&tx, &mut row, ending)?;
    store::change_delivery(&tx, &row).await?;
    if again.is_none() {
        finish(&tx, job).await?;
    }
    tx.commit_bookkeeping().await?;
    match again {
        None => Ok(Outcome::Finished),
        Some((why, wait_s)) => Err(JobError::Later(why, wait_s)),
    }
}

/// Counts one SMS of the tenant's day; says whether it may be sent.
async fn count(app: &App, job: &Job) -> Result<bool> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if super::count_sms(&tx, app.config.sms_per_day).await?.is_some() {
        return Ok(false);
    }
    tx.commit_bookkeeping().await?;
    Ok(true)
}

/// Reads what is to be sent; `None` where it was sent or given up already.
async fn prepare(tx: &TenantTx, id: Uuid) -> Result<Option<Errand>> {
    let Some(row) = store::delivery(tx, id).await?.filter(|row| row.state == "queued") else { return Ok(None) };
    let opened =
        (tx.open(TO_PLACE, id, &row.to_sealed), tx.open_json::<Content>(CONTENT_PLACE, id, &row.content_sealed));
    let (Ok(to), Ok(content)) = opened else { return Ok(Some(Errand::Hopeless("content_unreadable"))) };
    if content.not_after.is_some_and(|end| end <= tx.now()) {
        return Ok(Some(Errand::Hopeless("expired_before_sending")));
    }
    if row.channel == "mail" {
        return Ok(Some(Errand::Mail(Mail { to, subject: content.title, text: content.text })));
    }
    let (settings, _) = tenants::settings::load(tx).await?;
    let kind = if row.event == "login_code" { "login_code" } else { "progress" };
    let message = SmsMessage {
        kind: kind.to_owned(),
        sign_name: Some(settings.sms_signature).filter(|name| !name.is_empty()),
        params: content.params,
        text: content.text,
    };
    Ok(Some(Errand::Sms { to, message }))
}

async fn send(app: &App, errand: Errand, attempt: i32) -> Ending {
    let sent = match errand {
        Errand::Sms { to, message } => app.sms.send(&to, &message).await,
        Errand::Mail(mail) => app.mailer.send(&mail).await,
        Errand::Hopeless(why) => return Ending::Failed(why.to_owned()),
    };
    let (why, after) = match sent {
        Ok(_) => return Ending::Sent,
        Err(SendError::Permanent { code, .. }) => return Ending::Failed(code),
        Err(SendError::RateLimited { code, after }) => (format!("rate_limited: {code}"), after),
        Err(SendError::Temporary { why, after, maybe_sent }) => {
            (if maybe_sent { format!("maybe_sent: {why}") } else { format!("temporary: {why}") }, after)
        }
    };
    if attempt >= ATTEMPTS_MAX {
        return Ending::Failed(why);
    }
    Ending::Later(why, after.map(seconds))
}

fn seconds(wait: Duration) -> i64 {
    i64::try_from(wait.as_secs().clamp(1, WAIT_S_MAX)).unwrap_or(1)
}

fn label(ending: &Ending) -> &'static str {
    match ending {
        Ending::Sent => "sent",
        Ending::Failed(_) => "failed",
        Ending::Later(..) => "later",
    }
}

/// Writes the ending into the row; gives back when to try again, if so.
fn note(tx: &TenantTx, row: &mut store::DeliveryRow, ending: Ending) -> Result<Option<(String, Option<i64>)>> {
    let (state, error, again) = match ending {
        Ending::Sent => ("sent", None, None),
        Ending::Failed(why) => ("failed", Some(why), None),
        Ending::Later(why, wait_s) => ("queued", Some(why.clone()), Some((why, wait_s))),
    };
    row.state = state.to_owned();
    row.error = error;
    row.ended_at = again.is_none().then(|| tx.now());
    let is_secret = super::events::find(&row.event).is_none_or(|event| event.vital);
    if row.state == "sent" && is_secret {
        // A code or link is of no use to anyone but the receiver, who has it now.
        let nothing = Content { title: String::new(), text: String::new(), params: vec![], not_after: None };
        row.content_sealed = tx.seal_json(CONTENT_PLACE, row.id, &nothing)?;
    }
    Ok(again)
}
