//! What is spent is removed, once a day and tenant: codes, links, log-ins and keys that no longer work, and what they hold
//! of people. How long each is kept, and why, stands where it is used; append-only tables are not touched.

use crate::app::App;
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::http;
use crate::platform::jobs::{self, Job, JobError, Outcome};
use crate::{clients, devices, documents, people, privacy, webhooks};

/// The kind of job that removes what is spent.
pub const PURGE: &str = "platform.purge";
/// Rows of one transaction: SQLite has one writer, and others wait no longer than this takes.
const BATCH_ROWS: u64 = 500;
/// Batches of one kind in one job, so that a job ends well within its lease; what is left is a job of its own.
const BATCHES_MAX: u32 = 20;

#[derive(Clone, Copy)]
enum Spent {
    Codes,
    CaptchaProofs,
    Links,
    Sessions,
    Revocations,
    Keys,
    Jobs,
    FileNames,
    Readings,
    ReadingsInFull,
    Quarantine,
    WebhookDeliveries,
    WebhookMessages,
    WebhookEndpoints,
    WebhookSecrets,
    ClientRequests,
    ClientDays,
    ClientProofs,
    Drafts,
    Deliveries,
    Inbox,
    Exports,
    Blocked,
}

impl Spent {
    const ALL: [Self; 23] = [
        Self::Codes,
        Self::CaptchaProofs,
        Self::Links,
        Self::Sessions,
        Self::Revocations,
        Self::Keys,
        Self::Jobs,
        Self::FileNames,
        Self::Readings,
        Self::ReadingsInFull,
        Self::Quarantine,
        // in this order: each hangs on those before it
        Self::WebhookDeliveries,
        Self::WebhookMessages,
        Self::WebhookEndpoints,
        Self::WebhookSecrets,
        Self::ClientRequests,
        Self::ClientDays,
        Self::ClientProofs,
        Self::Drafts,
        Self::Deliveries,
        Self::Inbox,
        Self::Exports,
        Self::Blocked,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Codes => "sms_codes",
            Self::CaptchaProofs => "captcha_proofs",
            Self::Links => "one_time_links",
            Self::Sessions => "sessions",
            Self::Revocations => "revocations",
            Self::Keys => "idempotency_keys",
            Self::Jobs => "jobs",
            Self::FileNames => "documents",
            Self::Readings => "readings",
            Self::ReadingsInFull => "readings_in_full",
            Self::Quarantine => "quarantined_readings",
            Self::WebhookDeliveries => "webhook_deliveries",
            Self::WebhookMessages => "webhook_messages",
            Self::WebhookEndpoints => "webhook_endpoints",
            Self::WebhookSecrets => "webhook_secrets",
            Self::ClientRequests => "client_requests",
            Self::ClientDays => "client_days",
            Self::ClientProofs => "client_assertions",
            Self::Drafts => "drafts",
            Self::Deliveries => "deliveries",
            Self::Inbox => "inbox_messages",
            Self::Exports => "data_exports",
            Self::Blocked => "blocked",
        }
    }

    async fn remove(self, app: &App, tx: &TenantTx) -> Result<u64> {
        match self {
            Self::Codes => people::purge_codes(tx, BATCH_ROWS).await,
            Self::CaptchaProofs => people::purge_captcha_proofs(tx, BATCH_ROWS).await,
            Self::Links => people::purge_links(tx, BATCH_ROWS).await,
            Self::Sessions => people::purge_sessions(tx, BATCH_ROWS).await,
            Self::Revocations => people::purge_revocations(tx, BATCH_ROWS).await,
            Self::Keys => http::purge_keys(tx, BATCH_ROWS).await,
            Self::Jobs => jobs::purge(tx, BATCH_ROWS).await,
            Self::FileNames => documents::purge_names(tx, BATCH_ROWS).await,
            Self::Readings => {
                devices::purge_readings(tx, app.config.telemetry.removed_before(tx.now()), BATCH_ROWS).await
            }
            Self::ReadingsInFull => thin_out(app, tx).await,
            Self::Quarantine => devices::purge_quarantine(tx, BATCH_ROWS).await,
            Self::WebhookDeliveries => webhooks::purge_deliveries(tx, BATCH_ROWS).await,
            Self::WebhookMessages => webhooks::purge_messages(tx, BATCH_ROWS).await,
            Self::WebhookEndpoints => webhooks::purge_endpoints(tx, BATCH_ROWS).await,
            Self::WebhookSecrets => webhooks::purge_secrets(tx).await,
            Self::ClientRequests => clients::purge_requests(tx, BATCH_ROWS).await,
            Self::ClientDays => clients::purge_days(tx, BATCH_ROWS).await,
            Self::ClientProofs => clients::purge_proofs(tx, BATCH_ROWS).await,
            Self::Drafts => privacy::purge_drafts(tx, BATCH_ROWS).await,
            Self::Deliveries => privacy::purge_deliveries(tx, BATCH_ROWS).await,
            Self::Inbox => privacy::purge_inbox(tx, BATCH_ROWS).await,
            Self::Exports => privacy::purge_exports(tx, BATCH_ROWS).await,
            Self::Blocked => privacy::purge_blocked(tx).await,
        }
    }
}

/// Removes what is spent of the job's tenant, batch by batch.
///
/// # Errors
/// Later, if the database fails; the batches so far stay removed.
pub async fn purge(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let (mut all_gone, mut failed) = (true, None);
    for spent in Spent::ALL {
        // one kind that cannot be removed now does not keep the others
        match remove(app, job, spent).await {
            Ok(gone) => all_gone &= gone,
            Err(error) => failed = Some(error),
        }
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if !all_gone {
        jobs::enqueue(&tx, PURGE, &()).await?;
    }
    jobs::finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

/// Removes one kind; says whether nothing of it is left.
async fn remove(app: &App, job: &Job, spent: Spent) -> Result<bool> {
    for _ in 0..BATCHES_MAX {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
        let gone = spent.remove(app, &tx).await?;
        tx.commit_bookkeeping().await?;
        metrics::counter!("zhidan_purged_rows_total", "table" => spent.label()).increment(gone);
        if gone < BATCH_ROWS {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Thins out a day of a socket, which is a batch by itself.
async fn thin_out(app: &App, tx: &TenantTx) -> Result<u64> {
    let telemetry = &app.config.telemetry;
    let Some(minutes) = telemetry.thin_minutes else { return Ok(0) };
    let more = devices::thin_readings(tx, telemetry.thinned_before(tx.now()), minutes).await?;
    Ok(if more { BATCH_ROWS } else { 0 })
}
