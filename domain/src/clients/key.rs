//! Public keys of clients, as JSON Web Keys (RFC 7517, RFC 8037). A key says by itself which signature it is for, so that no
//! assertion can choose another.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::coded::coded;

/// Bytes of a coordinate.
const COORDINATE_BYTES: usize = 32;
/// Most characters of a key's own name.
const KID_CHARS_MAX: usize = 128;
/// Members that only a private or a shared key has.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

coded! {
    /// The signatures that are taken.
    KeyAlgorithm {
        /// Ed25519 (RFC 8037).
        EdDsa "EdDSA" "Ed25519" "Ed25519";
        /// P-256 with SHA-256 (RFC 7518).
        Es256 "ES256" "P-256" "P-256";
    }
}

coded! {
    /// Why something is no key that can be taken.
    KeyFault {
        /// It holds a private half.
        Private "private" "请只提供公钥，不要提供私钥；该私钥请作废" "give the public half alone; the private half that was sent is to be replaced";
        /// Another kind.
        Kind "kind" "只接受Ed25519（OKP）或P-256（EC）公钥" "a key is Ed25519 (OKP) or P-256 (EC)";
        /// A coordinate is not what it should be.
        Coordinate "coordinate" "公钥坐标不是32字节的base64url" "a coordinate is 32 bytes in base64url";
        /// It says that it is for something else.
        Use "use" "公钥的用途或算法与签名验证不符" "the key says that it is for something else";
        /// Its name cannot be.
        Kid "kid" "kid应为1至128个可见ASCII字符" "kid has 1 to 128 visible ASCII characters";
    }
}

/// A public key of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientKey {
    algorithm: KeyAlgorithm,
    kid: Option<String>,
    x: [u8; COORDINATE_BYTES],
    y: Option<[u8; COORDINATE_BYTES]>,
}

fn coordinate(jwk: &Value, name: &str) -> Result<[u8; COORDINATE_BYTES], KeyFault> {
    let text = jwk.get(name).and_then(Value::as_str).ok_or(KeyFault::Coordinate)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault::Coordinate)?;
    bytes.try_into().map_err(|_| KeyFault::Coordinate)
}

impl ClientKey {
    /// Reads a JSON Web Key.
    ///
    /// # Errors
    /// Why it is none that can be taken.
    pub fn read(jwk: &Value) -> Result<Self, KeyFault> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if PRIVATE.iter().any(|name| jwk.get(name).is_some()) {
            return Err(KeyFault::Private);
        }
        let algorithm = match (text("kty"), text("crv")) {
            (Some("OKP"), Some("Ed25519")) => KeyAlgorithm::EdDsa,
            (Some("EC"), Some("P-256")) => KeyAlgorithm::Es256,
            _ => return Err(KeyFault::Kind),
        };
        let fits = |name: &str, expected: &str| jwk.get(name).is_none_or(|value| value == expected);
        if !fits("use", "sig") || !fits("alg", algorithm.code()) {
            return Err(KeyFault::Use);
        }
        let kid = match jwk.get("kid") {
            None => None,
            Some(Value::String(kid)) if is_kid(kid) => Some(kid.clone()),
            Some(_) => return Err(KeyFault::Kid),
        };
        let y = if algorithm == KeyAlgorithm::Es256 { Some(coordinate(jwk, "y")?) } else { None };
        Ok(Self { algorithm, kid, x: coordinate(jwk, "x")?, y })
    }

    /// The one signature that it is for.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// What its owner calls it; else its thumbprint.
    pub fn kid(&self) -> String {
        self.kid.clone().unwrap_or_else(|| self.thumbprint())
    }

    /// Its thumbprint (RFC 7638): the same key has the same, however it was written.
    pub fn thumbprint(&self) -> String {
        let x = URL_SAFE_NO_PAD.encode(self.x);
        let members = match self.y {
            None => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#),
            Some(y) => format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{}"}}"#, URL_SAFE_NO_PAD.encode(y)),
        };
        URL_SAFE_NO_PAD.encode(Sha256::digest(members.as_bytes()))
    }

    /// The key's bytes as signatures are verified with: the point itself of Ed25519, the uncompressed point of P-256.
    pub fn bytes(&self) -> Vec<u8> {
        match self.y {
            None => self.x.to_vec(),
            Some(y) => [&[4], self.x.as_slice(), &y].concat(),
        }
    }

    /// It as a JSON Web Key.
    pub fn to_jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.x);
        let (kid, alg) = (self.kid(), self.algorithm.code());
        match self.y {
            None => json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "alg": alg, "use": "sig" }),
            Some(y) => {
                let y = URL_SAFE_NO_PAD.encode(y);
                json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": alg, "use": "sig" })
            }
        }
    }
}

/// Whether something can be the name of a key.
pub fn is_kid(text: &str) -> bool {
    (1..=KID_CHARS_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.2, whose thumbprint A.3 gives.
    fn ed25519() -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
    }

    /// RFC 7517, appendix A.1.
    fn p256() -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "kid": "1" })
    }

    fn with(mut jwk: Value, name: &str, value: Value) -> Value {
        jwk[name] = value;
        jwk
    }

    #[test]
    fn keys_of_the_standards_are_read_and_written_again() {
        let key = ClientKey::read(&ed25519()).unwrap();
        assert_eq!(key.algorithm(), KeyAlgorithm::EdDsa);
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!((key.kid(), key.bytes().len()), (key.thumbprint(), 32));
        let ec = ClientKey::read(&p256()).unwrap();
        assert_eq!((ec.algorithm(), ec.kid().as_str(), ec.bytes().len()), (KeyAlgorithm::Es256, "1", 65));
        for key in [key, ec] {
            assert_eq!(ClientKey::read(&key.to_jwk()).unwrap().to_jwk(), key.to_jwk());
        }
    }

    #[test]
    fn what_is_no_public_key_of_ours_is_refused() {
        for (jwk, fault) in [
            (with(ed25519(), "d", json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")), KeyFault::Private),
            (json!({ "kty": "oct", "k": "AAAA" }), KeyFault::Private),
            (json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }), KeyFault::Kind),
            (with(ed25519(), "crv", json!("Ed448")), KeyFault::Kind),
            (with(p256(), "crv", json!("P-384")), KeyFault::Kind),
            (with(ed25519(), "kty", json!("EC")), KeyFault::Kind),
            (json!([]), KeyFault::Kind),
            (json!("x"), KeyFault::Kind),
            (Value::Null, KeyFault::Kind),
            (with(ed25519(), "x", json!("11qYAYKxCrfVS_7TyWQHOg")), KeyFault::Coordinate),
            (with(ed25519(), "x", json!(7)), KeyFault::Coordinate),
            (with(p256(), "y", Value::Null), KeyFault::Coordinate),
            (with(ed25519(), "use", json!("enc")), KeyFault::Use),
            (with(ed25519(), "alg", json!("HS256")), KeyFault::Use),
            (with(p256(), "alg", json!("EdDSA")), KeyFault::Use),
            (with(ed25519(), "kid", json!("")), KeyFault::Kid),
            (with(ed25519(), "kid", json!("a b")), KeyFault::Kid),
            (with(ed25519(), "kid", json!("x".repeat(129))), KeyFault::Kid),
        ] {
            assert_eq!(ClientKey::read(&jwk), Err(fault), "{jwk}");
        }
    }
}
