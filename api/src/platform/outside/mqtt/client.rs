//! One connection to a broker: it begins with a subscription and goes on with messages until either side ends it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

use super::packet::{self, Incoming, Message};
use super::settings::MqttSettings;
use crate::platform::outside::{Secret, scrub};

/// What the broker is told: it may take us for gone after half as long again.
const KEEP_ALIVE_S: u16 = 60;
/// How long we are silent before we ask whether it is there.
const SILENT_MAX: Duration = Duration::from_secs(20);
/// Questions without an answer after which it is gone.
const PINGS_MAX: u32 = 2;
/// Longest wait for anything that the broker has to do at once.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// What a broker says of a subscription that it refuses.
const REFUSED: u8 = 0x80;

/// Why a connection ended, or never began. It holds no password and nothing that was published.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MqttError(String);

impl MqttError {
    fn new(why: impl std::fmt::Display) -> Self {
        Self(scrub(&why.to_string()))
    }
}

type Result<T> = std::result::Result<T, MqttError>;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection.
pub struct Client {
    stream: Box<dyn Stream>,
    buffer: BytesMut,
    /// Bytes of a message that is too large that are still to come.
    skip: usize,
    sent: Instant,
    pings: u32,
    /// What came before the subscription was confirmed: the broker had kept it for us.
    early: VecDeque<Message>,
}

impl Client {
    /// Connects as `name`, whose session the broker keeps while we are away, and subscribes.
    ///
    /// # Errors
    /// If the broker cannot be reached, or refuses us or a subscription.
    pub async fn connect(settings: &MqttSettings, name: &str, filters: &[String]) -> Result<Self> {
        let opened = timeout(ANSWER_MAX, open(settings)).await.map_err(|_| MqttError::new("no answer"))?;
        let stream = opened.map_err(|cause| MqttError::new(format_args!("{cause:#}")))?;
        let mut client =
            Self { stream, buffer: BytesMut::new(), skip: 0, sent: Instant::now(), pings: 0, early: VecDeque::new() };
        let password = settings.password.as_ref().map(Secret::reveal);
        client.send(&packet::connect(name, KEEP_ALIVE_S, settings.username.as_deref(), password)).await?;
        match client.answer().await? {
            Incoming::Connected { code: 0 } => {}
            Incoming::Connected { code } => return Err(MqttError::new(format_args!("refused with code {code}"))),
            other => return Err(MqttError::new(format_args!("{other:?} in place of a welcome"))),
        }
        client.send(&packet::subscribe(filters)).await?;
        client.subscribed().await?;
        Ok(client)
    }

    /// Waits until the subscription is confirmed. What was kept for us may come before.
    async fn subscribed(&mut self) -> Result<()> {
        let until = Instant::now() + ANSWER_MAX;
        while Instant::now() < until {
            match self.answer().await? {
                Incoming::Subscribed { codes } if codes.contains(&REFUSED) => {
                    return Err(MqttError::new("a subscription was refused"));
                }
                Incoming::Subscribed { .. } => return Ok(()),
                Incoming::Published(message) => self.early.push_back(message),
                Incoming::Connected { .. } | Incoming::Pong => {}
            }
        }
        Err(MqttError::new("the subscription was not confirmed"))
    }

    /// What the broker says next, which it has to say at once.
    async fn answer(&mut self) -> Result<Incoming> {
        timeout(ANSWER_MAX, self.incoming()).await.map_err(|_| MqttError::new("no answer"))?
    }

    /// The next message. Waiting for it can be given up and begun again.
    ///
    /// # Errors
    /// If the connection ended.
    pub async fn next(&mut self) -> Result<Message> {
        if let Some(message) = self.early.pop_front() {
            return Ok(message);
        }
        loop {
            if self.sent.elapsed() >= SILENT_MAX {
                if self.pings >= PINGS_MAX {
                    return Err(MqttError::new("the broker is silent"));
                }
                self.pings += 1;
                self.send(&packet::ping()).await?;
            }
            let silent = SILENT_MAX.saturating_sub(self.sent.elapsed());
            match timeout(silent, self.incoming()).await {
                Ok(Ok(Incoming::Published(message))) => return Ok(message),
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => return Err(error),
            }
        }
    }

    /// Tells the broker that it can forget a message.
    ///
    /// # Errors
    /// If the connection ended; then the message comes again.
    pub async fn acknowledge(&mut self, message: &Message) -> Result<()> {
        match message.id {
            Some(id) => self.send(&packet::acknowledge(id)).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.sent = Instant::now();
        let sending = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(ANSWER_MAX, sending).await.map_err(|_| MqttError::new("nothing is taken"))?.map_err(MqttError::new)
    }

    /// The next packet. Given up while it waits, nothing is lost: what came is in the buffer.
    async fn incoming(&mut self) -> Result<Incoming> {
        loop {
            let skipped = self.skip.min(self.buffer.len());
            self.buffer.advance(skipped);
            self.skip -= skipped;
            if self.skip == 0
                && let Some(incoming) = packet::take(&mut self.buffer, &mut self.skip)
                    .map_err(|_| MqttError::new("the broker speaks another language"))?
            {
                return Ok(incoming);
            }
            if self.stream.read_buf(&mut self.buffer).await.map_err(MqttError::new)? == 0 {
                return Err(MqttError::new("the broker ended the connection"));
            }
            self.pings = 0;
        }
    }
}

async fn open(settings: &MqttSettings) -> anyhow::Result<Box<dyn Stream>> {
    let stream = TcpStream::connect((settings.host.as_str(), settings.port)).await.context("connecting")?;
    stream.set_nodelay(true).context("connecting")?;
    if !settings.tls {
        return Ok(Box::new(stream));
    }
    let mut roots = RootCertStore::empty();
    // those of the system, and those that SSL_CERT_FILE names: brokers often have an authority of their own
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(settings.host.clone()).context("the broker's name")?;
    Ok(Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await.context("TLS")?))
}
