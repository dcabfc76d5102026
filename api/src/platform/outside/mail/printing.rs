//! On a developer's own machine there is no mail server: the one-time link appears in the log instead, on loopback only.
use super::{Mail, Mailer, ProviderReceipt, SendError, compose, mask_address};

/// Writes each mail out and keeps nothing.
pub struct PrintingMailer {
    write: Box<dyn Fn(&str) + Send + Sync>,
}

impl PrintingMailer {
    /// Into the server's log, at level `info`, target `zhidan::mail`.
    #[must_use]
    pub fn to_log() -> Self {
        Self::to(|line| tracing::info!(target: "zhidan::mail", "{line}"))
    }

    /// Into any sink that takes lines.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { write: Box::new(write) }
    }
}

#[async_trait::async_trait]
impl Mailer for PrintingMailer {
    async fn send(&self, mail: &Mail) -> Result<ProviderReceipt, SendError> {
        compose::check(mail)?;
        (self.write)(&format!("Mail to {}: {}\n{}", mask_address(&mail.to), mail.subject, mail.text));
        Ok(ProviderReceipt { provider: "printing", message_id: String::new(), request_id: String::new() })
    }
}
