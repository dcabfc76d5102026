//! Tests read what would have been sent, and choose what goes wrong; only a test builds one.
use super::{Mail, Mailer, ProviderReceipt, SendError, compose};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps every mail in memory and fails on demand.
#[derive(Default)]
pub struct RecordingMailer {
    sent: Mutex<Vec<Mail>>,
    failures: Mutex<VecDeque<SendError>>,
}

impl RecordingMailer {
    /// Nothing sent, nothing to fail.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next call fails with this; several queue up.
    pub fn fail_next(&self, error: SendError) {
        held(&self.failures).push_back(error);
    }

    /// All that was taken so far, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Mail> {
        held(&self.sent).clone()
    }

    /// The latest mail to this address.
    #[must_use]
    pub fn last_to(&self, address: &str) -> Option<Mail> {
        held(&self.sent).iter().rev().find(|mail| mail.to == address).cloned()
    }
}

/// A panic in one test's task must not hide the record from the assertion that explains it.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait::async_trait]
impl Mailer for RecordingMailer {
    async fn send(&self, mail: &Mail) -> Result<ProviderReceipt, SendError> {
        compose::check(mail)?;
        if let Some(error) = held(&self.failures).pop_front() {
            return Err(error);
        }
        let mut sent = held(&self.sent);
        sent.push(mail.clone());
        Ok(ProviderReceipt { provider: "recording", message_id: sent.len().to_string(), request_id: String::new() })
    }
}
