//! ACS3-HMAC-SHA256 as a pure function, so that the operator's published example proves it.
//! Source: Alibaba Cloud OpenAPI, "V3 版本请求体&签名机制".
use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, Utc};
use std::fmt::Write as _;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
const SIGNED_HEADERS: &str = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";

/// What is signed: a POST to `/`.
pub struct Acs3<'a> {
    /// The `Host` header.
    pub host: &'a str,
    /// `x-acs-action`.
    pub action: &'a str,
    /// `x-acs-version`.
    pub version: &'a str,
    /// The query, from [`canonical_query`], exactly as it is sent.
    pub canonical_query: &'a str,
    /// The body, byte for byte.
    pub body: &'a [u8],
    /// `x-acs-signature-nonce`, never used twice.
    pub nonce: &'a str,
    /// AccessKey ID.
    pub access_key_id: &'a str,
    /// AccessKey secret.
    pub access_key_secret: &'a str,
    /// The time of `x-acs-date`.
    pub now: DateTime<Utc>,
}

/// The result, with the steps that the published example names.
pub struct Signed {
    /// `x-acs-date`.
    pub date: String,
    /// `x-acs-content-sha256`.
    pub content_sha256: String,
    /// SHA-256 of the canonical request, in hex.
    pub canonical_request_sha256: String,
    /// The signature, in hex.
    pub signature: String,
    /// The whole `Authorization` header.
    pub authorization: String,
}

impl Acs3<'_> {
    /// Signs.
    #[must_use]
    pub fn sign(&self) -> Signed {
        let date = self.now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let content_sha256 = sha256_hex(self.body);
        let canonical = format!(
            "POST\n/\n{}\nhost:{}\nx-acs-action:{}\nx-acs-content-sha256:{content_sha256}\nx-acs-date:{date}\n\
             x-acs-signature-nonce:{}\nx-acs-version:{}\n\n{SIGNED_HEADERS}\n{content_sha256}",
            self.canonical_query, self.host, self.action, self.nonce, self.version
        );
        let canonical_request_sha256 = sha256_hex(canonical.as_bytes());
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.access_key_secret.as_bytes());
        let signature = hex::encode(hmac::sign(&key, format!("{ALGORITHM}\n{canonical_request_sha256}").as_bytes()));
        let authorization = format!(
            "{ALGORITHM} Credential={},SignedHeaders={SIGNED_HEADERS},Signature={signature}",
            self.access_key_id
        );
        Signed { date, content_sha256, canonical_request_sha256, signature, authorization }
    }
}

/// The parameters sorted by name, both sides encoded by RFC 3986.
#[must_use]
pub fn canonical_query(params: &[(&str, &str)]) -> String {
    let mut sorted = params.to_vec();
    sorted.sort_unstable();
    let pairs: Vec<String> = sorted.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // writing into a String cannot fail
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the operator's documentation.
    #[test]
    fn published_example() {
        let query = canonical_query(&[
            ("RegionId", "cn-shanghai"),
            ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
        ]);
        assert_eq!(query, "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai");
        let signed = Acs3 {
            host: "ecs.cn-shanghai.aliyuncs.com",
            action: "RunInstances",
            version: "2014-05-26",
            canonical_query: &query,
            body: b"",
            nonce: "3156853299f313e23d1673dc12e1703d",
            access_key_id: "YourAccessKeyId",
            access_key_secret: "YourAccessKeySecret",
            now: "2023-10-26T10:22:32Z".parse().unwrap(),
        }
        .sign();
        assert_eq!(signed.date, "2023-10-26T10:22:32Z");
        assert_eq!(signed.canonical_request_sha256, "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259");
        assert_eq!(signed.signature, "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
    }

    #[test]
    fn encoding_follows_rfc_3986() {
        for (text, expected) in
            [("a b", "a%20b"), ("*~'", "%2A~%27"), ("{\"码\":1}", "%7B%22%E7%A0%81%22%3A1%7D"), ("", "")]
        {
            assert_eq!(encode(text), expected);
        }
    }
}
