//! The connection, made again for ever when it breaks, and the stream behind it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_nats::jetstream::Context;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::context::{ContextBuilder, PublishErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream};
use async_nats::{Client, ConnectOptions, Event};
use bytes::Bytes;
use futures_util::TryStreamExt;
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use super::pull::Pull;
use super::room::{Admission, Admitted, Room};
use super::{NatsError, Result, StreamSettings};
use crate::platform::outside::Secret;

/// Longest that whoever hands a message over waits for the connection, and then for the stream's word that it is kept:
/// platforms that want an answer within two seconds get one.
const KEPT_WAIT_MAX: Duration = Duration::from_secs(1);
/// How long one try to connect may take.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);
/// How soon a server that has gone without a word is missed.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Waits before a connection is tried again.
const AGAIN_MIN_MS: u64 = 50;
const AGAIN_MAX_MS: u64 = 2_000;
/// Messages that the workers of one partition may have in hand together. Each of them is only known to be there until it is
/// its turn, so that many are cheap; were they few, those of one tenant could be all of them.
const IN_HAND_MAX: i64 = 100_000;
/// Names of consumers: this and the partition's number.
const CONSUMER: &str = "readings-";
/// Most looks at the room in the stream for one message: others may use up what one look has found.
const LOOKS_MAX: usize = 3;

/// Why a message is not kept.
#[derive(Debug)]
pub enum Refused {
    /// It is larger than the server takes.
    TooLarge,
    /// Of its tenant as much lies there as may.
    TenantFull,
    /// As much lies there as may, or the server is not to be reached, or did not answer in time.
    Away(NatsError),
}

/// One stream of one cluster.
pub struct Nats {
    settings: StreamSettings,
    room: Room,
    /// Whether the stream is known to be there.
    made: AtomicBool,
    client: Client,
    /// Asks for what may take a while.
    manager: Context,
    /// Asks for what somebody waits for.
    publisher: Context,
    connected: watch::Receiver<bool>,
}

impl Nats {
    /// Begins to connect, and goes on with it until it succeeds. It lives as long as the runtime that it is opened on.
    ///
    /// # Errors
    /// If the servers' addresses are none.
    pub async fn open(settings: StreamSettings) -> Result<Self> {
        let (tell, connected) = watch::channel(false);
        let client = options(&settings, tell).connect(settings.servers.addresses.clone());
        let client = client.await.map_err(NatsError::new)?;
        let manager = async_nats::jetstream::new(client.clone());
        let publisher = ContextBuilder::new().timeout(KEPT_WAIT_MAX).build(client.clone());
        let room = Room::new(settings.tenant_messages_max, settings.bytes_max);
        Ok(Self { settings, room, made: AtomicBool::new(false), client, manager, publisher, connected })
    }

    /// What it was told.
    pub fn settings(&self) -> &StreamSettings {
        &self.settings
    }

    /// Which partition a tenant's messages are in.
    pub fn partition_of(&self, tenant: Uuid) -> u64 {
        // the random end of the id
        tenant.as_u64_pair().1 % self.settings.partitions.max(1)
    }

    /// Puts a message of a tenant into the stream; what this has said is on the server's disk.
    ///
    /// # Errors
    /// [`Refused`]; the message may be there all the same where the answer alone was lost.
    pub async fn keep(&self, tenant: Uuid, message: Bytes) -> std::result::Result<(), Refused> {
        self.connected(KEPT_WAIT_MAX).await.map_err(Refused::Away)?;
        if message.len() > self.client.max_payload() {
            return Err(Refused::TooLarge);
        }
        self.make().await.map_err(Refused::Away)?;
        let subject = format!("{}.{}.{}", self.settings.name, self.partition_of(tenant), tenant.simple());
        let _admitted = self.admitted(tenant, &subject, message.len() as u64).await?;
        let kept = async { self.publisher.publish(subject, message).await?.await };
        let Err(error) = kept.await else { return Ok(()) };
        if error.kind() == PublishErrorKind::StreamNotFound {
            self.made.store(false, Ordering::Relaxed);
        }
        Err(Refused::Away(NatsError::new(&error)))
    }

