//! TC3-HMAC-SHA256 as a pure function, so that the operator's published example proves it.
//! Source: Tencent Cloud API, "签名方法 v3".
use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, Utc};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const SIGNED_HEADERS: &str = "content-type;host";

/// What is signed: a POST to `/` without a query.
pub struct Tc3<'a> {
    /// The product's name in the scope, as in `sms`.
    pub service: &'a str,
    /// The `Host` header.
    pub host: &'a str,
    /// The `Content-Type` header.
    pub content_type: &'a str,
    /// The body, byte for byte.
    pub payload: &'a [u8],
    /// SecretId.
    pub secret_id: &'a str,
    /// SecretKey.
    pub secret_key: &'a str,
    /// The time of `X-TC-Timestamp`; the operator accepts five minutes of difference.
    pub now: DateTime<Utc>,
}

/// The result, with the steps that the published example names.
pub struct Signed {
    /// SHA-256 of the canonical request, in hex.
    pub canonical_request_sha256: String,
    /// The signature, in hex.
    pub signature: String,
    /// The whole `Authorization` header.
    pub authorization: String,
}

impl Tc3<'_> {
    /// Signs.
    #[must_use]
    pub fn sign(&self) -> Signed {
        let canonical = format!(
            "POST\n/\n\ncontent-type:{}\nhost:{}\n\n{SIGNED_HEADERS}\n{}",
            self.content_type,
            self.host,
            sha256_hex(self.payload)
        );
        let canonical_request_sha256 = sha256_hex(canonical.as_bytes());
        let date = self.now.format("%Y-%m-%d").to_string();
        let scope = format!("{date}/{}/tc3_request", self.service);
        let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{canonical_request_sha256}", self.now.timestamp());
        let day_key = hmac_sha256(format!("TC3{}", self.secret_key).as_bytes(), &date);
        let service_key = hmac_sha256(day_key.as_ref(), self.service);
        let signing_key = hmac_sha256(service_key.as_ref(), "tc3_request");
        let signature = hex::encode(hmac_sha256(signing_key.as_ref(), &to_sign));
        let authorization = format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}",
            self.secret_id
        );
        Signed { canonical_request_sha256, signature, authorization }
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

fn hmac_sha256(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the operator's documentation.
    #[test]
    fn published_example() {
        let payload = br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
        assert_eq!(sha256_hex(payload), "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064");
        let signed = Tc3 {
            service: "cvm",
            host: "cvm.tencentcloudapi.com",
            content_type: "application/json; charset=utf-8",
            payload,
            secret_id: "an-id",
            secret_key: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
            now: DateTime::from_timestamp(1_551_113_065, 0).unwrap(),
        }
        .sign();
        assert_eq!(signed.canonical_request_sha256, "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031");
        assert_eq!(signed.signature, "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
        assert_eq!(
            signed.authorization,
            "TC3-HMAC-SHA256 Credential=an-id/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, \
             Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
        );
    }
}
