//! How OneNET proves that a message is its own: `base64(md5(token + nonce + msg))`. It signs no time, so a message can be sent
//! again by whoever saw it; its readings carry their times and are there already. The address wants TLS all the more.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use md5::{Digest, Md5};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::devices::sources::KnownSource;

/// What a push says beside its message.
#[derive(Deserialize)]
struct Push<'a> {
    /// Signed as it stands in the body: written anew, its members could come in another order.
    #[serde(borrow)]
    msg: &'a RawValue,
    nonce: String,
    #[serde(alias = "signature")]
    msg_signature: String,
}

/// Whether a signature was made with a secret that holds.
pub(super) fn fits(source: &KnownSource, now: DateTime<Utc>, nonce: &str, msg: &[u8], signature: &str) -> bool {
    let mut fits = false;
    for secret in source.secrets(now) {
        let mut hash = Md5::new();
        hash.update(secret.as_bytes());
        hash.update(nonce.as_bytes());
        hash.update(msg);
        let expected = STANDARD.encode(hash.finalize());
        fits |= verify_slices_are_equal(expected.as_bytes(), signature.as_bytes()).is_ok();
    }
    fits
}

/// Whether a push is OneNET's own. A message that is a text is signed without its quotation marks.
pub(super) fn is_own(source: &KnownSource, now: DateTime<Utc>, body: &[u8]) -> bool {
    let Ok(push) = serde_json::from_slice::<Push<'_>>(body) else { return false };
    let raw = push.msg.get();
    let text: Option<String> = serde_json::from_str(raw).ok();
    let msg = text.as_deref().unwrap_or(raw);
    fits(source, now, &push.nonce, msg.as_bytes(), &push.msg_signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_is_read_as_it_is_written() {
        let push: Push<'_> = serde_json::from_str(r#"{"nonce":"n","msg":{"b":1, "a":2},"signature":"s"}"#).unwrap();
        assert_eq!((push.msg.get(), push.msg_signature.as_str()), (r#"{"b":1, "a":2}"#, "s"));
        // of token, abcdefgh and hello, by another implementation
        let digest = Md5::digest(b"tokenabcdefghhello");
        assert_eq!(STANDARD.encode(digest), "hu6ZHKxb5QpNYBCkLFCrHQ==");
    }
}
