//! Tencent answers 200 to nearly everything and puts the truth into two places: `Response.Error` for the call, and
//! `SendStatusSet[].Code` for the number.
use crate::platform::outside::error::provider_id;
use crate::platform::outside::http::Answer;
use crate::platform::outside::{ProviderReceipt, SendError, scrub};
use serde::Deserialize;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    #[serde(default)]
    request_id: String,
    error: Option<Outcome>,
    #[serde(default)]
    send_status_set: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    serial_no: String,
}

/// Sorts the answer.
pub(super) fn read(answer: &Answer) -> Result<ProviderReceipt, SendError> {
    let Ok(Envelope { response }) = serde_json::from_slice(&answer.body) else {
        return Err(answer.unreadable());
    };
    if let Some(error) = &response.error {
        return Err(sorted(error, answer.retry_after));
    }
    match response.send_status_set.as_slice() {
        [one] if one.code == "Ok" => Ok(ProviderReceipt {
            provider: "tencent",
            message_id: provider_id(&one.serial_no),
            request_id: provider_id(&response.request_id),
        }),
        [one] => Err(sorted(one, answer.retry_after)),
        _ => Err(answer.unreadable()),
    }
}

/// Codes by family, because the operator adds new ones: see "短信 错误码".
fn sorted(outcome: &Outcome, retry_after: Option<Duration>) -> SendError {
    let code = outcome.code.as_str();
    let is = |family: &str| code.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if is("LimitExceeded") || is("RequestLimitExceeded") {
        return SendError::rate_limited(code, retry_after.or_else(|| period(code)));
    }
    if is("InternalError") || is("ResourceUnavailable") || is("ServiceUnavailable") {
        return SendError::Temporary {
            why: scrub(&format!("{code}: {}", outcome.message)),
            after: retry_after,
            maybe_sent: true,
        };
    }
    SendError::permanent(code, &outcome.message)
}

/// The period in the code's own name.
fn period(code: &str) -> Option<Duration> {
    let seconds = match code {
        "LimitExceeded.PhoneNumberThirtySecondLimit" => 30,
        "LimitExceeded.PhoneNumberOneHourLimit" => 3_600,
        "LimitExceeded.PhoneNumberDailyLimit"
        | "LimitExceeded.PhoneNumberSameContentDailyLimit"
        | "LimitExceeded.AppDailyLimit" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(code: &str) -> SendError {
        sorted(&Outcome { code: code.to_owned(), message: String::new(), serial_no: String::new() }, None)
    }

    #[test]
    fn codes_are_sorted_by_family() {
        for (code, after_s) in [
            ("LimitExceeded.PhoneNumberThirtySecondLimit", Some(30)),
            ("LimitExceeded.PhoneNumberDailyLimit", Some(86_400)),
            ("LimitExceeded.DeliveryFrequencyLimit", None),
            ("RequestLimitExceeded", None),
            ("RequestLimitExceeded.IPLimitExceeded", None),
        ] {
            assert_eq!(outcome(code), SendError::rate_limited(code, after_s.map(Duration::from_secs)), "{code}");
        }
        for code in ["InternalError", "InternalError.Timeout", "ResourceUnavailable", "ServiceUnavailable"] {
            assert!(matches!(outcome(code), SendError::Temporary { maybe_sent: true, .. }), "{code}");
        }
        for code in [
            "AuthFailure.SignatureFailure",
            "AuthFailure.SignatureExpire",
            "FailedOperation.InsufficientBalanceInSmsPackage",
            "FailedOperation.TemplateIncorrectOrUnapproved",
            "InvalidParameterValue.IncorrectPhoneNumber",
            "InternalErrorOfAnotherKind",
        ] {
            assert!(matches!(outcome(code), SendError::Permanent { code: c, .. } if c == code), "{code}");
        }
    }
}
