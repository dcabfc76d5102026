//! What Tuya's message service sends is encrypted with the middle of the account's access secret: AES-128, in GCM (twelve
//! bytes of nonce before, the tag behind) or, of older accounts, in ECB. The frame of the queue may still be around it.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Which characters of the access secret are the key.
const KEY: std::ops::Range<usize> = 8..24;
const NONCE_BYTES: usize = 12;

/// The message inside an encrypted one; nothing where it is not encrypted, or not with this secret.
pub(super) fn decrypted(secret: &str, body: &[u8]) -> Option<Vec<u8>> {
    let outer: Value = serde_json::from_slice(body).ok()?;
    let frame = match outer.get("payload").and_then(Value::as_str) {
        Some(packed) => serde_json::from_slice(&STANDARD.decode(packed).ok()?).ok()?,
        None => outer.clone(),
    };
    let hidden = STANDARD.decode(frame.get("data")?.as_str()?).ok()?;
    let mode = frame.get("encryptMode").or_else(|| outer.pointer("/properties/em")).and_then(Value::as_str);
    let key = secret.as_bytes().get(KEY)?;
    match mode {
        Some("aes_gcm") => gcm(key, hidden),
        _ => ecb(key, hidden),
    }
}

fn gcm(key: &[u8], hidden: Vec<u8>) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).ok()?);
    let (nonce, body) = hidden.split_at_checked(NONCE_BYTES)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut body = body.to_vec();
    Some(key.open_in_place(nonce, Aad::empty(), &mut body).ok()?.to_vec())
}

fn ecb(key: &[u8], mut hidden: Vec<u8>) -> Option<Vec<u8>> {
    let key = PaddedBlockDecryptingKey::ecb_pkcs7(UnboundCipherKey::new(&AES_128, key).ok()?).ok()?;
    Some(key.decrypt(&mut hidden, DecryptionContext::None).ok()?.to_vec())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::cipher::PaddedBlockEncryptingKey;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const PLAIN: &[u8] = br#"{"bizCode":"devicePropertyMessage","bizData":{},"ts":1}"#;

    fn sealed_gcm() -> String {
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &SECRET.as_bytes()[KEY]).unwrap());
        let nonce = [7; NONCE_BYTES];
        let mut body = PLAIN.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body).unwrap();
        STANDARD.encode([&nonce[..], &body].concat())
    }

    fn sealed_ecb() -> String {
        let key = UnboundCipherKey::new(&AES_128, &SECRET.as_bytes()[KEY]).unwrap();
        let mut body = PLAIN.to_vec();
        PaddedBlockEncryptingKey::ecb_pkcs7(key).unwrap().encrypt(&mut body).unwrap();
        STANDARD.encode(body)
    }

    #[test]
    fn what_is_encrypted_opens_with_its_secret_and_with_no_other() {
        let (gcm, ecb) = (json!({ "data": sealed_gcm(), "encryptMode": "aes_gcm" }), json!({ "data": sealed_ecb() }));
        let framed = |inner: &Value, properties: Value| json!({ "messageId": "m1", "payload": STANDARD.encode(inner.to_string()), "properties": properties });
        let told = framed(&json!({ "data": sealed_gcm() }), json!({ "em": "aes_gcm" }));
        for message in [gcm.clone(), ecb.clone(), framed(&gcm, json!({})), framed(&ecb, json!({})), told] {
            let text = message.to_string();
            assert_eq!(decrypted(SECRET, text.as_bytes()).as_deref(), Some(PLAIN), "{text}");
            assert_ne!(decrypted("fedcba9876543210fedcba9876543210", text.as_bytes()).as_deref(), Some(PLAIN));
            assert_eq!(decrypted("short", text.as_bytes()), None);
        }
        for plain in [&b"{}"[..], b"[]", b"ON", br#"{"data":"!"}"#, br#"{"payload":"e30="}"#, PLAIN] {
            assert_eq!(decrypted(SECRET, plain), None);
        }
    }
}
