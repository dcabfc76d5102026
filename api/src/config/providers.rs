//! The settings of SMS and mail, from their sections to the providers' own words.

use std::collections::BTreeMap;

use anyhow::bail;

use super::Sections;
use crate::platform::outside::mail::{MailSettings, MailTls, SmtpSettings};
use crate::platform::outside::sms::{AliyunSettings, SmsSettings, TencentSettings};
use crate::platform::outside::storage::S3Settings;
use crate::platform::outside::{Secret, SettingProblem};

/// Messages that every provider account must have an approved template for.
const SMS_KINDS: [&str; 2] = ["login_code", "progress"];

pub(super) fn sms(sections: &Sections, loopback: bool) -> anyhow::Result<SmsSettings> {
    let text = |name: &str| sections.get(&format!("SMS__{name}")).unwrap_or_default().to_owned();
    let or = |name: &str, default: String| if text(name).is_empty() { default } else { text(name) };
    let templates: BTreeMap<String, String> = text("TEMPLATES")
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(kind, id)| (kind.trim().to_owned(), id.trim().to_owned()))
        .collect();
    let settings = match sections.get("SMS__PROVIDER").unwrap_or("print") {
        "print" => SmsSettings::Print,
        "tencent" => {
            let default = TencentSettings::default();
            SmsSettings::Tencent(TencentSettings {
                endpoint: or("ENDPOINT", default.endpoint),
                region: or("REGION", default.region),
                secret_id: text("SECRET_ID"),
                secret_key: Secret::new(text("SECRET_KEY")),
                sdk_app_id: text("SDK_APP_ID"),
                sign_name: text("SIGN_NAME"),
                templates,
            })
        }
        "aliyun" => SmsSettings::Aliyun(AliyunSettings {
            endpoint: or("ENDPOINT", AliyunSettings::default().endpoint),
            access_key_id: text("ACCESS_KEY_ID"),
            access_key_secret: Secret::new(text("ACCESS_KEY_SECRET")),
            sign_name: text("SIGN_NAME"),
            templates,
        }),
        other => bail!("ZHIDAN_SMS__PROVIDER is {other:?}; expected print, tencent or aliyun"),
    };
    settings.validate(loopback, &SMS_KINDS).map_err(problems)?;
    Ok(settings)
}

pub(super) fn mail(sections: &Sections, loopback: bool) -> anyhow::Result<MailSettings> {
    let text = |name: &str| sections.get(&format!("MAIL__{name}")).unwrap_or_default().to_owned();
    let tls = match sections.get("MAIL__TLS").unwrap_or("implicit") {
        "implicit" => MailTls::Implicit,
        "starttls" => MailTls::Starttls,
        "none" => MailTls::None,
        other => bail!("ZHIDAN_MAIL__TLS is {other:?}; expected implicit, starttls or none"),
    };
    let settings = if text("HOST").is_empty() {
        MailSettings::Print
    } else {
        MailSettings::Smtp(SmtpSettings {
            host: text("HOST"),
            port: super::parsed(sections, "MAIL__PORT", "465", "a port")?,
            tls,
            username: text("USERNAME"),
            password: Secret::new(text("PASSWORD")),
            from: text("FROM"),
        })
    };
    settings.validate(loopback).map_err(problems)?;
    Ok(settings)
}

/// The S3 server of the settings; `None` where the product keeps files itself.
pub(super) fn s3(sections: &Sections) -> anyhow::Result<Option<S3Settings>> {
    let text = |name: &str, default: &str| sections.get(&format!("S3__{name}")).unwrap_or(default).to_owned();
    let Some(endpoint) = sections.get("S3__ENDPOINT") else { return Ok(None) };
    let settings = S3Settings {
        endpoint: endpoint.to_owned(),
        public_endpoint: sections.get("S3__PUBLIC_ENDPOINT").map(str::to_owned),
        region: text("REGION", "us-east-1"),
        bucket_prefix: text("BUCKET_PREFIX", "zhidan"),
        access_key: text("ACCESS_KEY", ""),
        secret_key: text("SECRET_KEY", ""),
        force_path_style: super::parsed(sections, "S3__FORCE_PATH_STYLE", "true", "true or false")?,
    };
    if settings.access_key.is_empty() || settings.secret_key.is_empty() {
        bail!("ZHIDAN_S3__ENDPOINT is set; ZHIDAN_S3__ACCESS_KEY and ZHIDAN_S3__SECRET_KEY are needed too");
    }
    Ok(Some(settings))
}

fn problems(problems: Vec<SettingProblem>) -> anyhow::Error {
    let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("{}", all.join("; "))
}
