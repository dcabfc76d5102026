//! Alibaba Cloud SMS: action SendSms, version 2017-05-25, signed with ACS3-HMAC-SHA256. The parameters travel in the
//! query, as the operator's description of the action has it, which is why no error may ever show an address.
mod answer;
pub mod sign;

use super::{AliyunSettings, SmsMessage, SmsProvider, malformed, phone, template};
use crate::platform::outside::http::{CallLimits, Caller, Endpoint};
use crate::platform::outside::{Clock, ProviderReceipt, SendError, SettingProblem};

const ACTION: &str = "SendSms";
const VERSION: &str = "2017-05-25";

/// The operator, reached over HTTPS.
pub struct Aliyun {
    settings: AliyunSettings,
    endpoint: Endpoint,
    caller: Caller,
    clock: Clock,
}

impl Aliyun {
    /// A provider for this account.
    ///
    /// # Errors
    /// The setting that keeps it from starting.
    pub fn new(settings: AliyunSettings, clock: Clock, limits: CallLimits) -> Result<Self, SettingProblem> {
        let problem = |expected| SettingProblem::new("sms.endpoint", expected);
        let endpoint = Endpoint::parse(&settings.endpoint).map_err(problem)?;
        let caller = Caller::new(&endpoint, limits).map_err(problem)?;
        Ok(Self { settings, endpoint, caller, clock })
    }

    /// The signed request, ready to send.
    pub(super) fn request(&self, to: &str, message: &SmsMessage) -> Result<reqwest::Request, SendError> {
        phone::check(to)?;
        let params: serde_json::Map<String, serde_json::Value> =
            message.params.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let template_param = serde_json::to_string(&params).map_err(|error| malformed(&error))?;
        let query = sign::canonical_query(&[
            ("PhoneNumbers", to),
            ("SignName", message.sign_name.as_deref().unwrap_or(&self.settings.sign_name)),
            ("TemplateCode", template(&self.settings.templates, &message.kind)?),
            ("TemplateParam", &template_param),
        ]);
        // the nonce lets the operator refuse a request that is played back
        let nonce = format!("{:032x}", rand::random::<u128>());
        let signed = sign::Acs3 {
            host: self.endpoint.host(),
            action: ACTION,
            version: VERSION,
            canonical_query: &query,
            body: b"",
            nonce: &nonce,
            access_key_id: &self.settings.access_key_id,
            access_key_secret: self.settings.access_key_secret.reveal(),
            now: (self.clock)(),
        }
        .sign();
        let request = http::Request::post(self.endpoint.url(&query).as_str())
            .header("x-acs-action", ACTION)
            .header("x-acs-version", VERSION)
            .header("x-acs-date", signed.date)
            .header("x-acs-signature-nonce", nonce)
            .header("x-acs-content-sha256", signed.content_sha256)
            .header("authorization", signed.authorization)
            .body(Vec::new())
            .map_err(|error| malformed(&error))?;
        reqwest::Request::try_from(request).map_err(|error| malformed(&error.without_url()))
    }
}

#[async_trait::async_trait]
impl SmsProvider for Aliyun {
    async fn send(&self, to: &str, message: &SmsMessage) -> Result<ProviderReceipt, SendError> {
        let request = self.request(to, message)?;
        answer::read(&self.caller.call(request).await?)
    }
}
