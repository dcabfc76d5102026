//! Tests read what would have been sent, and choose what goes wrong; only a test builds one.
use super::{ProviderReceipt, SendError, SmsMessage, SmsProvider, phone};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps every message in memory, number and all, and fails on demand.
#[derive(Default)]
pub struct Recording {
    sent: Mutex<Vec<(String, SmsMessage)>>,
    failures: Mutex<VecDeque<SendError>>,
}

impl Recording {
    /// Nothing sent, nothing to fail.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next call fails with this; several queue up.
    pub fn fail_next(&self, error: SendError) {
        held(&self.failures).push_back(error);
    }

    /// All that was taken so far, oldest first: number and message.
    #[must_use]
    pub fn sent(&self) -> Vec<(String, SmsMessage)> {
        held(&self.sent).clone()
    }

    /// The latest message to this number.
    #[must_use]
    pub fn last_to(&self, phone: &str) -> Option<SmsMessage> {
        held(&self.sent).iter().rev().find(|(to, _)| to == phone).map(|(_, message)| message.clone())
    }
}

/// A panic in one test's task must not hide the record from the assertion that explains it.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait::async_trait]
impl SmsProvider for Recording {
    async fn send(&self, to: &str, message: &SmsMessage) -> Result<ProviderReceipt, SendError> {
        phone::check(to)?;
        if let Some(error) = held(&self.failures).pop_front() {
            return Err(error);
        }
        let mut sent = held(&self.sent);
        sent.push((to.to_owned(), message.clone()));
        Ok(ProviderReceipt { provider: "recording", message_id: sent.len().to_string(), request_id: String::new() })
    }
}
