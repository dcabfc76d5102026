//! Mail reaches staff: the one-time link that sets a password, the one that mends a forgotten one. Plain text, because
//! a link in plain text is read by every client and hides nothing.
pub mod compose;
pub mod printing;
pub mod recording;
pub mod settings;
pub mod smtp;
#[cfg(test)]
mod tests;

pub use compose::mask_address;
pub use printing::PrintingMailer;
pub use recording::RecordingMailer;
pub use settings::{MailSettings, MailTls, SmtpSettings};
pub use smtp::{MailLimits, Smtp};

use super::{Clock, ProviderReceipt, SendError, SettingProblem};
use std::fmt;
use std::sync::Arc;

/// Sends one plain-text mail to one address.
#[async_trait::async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the mail over.
    ///
    /// # Errors
    /// See [`SendError`]; nothing was sent unless it says `maybe_sent`.
    async fn send(&self, mail: &Mail) -> Result<ProviderReceipt, SendError>;
}

/// One mail. Its `Debug` shows nothing: an address is personal and a one-time link is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The bare address, without a display name.
    pub to: String,
    /// One line, at most 200 characters.
    pub subject: String,
    /// The body, any line ends, at most 256 KiB.
    pub text: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").finish_non_exhaustive()
    }
}

/// Builds the mailer that the settings name. Call [`MailSettings::validate`] before; inside a tokio runtime, because
/// the pool closes idle connections in the background.
///
/// # Errors
/// The setting that keeps it from starting.
pub fn connect(settings: &MailSettings, clock: Clock) -> Result<Arc<dyn Mailer>, SettingProblem> {
    Ok(match settings {
        MailSettings::Print => Arc::new(PrintingMailer::to_log()),
        MailSettings::Smtp(settings) => Arc::new(Smtp::new(settings, clock, MailLimits::default())?),
    })
}
