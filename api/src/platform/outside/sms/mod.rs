//! SMS reaches applicants at log-in and at the steps that matter. The firm chooses the operator; the product knows one trait.
pub mod aliyun;
pub mod phone;
pub mod printing;
pub mod recording;
pub mod settings;
pub mod tencent;
#[cfg(test)]
mod tests;

pub use aliyun::Aliyun;
pub use phone::mask_phone;
pub use printing::Printing;
pub use recording::Recording;
pub use settings::{AliyunSettings, SmsSettings, TencentSettings};
pub use tencent::Tencent;

use super::http::CallLimits;
use super::{Clock, ProviderReceipt, SendError, SettingProblem};
use std::fmt;
use std::sync::Arc;

/// Sends one short message to one number of mainland China.
#[async_trait::async_trait]
pub trait SmsProvider: Send + Sync {
    /// Hands the message over. `to` is eleven digits without a country code.
    ///
    /// # Errors
    /// See [`SendError`]; nothing was sent unless it says `maybe_sent`.
    async fn send(&self, to: &str, message: &SmsMessage) -> Result<ProviderReceipt, SendError>;
}

/// One message. Operators send only texts they approved before, so it names a template and its values; the
/// rendered text is for printing. Its `Debug` shows neither: a log-in code is a secret and a name is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsMessage {
    /// Our own name for the template (`login_code`); the settings map it to the operator's number.
    pub kind: String,
    /// The signature 签名 shown in brackets; `None` takes the one of the settings. A tenant may have its own.
    pub sign_name: Option<String>,
    /// The template's parameters in its order: Tencent goes by position, Aliyun by name.
    pub params: Vec<(String, String)>,
    /// The whole text as the receiver would read it.
    pub text: String,
}

impl fmt::Debug for SmsMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsMessage")
            .field("kind", &self.kind)
            .field("sign_name", &self.sign_name)
            .finish_non_exhaustive()
    }
}

/// Builds the provider that the settings name. Call [`SmsSettings::validate`] before.
///
/// # Errors
/// The setting that keeps it from starting.
pub fn connect(settings: &SmsSettings, clock: Clock) -> Result<Arc<dyn SmsProvider>, SettingProblem> {
    Ok(match settings {
        SmsSettings::Print => Arc::new(Printing::to_log()),
        SmsSettings::Tencent(settings) => Arc::new(Tencent::new(settings.clone(), clock, CallLimits::default())?),
        SmsSettings::Aliyun(settings) => Arc::new(Aliyun::new(settings.clone(), clock, CallLimits::default())?),
    })
}

/// The operator's number of our template.
fn template<'a>(templates: &'a std::collections::BTreeMap<String, String>, kind: &str) -> Result<&'a str, SendError> {
    templates
        .get(kind)
        .map(String::as_str)
        .ok_or_else(|| SendError::permanent("template_not_configured", &format!("no template is set for {kind}")))
}

fn malformed(error: &dyn fmt::Display) -> SendError {
    SendError::permanent("request_not_built", &error.to_string())
}
