//! What every handler and job shares.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use moka::future::Cache;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::clients::Clients;
use crate::config::Config;
use crate::devices::{Buffer, Intake};
use crate::error::{Error, Result};
use crate::platform::access::{Revocations, Tokens};
use crate::platform::clock::Clock;
use crate::platform::db::{self, Db, PlatformTx};
use crate::platform::http::Throttle;
use crate::platform::keys::{self, TenantKeys};
use crate::platform::outside::captcha::{Captcha, Work};
use crate::platform::outside::guarded::Guarded;
use crate::platform::outside::mail::{self, Mailer};
use crate::platform::outside::sms::{self, SmsProvider};
use crate::platform::outside::storage::{EmbeddedS3, EmbeddedSettings, Storage};
use crate::platform::{private, rekey};

/// The product's state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What it is made of.
pub struct Parts {
    /// As it was told.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Access tokens.
    pub tokens: Tokens,
    /// What ended before its time.
    pub revocations: Revocations,
    /// How often an address may ask.
    pub throttle: Throttle,
    /// What clients of third parties ask and may ask.
    pub clients: Clients,
    /// What is remembered between messages of sockets.
    pub intake: Intake,
    /// The stream between the webhook and the tables, if there is one.
    pub buffer: Option<Buffer>,
    /// The time.
    pub clock: Clock,
    /// Calls addresses that tenants name.
    pub guarded: Guarded,
    /// Sends SMS.
    pub sms: Arc<dyn SmsProvider>,
    /// Sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// What is asked before an SMS is sent, where something is.
    pub captcha: Option<Arc<dyn Captcha>>,
    /// Documents.
    pub storage: Storage,
    /// The storage's own server, where files lie in the data folder.
    pub embedded_s3: Option<EmbeddedS3>,
    /// Rung when a job was enqueued here.
    pub jobs_wake: Notify,
    /// Set once this process is told to stop: it answers what comes, and says that no more should.
    pub stopping: AtomicBool,
    /// Passwords compared so far, whether or not there was an account: the suite proves by it that both cost the same.
    pub password_checks: AtomicU64,
    /// With the instant from which on they are to be read again.
    keys: Cache<Uuid, (Arc<TenantKeys>, DateTime<Utc>)>,
}

/// What carries messages to people.
pub struct Senders {
    /// SMS.
    pub sms: Arc<dyn SmsProvider>,
    /// Mail.
    pub mailer: Arc<dyn Mailer>,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

const KEYS_KEPT: u64 = 10_000;
const KEYS_LIFETIME: Duration = Duration::from_secs(keys::KEPT_S);
const KEYS_KEPT_FOR: chrono::Duration = chrono::Duration::seconds(keys::KEPT_S.cast_signed());

impl App {
    /// Opens everything that `config` names. The schema must be there already, and an unsafe PostgreSQL is refused.
    ///
    /// # Errors
    /// Whatever cannot be reached or is wrong.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let time = clock.clone();
        let outside: crate::platform::outside::Clock = Arc::new(move || time.now());
        let senders = Senders {
            sms: sms::connect(&config.sms, Arc::clone(&outside)).map_err(|e| anyhow::anyhow!("{e}"))?,
            mailer: mail::connect(&config.mail, outside).map_err(|e| anyhow::anyhow!("{e}"))?,
        };
        Self::open_with(config, clock, senders).await
    }

    /// The same with given senders, for tests that read what is sent.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(config: Config, clock: Clock, senders: Senders) -> anyhow::Result<Self> {
        let db = Db::connect(&config.database).await?;
        let (storage, embedded_s3) = open_storage(&config).await?;
        let buffer = match config.nats.clone() {
            Some(settings) => Some(Buffer::open(settings).await.context("the stream of readings")?),
            None => None,
        };
        // before anything is read: an unsafe database is refused for what makes it so
        db::refuse_if_unsafe(&db).await?;
        let tokens = Tokens::new(&config.master_key).context("access tokens")?;
        tokens.refresh(&db, &config.master_key, clock.now()).await.context("the keys of access tokens")?;
        Ok(Self(Arc::new(Parts {
            throttle: Throttle::new(config.rates),
            clients: Clients::default(),
            intake: Intake::new(config.telemetry),
            buffer,
            guarded: Guarded::new(config.callable.clone()),
            keys: Cache::builder().max_capacity(KEYS_KEPT).time_to_live(KEYS_LIFETIME).build(),
            revocations: Revocations::default(),
            jobs_wake: Notify::new(),
            stopping: AtomicBool::new(false),
            password_checks: AtomicU64::new(0),
            captcha: config.captcha_work.map(|most| Arc::new(Work::new(most)) as Arc<dyn Captcha>),
            sms: senders.sms,
            mailer: senders.mailer,
            storage,
            embedded_s3,
            config,
            db,
            tokens,
            clock,
        })))
    }

    /// The keys of a tenant; kept for a while, since unwrapping needs the database. By the product's own clock, since keys that are
    /// to come go by how long they are kept.
    ///
    /// # Errors
    /// `not_found` where there is no such tenant.
    pub async fn keys_of(&self, tenant: Uuid) -> Result<Arc<TenantKeys>> {
        let now = self.clock.now();
        if let Some((keys, until)) = self.keys.get(&tenant).await
            && now < until
        {
            return Ok(keys);
        }
        let tx = PlatformTx::read(&self.db).await?;
        let row = tx.tenant(tenant).await?.ok_or_else(Error::not_found)?;
        let stored = rekey::stored(&tx, &row).await?;
        tx.commit().await?;
        let sealing = stored.sealing(now);
        let keys = Arc::new(self.config.master_key.unwrap_keys(tenant, &stored, sealing)?);
        // no longer than to the instant at which another one seals
        let until = stored.next_sealing(now).map_or(now + KEYS_KEPT_FOR, |next| next.min(now + KEYS_KEPT_FOR));
        self.keys.insert(tenant, (Arc::clone(&keys), until)).await;
        Ok(keys)
    }
}

/// The settings' S3 server, or files in the data folder under keys that follow from the master key.
pub(crate) async fn open_storage(config: &Config) -> anyhow::Result<(Storage, Option<EmbeddedS3>)> {
    if let Some(settings) = &config.s3 {
        return Ok((Storage::remote(settings.clone()).context("object storage")?, None));
    }
    let access_key = format!("zhidan{}", hex::encode(&config.master_key.derive("s3-access-key")?[..8]));
    let secret_key = hex::encode(config.master_key.derive("s3-secret-key")?);
    let mut settings = EmbeddedSettings::new(config.data_dir.join("files"), &config.public_url, access_key, secret_key);
    settings.object_bytes_max = config.document_bytes_max;
    private::folder(&config.data_dir).context("the data folder")?;
    let (storage, server) = Storage::embedded(settings).await.context("the data folder's files")?;
    Ok((storage, Some(server)))
}
