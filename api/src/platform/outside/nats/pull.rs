//! What lies in one partition, as a worker meets it: first only that it is there and whose it is, its body when it is asked
//! for. It is gone when it was acknowledged, and not before.

use std::time::Duration;

use async_nats::jetstream::consumer::{PullConsumer, pull};
use async_nats::jetstream::message::{AckKind, Message};
use async_nats::jetstream::stream::{DeleteMessageErrorKind, DirectGetErrorKind, RawMessageErrorKind, Stream};
use async_nats::{Client, Request, Subject};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};

use super::{NatsError, Result};

/// Messages that are announced with one question; half of them before the next is asked.
const ANNOUNCED_MAX: usize = 256;
/// How often the server says that it is there while nothing comes.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How long a question holds.
const EXPIRES: Duration = Duration::from_secs(30);
/// Longest wait for the server's word that it has heard an acknowledgement.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// The messages of a partition.
pub struct Pull {
    hand: Hand,
    messages: pull::Stream,
}

/// A message that waits.
pub struct Waiting {
    /// Its number in the stream.
    pub sequence: u64,
    /// How often it was handed out, this time included.
    pub delivered: u32,
    message: Message,
}

/// What a message says.
pub enum Body {
    /// This.
    Here(Bytes),
    /// The server does not have it, or says so: mostly somebody else has taken it in.
    Gone,
}

impl Pull {
    pub(super) async fn open(client: Client, stream: Stream, consumer: PullConsumer) -> Result<Self> {
        let asked = consumer.stream().max_messages_per_batch(ANNOUNCED_MAX).heartbeat(HEARTBEAT).expires(EXPIRES);
        let messages = asked.messages().await.map_err(NatsError::new)?;
        Ok(Self { hand: Hand { client, stream, consumer }, messages })
    }

    /// The next message that nobody has in hand. Waiting for it can be given up and begun again.
    ///
    /// # Errors
    /// If the server is not heard any longer, or the consumer is gone.
    pub async fn next(&mut self) -> Result<Waiting> {
        let message = self.messages.next().await.ok_or_else(|| NatsError::new("the consumer ended"))?;
        let message = message.map_err(NatsError::new)?;
        let info = message.info().map_err(NatsError::new)?;
        let (sequence, delivered) = (info.stream_sequence, u32::try_from(info.delivered).unwrap_or(u32::MAX));
        Ok(Waiting { sequence, delivered, message })
    }

    /// What else is asked of the partition while its next message is waited for.
    pub fn hand(&self) -> Hand {
        self.hand.clone()
    }
}

/// Reads and acknowledges.
#[derive(Clone)]
pub struct Hand {
    client: Client,
    stream: Stream,
    consumer: PullConsumer,
}

/// How far a consumer is.
pub struct Progress {
    /// Everything up to this number was acknowledged to it.
    pub settled: u64,
    /// It has announced everything up to this number, or passed it over.
    pub announced: u64,
    /// Under which something of its partition lies.
    pub subjects: Vec<String>,
}

/// A message as it lies in the stream.
pub struct Lying {
    /// Its number in the stream.
    pub sequence: u64,
    /// What it says.
    pub body: Bytes,
    subject: Subject,
}

impl Lying {
    /// Whose it is: the last part of its subject.
    pub fn tenant(&self) -> &str {
        self.subject.rsplit('.').next().unwrap_or_default()
    }
}

impl Hand {
    /// What a message says.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn body(&self, waiting: &Waiting) -> Result<Body> {
        match self.stream.direct_get(waiting.sequence).await {
            Ok(message) => return Ok(Body::Here(message.payload)),
            Err(error) if error.kind() == DirectGetErrorKind::NotFound => {}
            Err(error) => return Err(NatsError::new(error)),
        }
        // the copy that answered may be behind; the one that leads is not
        match self.stream.get_raw_message(waiting.sequence).await {
            Ok(message) => Ok(Body::Here(message.payload)),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(Body::Gone),
            Err(error) => Err(NatsError::new(error)),
        }
    }

    /// How far the consumer is, and the subjects of its partition under which something lies.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn progress(&self) -> Result<Progress> {
        let info = self.consumer.get_info().await.map_err(NatsError::new)?;
        let partition = info.config.filter_subject.trim_end_matches('*');
        let mut progress = Progress {
            settled: info.ack_floor.stream_sequence,
            announced: info.delivered.stream_sequence,
            subjects: vec![],
        };
        // not by the partition's own filter: that may not find what the consumer has passed over
        let mut subjects = self.stream.info_with_subjects(">").await.map_err(NatsError::new)?;
        while let Some((subject, _)) = subjects.try_next().await.map_err(NatsError::new)? {
            if subject.starts_with(partition) {
                progress.subjects.push(subject);
            }
        }
        Ok(progress)
    }

    /// The oldest message under a subject.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn oldest(&self, subject: &str) -> Result<Option<Lying>> {
        match self.stream.get_first_raw_message_by_subject(subject, 1).await {
            Ok(first) => Ok(Some(Lying { sequence: first.sequence, body: first.payload, subject: first.subject })),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(NatsError::new(error)),
        }
    }

    /// Removes a message that no consumer can acknowledge; one that is gone already is no fault.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn remove(&self, lying: &Lying) -> Result<()> {
        match self.stream.delete_message(lying.sequence).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(error.kind(), DeleteMessageErrorKind::JetStream(_)) => Ok(()),
            Err(error) => Err(NatsError::new(error)),
        }
    }

    /// Lets the stream forget a message; when this returns well, it has.
    ///
    /// # Errors
    /// If the server does not answer; then the message comes again.
    pub async fn done(&self, waiting: &Waiting) -> Result<()> {
        let Some(reply) = waiting.message.reply.clone() else { return Ok(()) };
        let request = Request::new().payload(AckKind::Ack.into()).timeout(Some(ANSWER_MAX));
        self.client.send_request(reply, request).await.map(drop).map_err(NatsError::new)
    }
}

impl Waiting {
    /// Whose it is: the last part of its subject.
    pub fn tenant(&self) -> &str {
        self.message.subject.rsplit('.').next().unwrap_or_default()
    }

    /// Says that it is still in hand. Where that is not heard the message goes to another, which does no harm.
    pub async fn hold(&self) {
        let _ = self.message.ack_with(AckKind::Progress).await;
    }

    /// Gives it back, to come again after a while. Where that is not heard it comes after the usual wait.
    pub async fn again(&self, after: Option<Duration>) {
        let _ = self.message.ack_with(AckKind::Nak(after)).await;
    }
}
