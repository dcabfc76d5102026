//! Tencent Cloud SMS: action SendSms, version 2021-01-11, signed with TC3-HMAC-SHA256. One number a call, so that one
//! refusal never hides among successes.
mod answer;
pub mod sign;

use super::{SmsMessage, SmsProvider, TencentSettings, malformed, phone, template};
use crate::platform::outside::http::{CallLimits, Caller, Endpoint};
use crate::platform::outside::{Clock, ProviderReceipt, SendError, SettingProblem};
use serde::Serialize;

const CONTENT_TYPE: &str = "application/json; charset=utf-8";
const SERVICE: &str = "sms";
const ACTION: &str = "SendSms";
const VERSION: &str = "2021-01-11";

/// The operator, reached over HTTPS.
pub struct Tencent {
    settings: TencentSettings,
    endpoint: Endpoint,
    caller: Caller,
    clock: Clock,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendSms<'a> {
    phone_number_set: [String; 1],
    sms_sdk_app_id: &'a str,
    sign_name: &'a str,
    template_id: &'a str,
    template_param_set: Vec<&'a str>,
}

impl Tencent {
    /// A provider for this account.
    ///
    /// # Errors
    /// The setting that keeps it from starting.
    pub fn new(settings: TencentSettings, clock: Clock, limits: CallLimits) -> Result<Self, SettingProblem> {
        let problem = |expected| SettingProblem::new("sms.endpoint", expected);
        let endpoint = Endpoint::parse(&settings.endpoint).map_err(problem)?;
        let caller = Caller::new(&endpoint, limits).map_err(problem)?;
        Ok(Self { settings, endpoint, caller, clock })
    }

    /// The signed request, ready to send.
    pub(super) fn request(&self, to: &str, message: &SmsMessage) -> Result<reqwest::Request, SendError> {
        phone::check(to)?;
        let payload = serde_json::to_vec(&SendSms {
            phone_number_set: [format!("+86{to}")],
            sms_sdk_app_id: &self.settings.sdk_app_id,
            sign_name: message.sign_name.as_deref().unwrap_or(&self.settings.sign_name),
            template_id: template(&self.settings.templates, &message.kind)?,
            template_param_set: message.params.iter().map(|(_, value)| value.as_str()).collect(),
        })
        .map_err(|error| malformed(&error))?;
        let now = (self.clock)();
        let signed = sign::Tc3 {
            service: SERVICE,
            host: self.endpoint.host(),
            content_type: CONTENT_TYPE,
            payload: &payload,
            secret_id: &self.settings.secret_id,
            secret_key: self.settings.secret_key.reveal(),
            now,
        }
        .sign();
        let request = http::Request::post(self.endpoint.url("").as_str())
            .header("content-type", CONTENT_TYPE)
            .header("x-tc-action", ACTION)
            .header("x-tc-version", VERSION)
            .header("x-tc-region", &self.settings.region)
            .header("x-tc-timestamp", now.timestamp())
            .header("authorization", signed.authorization)
            .body(payload)
            .map_err(|error| malformed(&error))?;
        reqwest::Request::try_from(request).map_err(|error| malformed(&error.without_url()))
    }
}

#[async_trait::async_trait]
impl SmsProvider for Tencent {
    async fn send(&self, to: &str, message: &SmsMessage) -> Result<ProviderReceipt, SendError> {
        let request = self.request(to, message)?;
        answer::read(&self.caller.call(request).await?)
    }
}
