//! Signatures as the Standard Webhooks specification has them: HMAC-SHA256 over id, second and body, one after the other for
//! each secret that holds, so that a receiver can change over without missing a message.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What secrets begin with.
const PREFIX: &str = "whsec_";
/// What a signature of this kind begins with.
const VERSION: &str = "v1";
/// Fewest bytes of a key.
const KEY_BYTES_MIN: usize = 24;
/// Most bytes of a key.
const KEY_BYTES_MAX: usize = 64;
/// Bytes of a key that we make.
pub const KEY_BYTES: usize = 32;

/// A secret that messages are signed with. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl SigningSecret {
    /// A secret of fresh random bytes.
    pub fn of(random: [u8; KEY_BYTES]) -> Self {
        Self(random.to_vec())
    }

    /// Reads `whsec_` and base64; nothing where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let key = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        (KEY_BYTES_MIN..=KEY_BYTES_MAX).contains(&key.len()).then_some(Self(key))
    }

    /// The text that its owner is shown once and that is sealed.
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of a message.
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        // a key of any length is taken, so this does not fail; if it did, the receiver would refuse the message
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp_s}.").as_bytes());
        mac.update(body.as_bytes());
        format!("{VERSION},{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What `webhook-signature` says: a signature for each secret, the newest first.
pub fn signatures(secrets: &[SigningSecret], id: &str, timestamp_s: i64, body: &str) -> String {
    let all: Vec<_> = secrets.iter().map(|secret| secret.sign(id, timestamp_s, body)).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_specifications_own_example_is_signed_as_it_says() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret.expose(), SECRET);
        assert_eq!(format!("{secret:?}"), "***");
    }

    #[test]
    fn two_secrets_make_two_signatures() {
        let (new, old) = (SigningSecret::of([7; KEY_BYTES]), SigningSecret::parse(SECRET).unwrap());
        let both = signatures(&[new.clone(), old.clone()], "a", 1, "b");
        assert_eq!(both, format!("{} {}", new.sign("a", 1, "b"), old.sign("a", 1, "b")));
        assert_ne!(new.sign("a", 1, "b"), old.sign("a", 1, "b"));
    }

    #[test]
    fn what_is_no_secret_is_not_taken_for_one() {
        for text in [
            "",
            "whsec_",
            "whsec_AAAA",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_!!!",
            "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            assert_eq!(SigningSecret::parse(text), None, "{text}");
        }
        let long = format!("whsec_{}", STANDARD.encode([0; KEY_BYTES_MAX + 1]));
        assert_eq!(SigningSecret::parse(&long), None);
    }

    proptest! {
        #[test]
        fn each_part_of_a_message_is_signed(key: [u8; KEY_BYTES], at: i64, body in "\\PC{0,40}") {
            let secret = SigningSecret::of(key);
            let signed = secret.sign("id", at, &body);
            prop_assert_eq!(SigningSecret::parse(&secret.expose()), Some(secret.clone()));
            prop_assert_ne!(&signed, &secret.sign("ie", at, &body));
            prop_assert_ne!(&signed, &secret.sign("id", at.wrapping_add(1), &body));
            prop_assert_ne!(&signed, &secret.sign("id", at, &format!("{body} ")));
        }
    }
}
