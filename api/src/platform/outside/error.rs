//! A job decides from the error alone whether to try again, so every service sorts its failures into the same three.
use std::time::Duration;

/// Longest piece of a provider's own words that is kept, in characters.
const WHY_CHARS_MAX: usize = 200;
/// A run of digits at least this long may be a phone or a one-time code, and is not kept.
const DIGITS_RUN_MIN: usize = 4;

/// The provider's word that it took the message; not that it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderReceipt {
    /// `tencent`, `aliyun`, `smtp`, `printing` or `recording`.
    pub provider: &'static str,
    /// The provider's number for this message (Tencent SerialNo, Aliyun BizId), empty if it gives none.
    pub message_id: String,
    /// The provider's number for the call, for its support desk, empty if it gives none.
    pub request_id: String,
}

/// Why a message was not sent. No text in it holds a phone, an address or a code: all pass through [`scrub`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// May work later: the network, a busy or broken server.
    #[error("temporary: {why}")]
    Temporary {
        /// For staff and logs.
        why: String,
        /// How long the provider asks to wait, if it says so.
        after: Option<Duration>,
        /// The request left us and no clear answer came: trying again may deliver twice.
        maybe_sent: bool,
    },
    /// Will never work unchanged: a wrong number, template, key or balance.
    #[error("permanent ({code}): {why}")]
    Permanent {
        /// The provider's code, or ours in lower case (`invalid_phone`, `template_not_configured`).
        code: String,
        /// For staff and logs.
        why: String,
    },
    /// Too many for this number or this account; nothing was sent.
    #[error("rate limited ({code})")]
    RateLimited {
        /// The provider's code.
        code: String,
        /// How long to wait, if known.
        after: Option<Duration>,
    },
}

impl SendError {
    /// A temporary failure from which it is certain that nothing was sent.
    pub fn not_sent(why: &str) -> Self {
        Self::Temporary { why: scrub(why), after: None, maybe_sent: false }
    }

    /// A temporary failure after which the message may nevertheless be on its way.
    pub fn unclear(why: &str) -> Self {
        Self::Temporary { why: scrub(why), after: None, maybe_sent: true }
    }

    /// A failure that another try cannot mend.
    pub fn permanent(code: &str, why: &str) -> Self {
        Self::Permanent { code: scrub_code(code), why: scrub(why) }
    }

    /// A refusal for reasons of rate.
    pub fn rate_limited(code: &str, after: Option<Duration>) -> Self {
        Self::RateLimited { code: scrub_code(code), after }
    }
}

/// Takes out of a provider's words what may be personal: runs of four digits or more, and words with an `@`; and
/// control characters, which could forge log lines. The rest is cut at 200 characters.
#[must_use]
pub fn scrub(words: &str) -> String {
    let visible: String = words.chars().take(WHY_CHARS_MAX * 2).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let kept: Vec<String> = visible
        .split_whitespace()
        .map(|word| if word.contains('@') { "***".to_owned() } else { without_digit_runs(word) })
        .collect();
    kept.join(" ").chars().take(WHY_CHARS_MAX).collect()
}

/// A provider's number for a message or a call: long and numeric, so it is cut but keeps its digits.
pub(super) fn provider_id(id: &str) -> String {
    id.chars().filter(char::is_ascii_graphic).take(100).collect()
}

/// Codes are words of the provider's vocabulary; anything else in their place is not trusted.
fn scrub_code(code: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
    without_digit_runs(&code.chars().filter(|c| allowed(*c)).take(80).collect::<String>())
}

fn without_digit_runs(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut run = String::new();
    for c in word.chars().map(Some).chain([None]) {
        match c {
            Some(digit) if digit.is_ascii_digit() => run.push(digit),
            other => {
                out.push_str(if run.len() >= DIGITS_RUN_MIN { "***" } else { &run });
                run.clear();
                out.extend(other);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrubbed_words_hold_nothing_personal() {
        for (words, expected) in [
            ("触发天级流控Permits:10", "触发天级流控Permits:10"),
            ("number +8613800138000 is wrong", "number +*** is wrong"),
            ("code 1234", "code ***"),
            ("code 123", "code 123"),
            ("5.1.1 <ann@example.com>: unknown", "5.1.1 *** unknown"),
            ("a\r\nlevel=error b", "a level=error b"),
            ("", ""),
        ] {
            assert_eq!(scrub(words), expected);
        }
        assert_eq!(scrub(&"字".repeat(5_000)).chars().count(), WHY_CHARS_MAX);
    }

    #[test]
    fn codes_keep_only_the_letters_of_codes() {
        let SendError::Permanent { code, .. } = SendError::permanent("isv.X_1\n 13800138000", "") else {
            panic!("permanent expected")
        };
        assert_eq!(code, "isv.X_***");
    }
}