    /// Whether there is room; looks how much lies there where that is not known.
    async fn admitted(&self, tenant: Uuid, subject: &str, bytes: u64) -> std::result::Result<Admitted<'_>, Refused> {
        for _ in 0..LOOKS_MAX {
            match self.room.admit(tenant, bytes, Instant::now()) {
                Admission::Admitted(admitted) => return Ok(admitted),
                Admission::TenantFull => return Err(Refused::TenantFull),
                Admission::Full => break,
                Admission::Look(look) => {
                    let (messages, bytes) = self.lies_there(subject).await.map_err(Refused::Away)?;
                    self.room.looked(tenant, &look, messages, bytes, Instant::now());
                }
            }
        }
        Err(Refused::Away(NatsError::new("as much lies in the stream as may")))
    }

    /// How many messages lie under a subject, and how many bytes in all.
    async fn lies_there(&self, subject: &str) -> Result<(u64, u64)> {
        let stream = self.publisher.get_stream_no_info(&self.settings.name).await.map_err(NatsError::new)?;
        let mut found = stream.info_with_subjects(subject).await.map_err(|cause| {
            // it may have been removed: made anew next time
            self.made.store(false, Ordering::Relaxed);
            NatsError::new(cause)
        })?;
        let bytes = found.info.state.bytes;
        let of_subject = found.try_next().await.map_err(NatsError::new)?;
        Ok((of_subject.map_or(0, |(_, messages)| messages as u64), bytes))
    }

    /// The messages of a partition, through the consumer that all share who work on it.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn pull(&self, partition: u64) -> Result<Pull> {
        let stream = self.stream().await?;
        let consumer = pull::Config {
            durable_name: Some(format!("{CONSUMER}{partition}")),
            filter_subject: format!("{}.{partition}.*", self.settings.name),
            ack_policy: AckPolicy::Explicit,
            ack_wait: self.settings.ack_wait,
            max_ack_pending: IN_HAND_MAX,
            // bodies are asked for one by one: what waits for its turn takes no memory here
            headers_only: true,
            ..pull::Config::default()
        };
        let consumer = stream.create_consumer(consumer).await.map_err(NatsError::new)?;
        Pull::open(self.client.clone(), stream, consumer).await
    }

    /// The partitions that there are: as many as are set, and those that others have, or had: with a consumer, or with
    /// something in them.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn partitions(&self) -> Result<BTreeSet<u64>> {
        self.connected(CONNECT_WAIT_MAX).await?;
        // this is asked often, and does not make the stream what the settings of another process say that it is not
        self.make().await?;
        let stream = self.manager.get_stream(&self.settings.name).await.map_err(|cause| {
            self.made.store(false, Ordering::Relaxed);
            NatsError::new(cause)
        })?;
        let mut all: BTreeSet<u64> = (0..self.settings.partitions).collect();
        let names: Vec<String> = stream.consumer_names().try_collect().await.map_err(NatsError::new)?;
        all.extend(names.iter().filter_map(|name| name.strip_prefix(CONSUMER)?.parse::<u64>().ok()));
        let mut subjects = stream.info_with_subjects(">").await.map_err(NatsError::new)?;
        while let Some((subject, _)) = subjects.try_next().await.map_err(NatsError::new)? {
            all.extend(self.partition_named(&subject));
        }
        Ok(all)
    }

    /// The partition that a subject is in.
    fn partition_named(&self, subject: &str) -> Option<u64> {
        let (partition, _) = subject.strip_prefix(&self.settings.name)?.strip_prefix('.')?.split_once('.')?;
        partition.parse().ok()
    }

    async fn stream(&self) -> Result<Stream> {
        self.connected(CONNECT_WAIT_MAX).await?;
        // not believed to be there: somebody may have removed it since
        self.made.store(false, Ordering::Relaxed);
        self.make().await?;
        self.manager.get_stream(&self.settings.name).await.map_err(NatsError::new)
    }

    /// Makes the stream, or makes it what the settings say.
    async fn make(&self) -> Result<()> {
        if self.made.load(Ordering::Relaxed) {
            return Ok(());
        }
        let settings = &self.settings;
        let config = Config {
            name: settings.name.clone(),
            description: Some("readings of sockets on their way into the tables".to_owned()),
            subjects: vec![format!("{}.*.*", settings.name)],
            // a message is there until it is acknowledged, however long that takes
            retention: RetentionPolicy::WorkQueue,
            storage: StorageType::File,
            // no limits here, by which the server would remove messages when it starts: see `room`
            discard: DiscardPolicy::New,
            num_replicas: settings.replicas,
            allow_direct: true,
            ..Config::default()
        };
        self.manager.create_or_update_stream(config).await.map_err(NatsError::new)?;
        self.made.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Waits until the connection stands.
    async fn connected(&self, wait_max: Duration) -> Result<()> {
        let mut connected = self.connected.clone();
        let stands = timeout(wait_max, connected.wait_for(|connected| *connected)).await;
        stands.map_err(|_| NatsError::new("not connected"))?.map_err(|_| NatsError::new("closed"))?;
        Ok(())
    }
}

/// How to connect, and to whom to tell whether we are.
fn options(settings: &StreamSettings, tell: watch::Sender<bool>) -> ConnectOptions {
    let options = ConnectOptions::new()
        .name(format!("zhidan {}", settings.name))
        .retry_on_initial_connect()
        .max_reconnects(None)
        .connection_timeout(CONNECT_WAIT_MAX)
        .ping_interval(PING_EVERY)
        .reconnect_delay_callback(|attempts| {
            let doubled = AGAIN_MIN_MS.saturating_mul(1 << attempts.min(10));
            Duration::from_millis(if attempts <= 1 { 0 } else { doubled.min(AGAIN_MAX_MS) })
        })
        .event_callback(move |event| {
            match event {
                Event::Connected => drop(tell.send_replace(true)),
                Event::Disconnected | Event::Closed => drop(tell.send_replace(false)),
                other => tracing::debug!(event = %other, "the stream's server says something"),
            }
            std::future::ready(())
        });
    let servers = &settings.servers;
    match (&servers.username, servers.password.as_ref().map(Secret::reveal)) {
        (Some(name), Some(password)) => options.user_and_password(name.clone(), password.to_owned()),
        (None, Some(token)) => options.token(token.to_owned()),
        _ => options,
    }
}
