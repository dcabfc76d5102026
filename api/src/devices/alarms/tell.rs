//! Who is told of an alarm: its owner in the product and by SMS, the officer by mail, an address of the firm's by a call. Once,
//! not while it is muted, and not more often than the rule allows.

use chrono::{DateTime, Duration, Utc};
use domain::devices::alarms::{Message, Rule, Way, message, owners_message};
use domain::id::{Id, kind};
use domain::time::TenantZone;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::owners::{self, Whole};
use super::store::{self, AlarmRow};
use super::view::AlarmView;
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Error, Language, Result};
use crate::messages::{self, Notice};
use crate::people;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, enqueue_at, finish};
use crate::platform::outside::SendError;

/// The kind of job that tells people of an alarm.
pub const TELL: &str = "devices.alarm";
/// The kind of job that calls an address of the firm's.
pub const CALL: &str = "devices.alarm_call";
/// When is looked again for room among the hour's messages, minutes.
const AGAIN_MIN: i64 = 10;

/// What an address is called with.
#[derive(Serialize, Deserialize)]
struct Call {
    rule: Uuid,
    body: String,
}

/// Has people told of an alarm once this transaction has committed.
pub(super) async fn soon(tx: &TenantTx, alarm: Uuid) -> Result<()> {
    enqueue(tx, TELL, &alarm).await.map(|_| ())
}

/// Tells people of an alarm, or looks again later.
///
/// # Errors
/// Later, if the database fails.
pub async fn tell_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let alarm: Uuid = job.payload(&tx)?;
    if let Some(again) = tell(&tx, alarm).await? {
        enqueue_at(&tx, TELL, &alarm, again).await?;
    }
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}

/// Tells people, or says when to look again. The firm is told once. Whether its owner is hangs also on what the owner did: who
/// has seen it is told nothing more, and who wants quiet is told when that is over, by this job once more.
async fn tell(tx: &TenantTx, id: Uuid) -> Result<Option<DateTime<Utc>>> {
    let Some(row) = owners::lock(tx, id).await? else { return Ok(None) };
    let Some(rule_row) = store::rule(tx, row.firms.rule_id).await? else { return Ok(None) };
    let rule: Rule = serde_json::from_value(rule_row.body.clone())?;
    let now = tx.now();
    let sent = store::told_since(tx, row.firms.rule_id, row.firms.equipment_id, now - Duration::hours(1)).await?;
    let (alarm, owners) = (row.of_firm(), row.of_owner());
    let to_firm = message(&rule, &alarm, row.firms.told_at.is_some(), &sent, now);
    let to_owner = owners_message(&rule, &alarm, &owners, &sent, now);
    let says = |way: &Way| if way.is_owners() { to_owner } else { to_firm };
    let ways: Vec<Way> = rule.ways.iter().copied().filter(|way| says(way) == Message::Send).collect();
    // when both have an end to their quiet, the later one
    let quiet = alarm.muted_until.max(owners.muted_until);
    let again = rule.ways.iter().filter_map(|way| match (says(way), way.is_owners()) {
        (Message::Muted, true) => quiet,
        (Message::Muted, false) => alarm.muted_until,
        (Message::Limited, _) => Some(now + Duration::minutes(AGAIN_MIN)),
        (Message::Send | Message::Done, _) => None,
    });
    let again = again.min();
    if !ways.is_empty() {
        send(tx, &row, &ways).await?;
        if row.firms.told_at.is_none() {
            // the version stays: that somebody was told is nothing that whoever acknowledges it must have seen first
            store::save_alarm(tx, AlarmRow { told_at: Some(now), ..row.firms }).await?;
        }
    }
    Ok(again)
}

/// Tells people of an alarm in some ways; who was told of it before in one of them is not told again.
async fn send(tx: &TenantTx, alarm: &Whole, ways: &[Way]) -> Result<()> {
    let row = &alarm.firms;
    let machine = equipment::store::get(tx, row.equipment_id).await?.ok_or_else(Error::not_found)?;
    let view = AlarmView::of(alarm, Language::Zh)?;
    let zone = TenantZone::default().offset();
    let when = zone.map_or_else(
        || row.raised_at.to_string(),
        |zone| row.raised_at.with_timezone(&zone).format("%m月%d日%H:%M").to_string(),
    );
    let notice = Notice {
        event: "alarm_raised",
        dedupe_key: row.id.simple().to_string(),
        application: None,
        values: vec![
            ("number", machine.number.clone()),
            ("machine", machine.name.clone()),
            ("alarm", view.alarm.kind_label.clone()),
            ("time", when),
        ],
    };
    for way in ways {
        match (way, machine.applicant_id, machine.officer_id) {
            (Way::InApp, Some(owner), _) => messages::put_in_inbox(tx, owner, &notice).await?,
            (Way::Sms, Some(owner), _) => {
                if let Some(phone) = people::applicant_phone(tx, owner).await? {
                    messages::send_sms(tx, &phone, &notice).await?;
                }
            }
            (Way::Mail, _, Some(officer)) => {
                if let Some(address) = people::staff_email(tx, officer).await? {
                    messages::send_mail(tx, &address, &notice).await?;
                }
            }
            (Way::Url, ..) => call_soon(tx, row, &view).await?,
            (Way::InApp | Way::Sms | Way::Mail, ..) => {}
        }
    }
    Ok(())
}

async fn call_soon(tx: &TenantTx, row: &AlarmRow, view: &AlarmView) -> Result<()> {
    let equipment = Id::<kind::Equipment>::from_uuid(row.equipment_id).to_string();
    let body = serde_json::json!({ "type": "alarm.raised", "equipment": equipment, "alarm": view });
    enqueue(tx, CALL, &Call { rule: row.rule_id, body: body.to_string() }).await.map(|_| ())
}

/// Calls an address of the firm's; tried again if it does not answer.
///
/// # Errors
/// Later where it may work later, dead where it never will.
pub async fn call_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let call: Call = job.payload(&tx)?;
    // as the rule is now: an address that was corrected meanwhile is not called any more
    let rule_row = store::rule(&tx, call.rule).await?;
    drop(tx);
    let Some(url) = rule_row.and_then(|row| row.url) else { return Ok(Outcome::Done) };
    let again = |why: String| JobError::Later(why, None);
    match app.guarded.post(&url, HeaderMap::new(), call.body.into_bytes()).await {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(Outcome::Done),
        Ok(answer) if matches!(answer.status, 400..=499) && answer.status != 429 => {
            Err(JobError::Dead(format!("the address answered {}", answer.status)))
        }
        Ok(answer) => Err(again(format!("the address answered {}", answer.status))),
        Err(SendError::Permanent { code, why }) => Err(JobError::Dead(format!("{code}: {why}"))),
        Err(error) => Err(again(error.to_string())),
    }
}
