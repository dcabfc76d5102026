//! On a developer's own machine there is no operator: the log-in code appears in the log instead. The settings allow
//! this on loopback only, because whoever reads the log could log in as anyone.
use super::{ProviderReceipt, SendError, SmsMessage, SmsProvider, mask_phone, phone};

/// Writes each message out and keeps nothing.
pub struct Printing {
    write: Box<dyn Fn(&str) + Send + Sync>,
}

impl Printing {
    /// Into the server's log, at level `info`, target `zhidan::sms`.
    #[must_use]
    pub fn to_log() -> Self {
        Self::to(|line| tracing::info!(target: "zhidan::sms", "{line}"))
    }

    /// Into any sink that takes lines.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { write: Box::new(write) }
    }
}

#[async_trait::async_trait]
impl SmsProvider for Printing {
    async fn send(&self, to: &str, message: &SmsMessage) -> Result<ProviderReceipt, SendError> {
        phone::check(to)?;
        let sign = message.sign_name.as_ref().map_or_else(String::new, |name| format!("【{name}】"));
        (self.write)(&format!("SMS to {}: {sign}{}", mask_phone(to), message.text));
        Ok(ProviderReceipt { provider: "printing", message_id: String::new(), request_id: String::new() })
    }
}
