//! Both operators against a server that checks every signature by its own code, and the two providers that send nothing.
mod gate;
mod operators;

use super::*;
use crate::platform::outside::Secret;
use chrono::{DateTime, TimeDelta, Utc};
use gate::{Gate, Mode};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

const PHONE: &str = "13800138012";
/// The server's time; a provider's clock is set relative to it.
const NOW: &str = "2026-03-01T08:00:00Z";
const SECRET_ID: &str = "test-secret-id";
const SECRET_KEY: &str = "test-secret-key";

fn login_code() -> SmsMessage {
    SmsMessage {
        kind: "login_code".to_owned(),
        sign_name: None,
        params: vec![("code".to_owned(), "492817".to_owned()), ("minutes".to_owned(), "5 & 一半".to_owned())],
        text: "验证码 492817，5 分钟内有效。".to_owned(),
    }
}

fn clock(offset_s: i64) -> Clock {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    Arc::new(move || now + TimeDelta::seconds(offset_s))
}

/// For a server that never answers; everything else has the time it takes.
fn impatient() -> CallLimits {
    CallLimits { total_max: Duration::from_millis(1_500), ..CallLimits::default() }
}

fn templates(number: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("login_code".to_owned(), number.to_owned())])
}

fn tencent(endpoint: String, key: &str, offset_s: i64, limits: CallLimits) -> Tencent {
    let settings = TencentSettings {
        endpoint,
        secret_id: SECRET_ID.to_owned(),
        secret_key: Secret::new(key),
        sdk_app_id: "1400006666".to_owned(),
        sign_name: "智担示例".to_owned(),
        templates: templates("1234567"),
        ..TencentSettings::default()
    };
    Tencent::new(settings, clock(offset_s), limits).unwrap()
}

fn aliyun(endpoint: String, key: &str, offset_s: i64, limits: CallLimits) -> Aliyun {
    let settings = AliyunSettings {
        endpoint,
        access_key_id: SECRET_ID.to_owned(),
        access_key_secret: Secret::new(key),
        sign_name: "智担示例".to_owned(),
        templates: templates("SMS_7654321"),
    };
    Aliyun::new(settings, clock(offset_s), limits).unwrap()
}

/// Each operator by name, with this key and clock.
fn both(endpoint: &str, key: &str, offset_s: i64) -> [(&'static str, Box<dyn SmsProvider>); 2] {
    both_within(endpoint, key, offset_s, CallLimits::default())
}

fn both_within(
    endpoint: &str,
    key: &str,
    offset_s: i64,
    limits: CallLimits,
) -> [(&'static str, Box<dyn SmsProvider>); 2] {
    [
        ("tencent", Box::new(tencent(endpoint.to_owned(), key, offset_s, limits))),
        ("aliyun", Box::new(aliyun(endpoint.to_owned(), key, offset_s, limits))),
    ]
}

#[actix_web::test]
async fn printing_masks_the_number_and_shows_the_text() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let printing = Printing::to(move |line| sink.lock().unwrap().push(line.to_owned()));
    printing.send(PHONE, &login_code()).await.unwrap();
    assert_eq!(*lines.lock().unwrap(), ["SMS to 138******12: 验证码 492817，5 分钟内有效。"]);
    let refused = printing.send("12345", &login_code()).await.unwrap_err();
    assert!(matches!(refused, SendError::Permanent { code, .. } if code == "invalid_phone"));
    assert_eq!(lines.lock().unwrap().len(), 1);
}

#[actix_web::test]
async fn recording_keeps_messages_and_fails_on_demand() {
    let recording = Recording::new();
    recording.fail_next(SendError::not_sent("down"));
    assert_eq!(recording.send(PHONE, &login_code()).await, Err(SendError::not_sent("down")));
    assert!(recording.sent().is_empty());
    recording.send(PHONE, &login_code()).await.unwrap();
    assert_eq!(recording.last_to(PHONE), Some(login_code()));
    assert_eq!(recording.last_to("13900000000"), None);
}

#[test]
fn debug_of_a_message_shows_neither_code_nor_text() {
    let shown = format!("{:?}", login_code());
    assert!(shown.contains("login_code"));
    assert!(!shown.contains("492817") && !shown.contains("验证码"), "{shown}");
}
