//! What a client says of itself in a signed assertion (`private_key_jwt`, RFC 7523): for whom it is, until when, and that it comes
//! once. Times are judged as they are said, without leeway but the one that is named here.

use serde::Deserialize;

/// Longest that an assertion may live from now on, seconds.
pub const LIFETIME_S_MAX: i64 = 300;
/// How far ahead of ours a client's clock may be, seconds, where it says since when an assertion counts.
pub const AHEAD_S_MAX: i64 = 30;
/// Most characters of an assertion's own name.
const JTI_CHARS_MAX: usize = 128;

/// Why an assertion does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionFault {
    /// It is not the client's own.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It is over.
    Expired,
    /// It lives too long.
    TooLong,
    /// It is not yet valid.
    NotYet,
    /// It has no name by which it could be known again.
    Jti,
}

/// For whom an assertion is.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What an assertion says. Other claims are read over: libraries add their own.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    jti: String,
    #[serde(default)]
    iat: Option<f64>,
    #[serde(default)]
    nbf: Option<f64>,
}

/// An assertion that counts, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Its own name.
    pub jti: String,
    /// Until when it must be known again, seconds since 1970.
    pub until_s: i64,
}

impl AssertionFault {
    /// What is wrong, in Chinese and in English.
    pub const fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::Issuer => ("断言的iss与sub应均为client_id", "iss and sub are both the client id"),
            Self::Audience => ("断言的aud应为本机构的令牌地址", "aud is the address of this token endpoint"),
            Self::Expired => ("断言已过期", "the assertion has expired"),
            Self::TooLong => ("断言的exp最多为5分钟之后", "exp is at most five minutes from now"),
            Self::NotYet => ("断言尚未生效，请核对时钟", "the assertion is not valid yet; check the clock"),
            Self::Jti => ("断言的jti应为1至128个字符", "jti has 1 to 128 characters"),
        }
    }
}

impl Claims {
    /// Whom this says to be of.
    pub fn client(&self) -> &str {
        &self.sub
    }

    /// Whether this counts for `client` at one of `audiences` at `now_s` (seconds since 1970).
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn judge(&self, client: &str, audiences: &[&str], now_s: i64) -> Result<Once, AssertionFault> {
        if self.iss != client || self.sub != client {
            return Err(AssertionFault::Issuer);
        }
        let ours = |one: &String| audiences.contains(&one.as_str());
        let for_us = match &self.aud {
            Audience::One(one) => ours(one),
            Audience::Many(many) => many.iter().any(ours),
        };
        if !for_us {
            return Err(AssertionFault::Audience);
        }
        // what is no number at all is in no range
        let exp = whole(self.exp);
        if exp <= now_s {
            return Err(AssertionFault::Expired);
        }
        if exp > now_s.saturating_add(LIFETIME_S_MAX) {
            return Err(AssertionFault::TooLong);
        }
        let ahead = |at: f64| whole(at) > now_s.saturating_add(AHEAD_S_MAX);
        if self.nbf.is_some_and(ahead) || self.iat.is_some_and(ahead) {
            return Err(AssertionFault::NotYet);
        }
        if self.jti.is_empty() || self.jti.chars().nth(JTI_CHARS_MAX).is_some() {
            return Err(AssertionFault::Jti);
        }
        Ok(Once { jti: self.jti.clone(), until_s: exp })
    }
}

/// Whole seconds; libraries also write parts of them.
#[allow(clippy::cast_possible_truncation, reason = "a cast of a float keeps within the range of whole numbers")]
fn whole(seconds: f64) -> i64 {
    seconds.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;
    const CLIENT: &str = "cli_01jd8m1f5ne6xa9q2t4k7v3b8c";
    const OURS: [&str; 2] = ["https://zhidan.example/v1/t/demo/oauth/token", "https://zhidan.example/v1/t/demo"];

    fn good() -> Value {
        json!({ "iss": CLIENT, "sub": CLIENT, "aud": OURS[0], "exp": NOW + 60, "jti": "a" })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = good();
        claims[name] = value;
        claims
    }

    #[test]
    fn each_claim_is_judged_as_it_is_said() {
        use AssertionFault::{Audience, Expired, Issuer, Jti, NotYet, TooLong};
        for (claims, expected) in [
            (good(), Ok(NOW + 60)),
            (with("aud", json!(OURS[1])), Ok(NOW + 60)),
            (with("aud", json!(["https://other.example", OURS[0]])), Ok(NOW + 60)),
            (with("exp", json!(NOW + 1)), Ok(NOW + 1)),
            (with("exp", json!(NOW + 300)), Ok(NOW + 300)),
            (with("exp", json!(1_800_000_060.75)), Ok(NOW + 60)),
            (with("iat", json!(NOW + 30)), Ok(NOW + 60)),
            (with("nbf", json!(NOW - 10)), Ok(NOW + 60)),
            (with("extra", json!({ "a": 1 })), Ok(NOW + 60)),
            (with("iss", json!("cli_other")), Err(Issuer)),
            (with("sub", json!("cli_other")), Err(Issuer)),
            (with("aud", json!("https://zhidan.example/v1/t/other/oauth/token")), Err(Audience)),
            (with("aud", json!("https://zhidan.example/v1/t/demo/oauth/token/")), Err(Audience)),
            (with("aud", json!([])), Err(Audience)),
            (with("exp", json!(NOW)), Err(Expired)),
            (with("exp", json!(NOW - 1)), Err(Expired)),
            (with("exp", json!(-1e300)), Err(Expired)),
            (with("exp", json!(NOW + 301)), Err(TooLong)),
            (with("exp", json!(1e300)), Err(TooLong)),
            (with("nbf", json!(NOW + 31)), Err(NotYet)),
            (with("iat", json!(NOW + 31)), Err(NotYet)),
            (with("jti", json!("")), Err(Jti)),
            (with("jti", json!("x".repeat(129))), Err(Jti)),
        ] {
            let read: Claims = serde_json::from_value(claims.clone()).unwrap();
            assert_eq!(read.judge(CLIENT, &OURS, NOW).map(|once| once.until_s), expected, "{claims}");
        }
    }

    #[test]
    fn what_says_less_or_says_it_twice_is_not_read() {
        for name in ["iss", "sub", "aud", "exp", "jti"] {
            let mut claims = good();
            claims.as_object_mut().unwrap().remove(name);
            assert!(serde_json::from_value::<Claims>(claims).is_err(), "{name}");
            assert!(serde_json::from_value::<Claims>(with(name, Value::Null)).is_err(), "{name}");
        }
        let twice = format!("{}, \"exp\": {} }}", good().to_string().trim_end_matches('}'), NOW + 10_000);
        assert!(serde_json::from_str::<Claims>(&twice).is_err(), "{twice}");
    }
}
