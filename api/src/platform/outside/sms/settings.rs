//! What an operator's account needs, and a check that names everything missing before the first message is due.
use crate::platform::outside::http::Endpoint;
use crate::platform::outside::setting::require;
use crate::platform::outside::{Secret, SettingProblem};
use std::collections::BTreeMap;

/// Which operator sends, and its account.
#[derive(Debug, Clone, Default)]
pub enum SmsSettings {
    /// Into the log; on loopback only.
    #[default]
    Print,
    /// Tencent Cloud 腾讯云短信.
    Tencent(TencentSettings),
    /// Alibaba Cloud 阿里云短信服务.
    Aliyun(AliyunSettings),
}

/// An application of Tencent Cloud SMS.
#[derive(Debug, Clone)]
pub struct TencentSettings {
    /// `https://sms.tencentcloudapi.com` unless the firm uses a regional or private one.
    pub endpoint: String,
    /// `ap-guangzhou`, `ap-beijing` or `ap-nanjing`.
    pub region: String,
    /// SecretId of the account.
    pub secret_id: String,
    /// SecretKey of the account.
    pub secret_key: Secret,
    /// SdkAppId of the SMS application.
    pub sdk_app_id: String,
    /// The signature for messages that bring none.
    pub sign_name: String,
    /// Our template's name → the operator's TemplateId.
    pub templates: BTreeMap<String, String>,
}

impl Default for TencentSettings {
    fn default() -> Self {
        Self {
            endpoint: "https://sms.tencentcloudapi.com".to_owned(),
            region: "ap-guangzhou".to_owned(),
            secret_id: String::new(),
            secret_key: Secret::default(),
            sdk_app_id: String::new(),
            sign_name: String::new(),
            templates: BTreeMap::new(),
        }
    }
}

/// An account of Alibaba Cloud SMS.
#[derive(Debug, Clone)]
pub struct AliyunSettings {
    /// `https://dysmsapi.aliyuncs.com` unless the firm uses another.
    pub endpoint: String,
    /// AccessKey ID of the account.
    pub access_key_id: String,
    /// AccessKey secret of the account.
    pub access_key_secret: Secret,
    /// The signature for messages that bring none.
    pub sign_name: String,
    /// Our template's name → the operator's TemplateCode (`SMS_…`).
    pub templates: BTreeMap<String, String>,
}

impl Default for AliyunSettings {
    fn default() -> Self {
        Self {
            endpoint: "https://dysmsapi.aliyuncs.com".to_owned(),
            access_key_id: String::new(),
            access_key_secret: Secret::default(),
            sign_name: String::new(),
            templates: BTreeMap::new(),
        }
    }
}

impl SmsSettings {
    /// Names all that is missing. `loopback`: the server listens on this machine only. `kinds`: the templates the
    /// product sends.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn validate(&self, loopback: bool, kinds: &[&str]) -> Result<(), Vec<SettingProblem>> {
        let mut problems = Vec::new();
        match self {
            Self::Print if loopback => {}
            Self::Print => problems.push(SettingProblem::new(
                "sms.provider",
                "tencent or aliyun: codes are printed only when the server listens on loopback",
            )),
            Self::Tencent(s) => s.collect(kinds, &mut problems),
            Self::Aliyun(s) => s.collect(kinds, &mut problems),
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl TencentSettings {
    fn collect(&self, kinds: &[&str], problems: &mut Vec<SettingProblem>) {
        endpoint(&self.endpoint, problems);
        require(problems, "sms.region", &self.region, "a region such as ap-guangzhou");
        require(problems, "sms.secret_id", &self.secret_id, "the SecretId of the Tencent Cloud account");
        require(problems, "sms.secret_key", self.secret_key.reveal(), "the SecretKey of the Tencent Cloud account");
        require(problems, "sms.sdk_app_id", &self.sdk_app_id, "the SdkAppId of the SMS application");
        require(problems, "sms.sign_name", &self.sign_name, "the approved SMS signature");
        templates(&self.templates, kinds, "the approved TemplateId", problems);
    }
}

impl AliyunSettings {
    fn collect(&self, kinds: &[&str], problems: &mut Vec<SettingProblem>) {
        endpoint(&self.endpoint, problems);
        require(problems, "sms.access_key_id", &self.access_key_id, "the AccessKey ID of the Alibaba Cloud account");
        require(problems, "sms.access_key_secret", self.access_key_secret.reveal(), "the AccessKey secret");
        require(problems, "sms.sign_name", &self.sign_name, "the approved SMS signature");
        templates(&self.templates, kinds, "the approved TemplateCode, SMS_…", problems);
    }
}

fn endpoint(text: &str, problems: &mut Vec<SettingProblem>) {
    if let Err(expected) = Endpoint::parse(text) {
        problems.push(SettingProblem::new("sms.endpoint", expected));
    }
}

/// All templates stand in one setting, so what it lacks is one problem.
fn templates(known: &BTreeMap<String, String>, kinds: &[&str], what: &str, problems: &mut Vec<SettingProblem>) {
    let lacks = |kind: &&str| known.get(*kind).is_none_or(|id| id.trim().is_empty());
    let missing: Vec<_> = kinds.iter().copied().filter(lacks).collect();
    if !missing.is_empty() {
        let form: Vec<_> = kinds.iter().map(|kind| format!("{kind}=ID")).collect();
        let expected = format!("{}, each ID {what}; missing: {}", form.join(","), missing.join(", "));
        problems.push(SettingProblem::new("sms.templates", expected));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_all_that_is_missing() {
        let keys = |settings: SmsSettings, loopback| -> Vec<String> {
            let problems = settings.validate(loopback, &["login_code"]).err().unwrap_or_default();
            problems.iter().map(SettingProblem::variable).collect()
        };
        assert!(keys(SmsSettings::Print, true).is_empty());
        assert_eq!(keys(SmsSettings::Print, false), ["ZHIDAN_SMS__PROVIDER"]);
        assert_eq!(
            keys(SmsSettings::Tencent(TencentSettings::default()), true),
            [
                "ZHIDAN_SMS__SECRET_ID",
                "ZHIDAN_SMS__SECRET_KEY",
                "ZHIDAN_SMS__SDK_APP_ID",
                "ZHIDAN_SMS__SIGN_NAME",
                "ZHIDAN_SMS__TEMPLATES"
            ]
        );
        let aliyun = AliyunSettings {
            endpoint: "http://sms.example.com".into(),
            access_key_id: "id".into(),
            access_key_secret: Secret::new("k"),
            ..AliyunSettings::default()
        };
        assert_eq!(
            keys(SmsSettings::Aliyun(aliyun), false),
            ["ZHIDAN_SMS__ENDPOINT", "ZHIDAN_SMS__SIGN_NAME", "ZHIDAN_SMS__TEMPLATES"]
        );
    }

    #[test]
    fn debug_hides_the_key() {
        let settings = TencentSettings { secret_key: Secret::new("clear-text"), ..TencentSettings::default() };
        assert!(!format!("{settings:?}").contains("clear-text"));
    }

    #[test]
    fn templates_are_asked_for_in_the_form_in_which_they_are_set() {
        let mut problems = vec![];
        let known = BTreeMap::from([("progress".to_owned(), "SMS_1".to_owned())]);
        templates(&known, &["login_code", "progress"], "the approved TemplateCode", &mut problems);
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        let expected = "ZHIDAN_SMS__TEMPLATES: expected login_code=ID,progress=ID, each ID the approved TemplateCode; \
                        missing: login_code";
        assert_eq!(said, [expected]);
    }
}
