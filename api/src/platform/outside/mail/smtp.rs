//! SMTP through a small pool: inviting a department is a burst, and most servers limit connections per client. The
//! library's pool limits only what it keeps idle, so a semaphore limits what is open.
use super::{Mail, MailTls, Mailer, ProviderReceipt, SendError, SettingProblem, SmtpSettings, compose};
use crate::platform::outside::Clock;
use crate::platform::outside::error::{provider_id, scrub};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{self, AsyncSmtpTransport, PoolConfig};
use lettre::{AsyncTransport, Tokio1Executor};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Most mails on their way at a time, and most connections kept idle.
const CONNECTIONS_MAX: u16 = 4;

/// The limits of one mail.
#[derive(Debug, Clone, Copy)]
pub struct MailLimits {
    /// Longest wait for the connection.
    pub connect_max: Duration,
    /// Longest wait for a turn, and longest exchange after that: the library sets no limit on a single reply.
    pub total_max: Duration,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self { connect_max: Duration::from_secs(5), total_max: Duration::from_secs(30) }
    }
}

/// The firm's mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    clock: Clock,
    turns: Semaphore,
    total_max: Duration,
}

impl Smtp {
    /// A mailer for this server; the first connection is made with the first mail.
    ///
    /// # Errors
    /// The setting that keeps it from starting.
    pub fn new(settings: &SmtpSettings, clock: Clock, limits: MailLimits) -> Result<Self, SettingProblem> {
        let parameters = || {
            TlsParameters::new(settings.host.clone())
                .map_err(|error| SettingProblem::new("mail.tls", error.to_string()))
        };
        let tls = match settings.tls {
            MailTls::None => Tls::None,
            MailTls::Starttls => Tls::Required(parameters()?),
            MailTls::Implicit => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(limits.connect_max))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS_MAX.into()));
        if !settings.username.is_empty() {
            let password = settings.password.reveal().to_owned();
            builder = builder.credentials(Credentials::new(settings.username.clone(), password));
        }
        let turns = Semaphore::new(CONNECTIONS_MAX.into());
        let (transport, from) = (builder.build(), settings.sender()?);
        Ok(Self { transport, from, clock, turns, total_max: limits.total_max })
    }
}

#[async_trait::async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<ProviderReceipt, SendError> {
        let (message, message_id) = compose::compose(mail, &self.from, &self.clock)?;
        let Ok(Ok(_turn)) = timeout(self.total_max, self.turns.acquire()).await else {
            return Err(SendError::not_sent("too many mails are waiting for the mail server"));
        };
        let Ok(reply) = timeout(self.total_max, self.transport.send(message)).await else {
            return Err(SendError::unclear("the mail server took too long"));
        };
        let reply = reply.map_err(|error| sorted(&error))?;
        // servers end the line with their queue's number: "2.0.0 Ok: queued as 4F1D2"
        let queued_as = reply.first_line().and_then(|line| line.split_whitespace().last()).unwrap_or_default();
        Ok(ProviderReceipt { provider: "smtp", message_id, request_id: provider_id(queued_as) })
    }
}

/// RFC 5321 4.2.1: 4yz may work later, 5yz will not. Either is a clear "not taken".
fn sorted(error: &smtp::Error) -> SendError {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let why = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    if error.is_permanent() {
        SendError::permanent(&format!("smtp_{code}"), &why)
    } else if error.is_transient() {
        SendError::Temporary { why: scrub(&why), after: None, maybe_sent: false }
    } else if error.is_client() {
        // the server offers no STARTTLS, or no way to log in that we know: a setting, not the weather
        SendError::permanent("smtp_not_supported", &why)
    } else if error.is_tls() || error.to_string().starts_with("Connection error") {
        SendError::not_sent(&why)
    } else {
        SendError::unclear(&why)
    }
}
