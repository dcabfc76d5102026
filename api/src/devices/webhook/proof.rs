//! Whether a message is a source's own. Where there is no such source the same is done with a secret that nobody has, so that
//! neither the answer nor the time until it tells one from the other.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, Duration, Utc};
use domain::devices::intake::Verification;

use super::onenet;
use super::sent::Sent;
use crate::devices::sources::KnownSource;

/// How far a signed time may differ from ours, seconds.
const TIME_APART_S_MAX: i64 = 300;
/// Signatures of one message that are looked at: the secret before and the one after, and some to spare.
const SIGNATURES_MAX: usize = 4;
const NONCE_CHARS_MIN: usize = 8;
const NONCE_CHARS_MAX: usize = 64;
const NOBODYS: &str = "no source has this secret";

/// When a message counts as received, if it is the source's own: by the signed time, so that a second delivery of it counts
/// as received then too; else now.
pub(super) fn verify(
    source: Option<&KnownSource>,
    request: &HttpRequest,
    sent: &Sent,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let Some(source) = source else {
        let _ = signed(std::iter::once(NOBODYS), request, sent, now);
        return None;
    };
    match source.verification {
        Verification::Hmac => signed(source.secrets(now), request, sent, now),
        Verification::Token => bears(source.secrets(now), request.headers()).then_some(now),
        Verification::OneNet => onenet::is_own(source, now, &sent.unpacked().ok()?).then_some(now),
    }
}

/// The one value of a header; none where there are two, of which a proxy before us may read the one and we the other.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    value.to_str().ok()
}

fn signed<'a>(
    secrets: impl Iterator<Item = &'a str>,
    request: &HttpRequest,
    sent: &Sent,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let headers = request.headers();
    let timestamp = only(headers, "zhidan-timestamp")?;
    let at = instant(timestamp)?;
    let nonce = only(headers, "zhidan-nonce").filter(|nonce| is_nonce(nonce))?;
    let given = signatures(only(headers, "zhidan-signature")?)?;
    if (now - at).abs() > Duration::seconds(TIME_APART_S_MAX) {
        return None;
    }
    let query = request.query_string();
    let opening =
        if query.is_empty() { format!("{timestamp}.{nonce}.") } else { format!("{timestamp}.{nonce}?{query}\n") };
    let mut fits = false;
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        context.update(opening.as_bytes());
        context.update(sent.raw());
        let expected = context.sign();
        for signature in &given {
            fits |= verify_slices_are_equal(expected.as_ref(), signature).is_ok();
        }
    }
    fits.then_some(at)
}

/// Unix seconds with up to six digits after a point.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (seconds, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(seconds, 11) || fraction.is_some_and(|fraction| !digits(fraction, 6)) {
        return None;
    }
    let micros: i64 = format!("{:0<6}", fraction.unwrap_or_default()).parse().ok()?;
    DateTime::from_timestamp_micros(seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(micros)?)
}

fn is_nonce(text: &str) -> bool {
    let fits = (NONCE_CHARS_MIN..=NONCE_CHARS_MAX).contains(&text.len());
    fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The signatures of our first scheme; others are passed over, so that there can be a second.
fn signatures(text: &str) -> Option<Vec<Vec<u8>>> {
    let all: Vec<&str> = text.split(' ').collect();
    if all.len() > SIGNATURES_MAX {
        return None;
    }
    let ours = all.iter().filter_map(|one| one.strip_prefix("v1="));
    Some(ours.filter_map(|digits| hex::decode(digits).ok()).collect())
}

/// Whether the request bears a secret itself. Hashes are compared, since the time of comparing texts tells their length.
fn bears<'a>(secrets: impl Iterator<Item = &'a str>, headers: &HeaderMap) -> bool {
    let bearer = only(headers, header::AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let Some(given) = bearer.or_else(|| only(headers, "zhidan-token")) else { return false };
    let hash = |text: &str| digest::digest(&digest::SHA256, text.as_bytes());
    let given = hash(given);
    let mut fits = false;
    for secret in secrets {
        fits |= verify_slices_are_equal(hash(secret).as_ref(), given.as_ref()).is_ok();
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_nonces_and_signatures_have_one_form() {
        let at = |text: &str| instant(text).map(|at| at.timestamp_micros());
        assert_eq!(at("1790000000"), Some(1_790_000_000_000_000));
        assert_eq!(at("1790000000.25"), Some(1_790_000_000_250_000));
        for text in
            ["", "-1", "+1", "1e9", " 1790000000", "1790000000.", "1790000000.1234567", ".5", "999999999999", "1_0"]
        {
            assert_eq!(at(text), None, "{text:?}");
        }
        for (nonce, fits) in
            [("abcdefgh", true), ("abcdefg", false), ("abc.efgh", false), ("abcd efg", false), ("a-b_c-d_9", true)]
        {
            assert_eq!(is_nonce(nonce), fits, "{nonce}");
        }
        assert!(!is_nonce(&"n".repeat(65)) && is_nonce(&"n".repeat(64)));
        assert_eq!(signatures("v1=00ff v2=zz v1=x v1=AA"), Some(vec![vec![0, 255], vec![0xaa]]));
        assert_eq!(signatures("v1=00 v1=00 v1=00 v1=00 v1=00"), None);
    }
}
