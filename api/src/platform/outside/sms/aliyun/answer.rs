//! Aliyun answers business refusals with 200 and a `Code`, and gateway refusals with 4xx or 5xx and the same shape.
use crate::platform::outside::error::provider_id;
use crate::platform::outside::http::Answer;
use crate::platform::outside::{ProviderReceipt, SendError, scrub};
use serde::Deserialize;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    request_id: String,
    #[serde(default)]
    biz_id: String,
}

/// Sorts the answer.
pub(super) fn read(answer: &Answer) -> Result<ProviderReceipt, SendError> {
    let Ok(outcome) = serde_json::from_slice::<Outcome>(&answer.body) else {
        return Err(answer.unreadable());
    };
    if outcome.code == "OK" && answer.status == 200 {
        return Ok(ProviderReceipt {
            provider: "aliyun",
            message_id: provider_id(&outcome.biz_id),
            request_id: provider_id(&outcome.request_id),
        });
    }
    Err(sorted(&outcome, answer))
}

/// See "短信服务 API 错误码".
fn sorted(outcome: &Outcome, answer: &Answer) -> SendError {
    let code = outcome.code.as_str();
    let limited = matches!(code, "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" | "isv.MONTH_LIMIT_CONTROL")
        || code.starts_with("Throttling")
        || code.starts_with("VALVE:")
        || answer.status == 429;
    if limited {
        return SendError::rate_limited(code, answer.retry_after.or_else(|| period(outcome)));
    }
    let broken = answer.status >= 500
        || matches!(code, "isp.SYSTEM_ERROR" | "SignatureNonceUsed")
        || code.starts_with("InternalError")
        || code.starts_with("ServiceUnavailable");
    if broken {
        // a used nonce is refused at the gateway: the next try takes a new one
        let maybe_sent = code != "SignatureNonceUsed";
        return SendError::Temporary {
            why: scrub(&format!("{code}: {}", outcome.message)),
            after: answer.retry_after,
            maybe_sent,
        };
    }
    SendError::permanent(code, &outcome.message)
}

/// The limits per number are 1 a minute, 5 an hour, 10 a day; which one it was stands only in the message.
fn period(outcome: &Outcome) -> Option<Duration> {
    let periods = [("分钟", 60), ("小时", 3_600), ("天", 86_400), ("M_MC", 60), ("H_MC", 3_600), ("D_MC", 86_400)];
    let named = |word: &str| outcome.message.contains(word) || outcome.code.contains(word);
    periods.iter().find(|(word, _)| named(word)).map(|(_, seconds)| Duration::from_secs(*seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted() {
        let limited = |after_s: Option<u64>| (format!("rate {after_s:?}"), false);
        let (temporary, permanent) = (|maybe| ("temporary".to_owned(), maybe), ("permanent".to_owned(), false));
        for (status, code, message, expected) in [
            (200, "isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1", limited(Some(60))),
            (200, "isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", limited(Some(3_600))),
            (200, "isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10", limited(Some(86_400))),
            (200, "isv.DAY_LIMIT_CONTROL", "", limited(None)),
            (200, "VALVE:D_MC", "", limited(Some(86_400))),
            (400, "Throttling.User", "Request was denied due to user flow control.", limited(None)),
            (200, "isp.SYSTEM_ERROR", "", temporary(true)),
            (400, "SignatureNonceUsed", "", temporary(false)),
            (503, "ServiceUnavailable", "", temporary(true)),
            (500, "Whatever", "", temporary(true)),
            (400, "SignatureDoesNotMatch", "", permanent.clone()),
            (200, "isv.MOBILE_NUMBER_ILLEGAL", "", permanent.clone()),
            (200, "isv.AMOUNT_NOT_ENOUGH", "", permanent.clone()),
            (404, "OK", "", permanent.clone()),
        ] {
            let body = serde_json::json!({"Code": code, "Message": message, "RequestId": "r"}).to_string().into_bytes();
            let got = match read(&Answer { status, retry_after: None, body }).unwrap_err() {
                SendError::RateLimited { after, .. } => limited(after.map(|after| after.as_secs())),
                SendError::Temporary { maybe_sent, .. } => temporary(maybe_sent),
                SendError::Permanent { .. } => permanent.clone(),
            };
            assert_eq!(got, expected, "{status} {code} {message}");
        }
    }
}
