//! Signed assertions (`private_key_jwt`, RFC 7523). Which signature is taken is the key's to say and not the assertion's; the
//! library is told that one algorithm alone, and whatever else it would read over or be lenient about is judged here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::clients::assertion::Claims;
use domain::clients::key::{ClientKey, KeyAlgorithm, is_kid};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

/// Longest assertion that is looked at, bytes.
const ASSERTION_BYTES_MAX: usize = 4_096;
/// What the header may call an assertion.
const TYPES: [&str; 2] = ["JWT", "client-authentication+jwt"];

/// Keys of no client: an assertion of a client that there is not is verified with one of them, and costs what any other does.
/// They are the examples of RFC 8037 (A.2) and RFC 7517 (A.1); what they say is not listened to.
const NOBODYS: [(KeyAlgorithm, &str, &str); 2] = [
    (KeyAlgorithm::EdDsa, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", ""),
    (KeyAlgorithm::Es256, "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
];

/// The header. Another member (`crit`, `jwk`, `jku`, `x5c`) would change what the signature means, so there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    kid: Option<String>,
}

/// An assertion that was read, and not verified.
pub(super) struct Unverified<'a> {
    text: &'a str,
    algorithm: KeyAlgorithm,
    kid: Option<String>,
    claims: Claims,
}

impl<'a> Unverified<'a> {
    /// Reads an assertion; nothing where it is none that could be right.
    pub fn read(text: &'a str) -> Option<Self> {
        if text.len() > ASSERTION_BYTES_MAX {
            return None;
        }
        let mut parts = text.split('.');
        let (head, claims, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let Head { alg, typ, kid } = serde_json::from_slice(&decoded(head)?).ok()?;
        let typed = typ.is_none_or(|typ| TYPES.iter().any(|known| known.eq_ignore_ascii_case(&typ)));
        if !typed || kid.as_deref().is_some_and(|kid| !is_kid(kid)) {
            return None;
        }
        let algorithm = KeyAlgorithm::from_code(&alg)?;
        Some(Self { text, algorithm, kid, claims: serde_json::from_slice(&decoded(claims)?).ok()? })
    }

    /// Whom it says to be of.
    pub fn client(&self) -> &str {
        self.claims.client()
    }

    /// Its claims, if one of these keys signed it; which. As much work is done where there is none that could have.
    pub fn verified_by<I: Copy>(&self, keys: &[(I, ClientKey)]) -> Option<(I, &Claims)> {
        let fits = |key: &ClientKey| {
            key.algorithm() == self.algorithm && self.kid.as_ref().is_none_or(|kid| *kid == key.kid())
        };
        let mut tried = 0;
        let mut found = None;
        for (id, key) in keys.iter().filter(|(_, key)| fits(key)) {
            tried += 1;
            found = found.or_else(|| self.is_signed_by(key).then_some(*id));
        }
        if tried == 0
            && let Some(nobodys) = nobodys(self.algorithm)
        {
            std::hint::black_box(self.is_signed_by(&nobodys));
        }
        found.map(|id| (id, &self.claims))
    }

    fn is_signed_by(&self, key: &ClientKey) -> bool {
        let (algorithm, decoding) = match key.algorithm() {
            KeyAlgorithm::EdDsa => (Algorithm::EdDSA, DecodingKey::from_ed_der(&key.bytes())),
            KeyAlgorithm::Es256 => (Algorithm::ES256, DecodingKey::from_ec_der(&key.bytes())),
        };
        let mut validation = Validation::new(algorithm);
        // judged by the domain, without the library's leeway and without what it lets pass where a claim is missing
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<Claims>(self.text, &decoding, &validation).is_ok()
    }
}

fn nobodys(algorithm: KeyAlgorithm) -> Option<ClientKey> {
    let (_, x, y) = NOBODYS.into_iter().find(|(of, _, _)| *of == algorithm)?;
    let jwk = match algorithm {
        KeyAlgorithm::EdDsa => serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": x }),
        KeyAlgorithm::Es256 => serde_json::json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }),
    };
    ClientKey::read(&jwk).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_key_of_nobodys_for_each_algorithm() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(nobodys(*algorithm).map(|key| key.algorithm()), Some(*algorithm));
        }
    }

    #[test]
    fn what_could_never_be_right_is_not_read() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let claims = part(r#"{"iss":"a","sub":"a","aud":"b","exp":1,"jti":"c"}"#);
        let of = |head: &str| format!("{}.{claims}.AAAA", part(head));
        assert!(Unverified::read(&of(r#"{"alg":"EdDSA"}"#)).is_some());
        assert!(Unverified::read(&of(r#"{"alg":"ES256","typ":"jwt","kid":"1"}"#)).is_some());
        for text in [
            String::new(),
            "a.b".to_owned(),
            of(r#"{"alg":"none"}"#),
            of(r#"{"alg":"HS256"}"#),
            of(r#"{"alg":"RS256"}"#),
            of(r#"{"alg":"eddsa"}"#),
            of(r#"{"typ":"JWT"}"#),
            of(r#"{"alg":"EdDSA","typ":"at+jwt"}"#),
            of(r#"{"alg":"EdDSA","crit":["x"]}"#),
            of(r#"{"alg":"EdDSA","jku":"https://keys.example"}"#),
            of(r#"{"alg":"EdDSA","kid":""}"#),
            of(r#"{"alg":"EdDSA","alg":"ES256"}"#),
            format!("{}.AAAA", of(r#"{"alg":"EdDSA"}"#)),
            format!("{}{}", of(r#"{"alg":"EdDSA"}"#), "A".repeat(ASSERTION_BYTES_MAX)),
            format!("{}.{}.AAAA", part(r#"{"alg":"EdDSA"}"#), part("[]")),
        ] {
            assert!(Unverified::read(&text).is_none(), "{text}");
        }
    }
}
