//! What is typed about a client.

use std::ops::RangeInclusive;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey};
use domain::clients::key::{ClientKey, KeyAlgorithm};
use domain::clients::limits::{AT_ONCE_RANGE, BURST_RANGE, Limits, PER_DAY_RANGE, RATE_RANGE};
use domain::clients::scope::Scope;
use domain::network::Network;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Said;
use super::view::{ClientKindWord, ScopeWord};
use crate::error::Result;
use crate::platform::http::Checks;

/// Most characters of a name.
const NAME_CHARS_MAX: usize = 60;
/// Most networks of a list.
const NETWORKS_MAX: usize = 50;

/// How much a client may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientLimits {
    /// Requests per second, in the long run.
    #[schema(example = 10, minimum = 1, maximum = 1000)]
    pub rate_per_second: u32,
    /// Requests after a rest, one right after the other.
    #[schema(example = 20, minimum = 1, maximum = 5000)]
    pub burst: u32,
    /// Requests in hand together.
    #[schema(example = 5, minimum = 1, maximum = 200)]
    pub at_once: u32,
    /// Requests of a day in Beijing.
    #[schema(example = 100_000, minimum = 1, maximum = 100_000_000)]
    pub per_day: u64,
}

/// A public key of a client (RFC 7517, RFC 8037). It describes what is read by the domain, which refuses a private half.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct PublicJwk {
    /// OKP for Ed25519, EC for P-256.
    #[schema(pattern = "^(OKP|EC)$", example = "OKP")]
    pub kty: String,
    /// The curve.
    #[schema(pattern = "^(Ed25519|P-256)$", example = "Ed25519")]
    pub crv: String,
    /// The point, or its first coordinate: 32 bytes in base64url.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$", example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    pub x: String,
    /// Of P-256, the second coordinate.
    #[schema(pattern = "^[A-Za-z0-9_-]{43}$")]
    pub y: Option<String>,
    /// What its owner calls it; its thumbprint (RFC 7638) if not said.
    #[schema(min_length = 1, max_length = 128, example = "2026-1")]
    pub kid: Option<String>,
}

/// A client to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiClient {
    /// What it is called.
    #[schema(example = "示例银行信贷系统", min_length = 1, max_length = 60)]
    pub name: String,
    /// Whose system it is.
    pub kind: ClientKindWord,
    /// What it may do.
    #[schema(min_items = 1, max_items = 50)]
    pub scopes: Vec<ScopeWord>,
    /// Where it may come from: addresses and networks (IPv4 or IPv6); none for anywhere.
    #[serde(default)]
    #[schema(example = json!(["203.0.113.0/24", "2001:db8::/48"]), max_items = 50)]
    pub allow_list: Vec<String>,
    /// How much it may ask; if not said, 10 requests per second, 20 in a burst, 5 at once, 100,000 a day.
    pub limits: Option<ClientLimits>,
    /// Where it signs: the public half of its key as a JSON Web Key, Ed25519 or P-256. If not said, it gets a secret.
    #[schema(value_type = Option<PublicJwk>)]
    pub public_key: Option<serde_json::Value>,
}

/// What is to be changed of a client; what is left out stays.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiClientChange {
    /// What it is called.
    #[schema(example = "示例银行信贷系统", min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Whose system it is.
    pub kind: Option<ClientKindWord>,
    /// What it may do. Its tokens end with a change of this, and it asks for new ones.
    #[schema(min_items = 1, max_items = 50)]
    pub scopes: Option<Vec<ScopeWord>>,
    /// Where it may come from; an empty list for anywhere.
    #[schema(example = json!(["203.0.113.0/24"]), max_items = 50)]
    pub allow_list: Option<Vec<String>>,
    /// How much it may ask.
    pub limits: Option<ClientLimits>,
}

impl ClientLimits {
    pub(super) fn of(limits: Limits) -> Self {
        let Limits { rate_per_second, burst, at_once, per_day } = limits;
        Self { rate_per_second, burst, at_once, per_day }
    }

    fn checked(self, checks: &mut Checks) -> Limits {
        let Self { rate_per_second, burst, at_once, per_day } = self;
        let mut within = |name: &str, n: u64, range: RangeInclusive<u64>| {
            if !range.contains(&n) {
                let (least, most) = (range.start(), range.end());
                let (zh, en) = (format!("应在{least}至{most}之间"), format!("is from {least} to {most}"));
                checks.problem(&format!("/limits/{name}"), "range", zh, en);
            }
        };
        let wide = |range: RangeInclusive<u32>| u64::from(*range.start())..=u64::from(*range.end());
        within("rate_per_second", rate_per_second.into(), wide(RATE_RANGE));
        within("burst", burst.into(), wide(BURST_RANGE));
        within("at_once", at_once.into(), wide(AT_ONCE_RANGE));
        within("per_day", per_day, PER_DAY_RANGE);
        Limits { rate_per_second, burst, at_once, per_day }
    }
}

/// Scopes, each once, in the order of the table.
fn scopes(checks: &mut Checks, words: &[ScopeWord]) -> Vec<Scope> {
    if words.is_empty() {
        checks.problem("/scopes", "required", "请至少选择一项权限范围", "name at least one scope");
    }
    Scope::ALL.iter().copied().filter(|scope| words.contains(&ScopeWord(*scope))).collect()
}

fn networks(checks: &mut Checks, list: &[String]) -> Vec<Network> {
    if list.len() > NETWORKS_MAX {
        let (zh, en) = (format!("最多{NETWORKS_MAX}项"), format!("has at most {NETWORKS_MAX} entries"));
        checks.problem("/allow_list", "count", zh, en);
        return vec![];
    }
    let mut read = vec![];
    for (place, text) in list.iter().enumerate() {
        match text.trim().parse::<Network>() {
            Ok(network) if read.contains(&network) => {}
            Ok(network) => read.push(network),
            Err(_) => {
                let (zh, en) =
                    ("应为IP地址或网段，如203.0.113.0/24", "is an address or a network such as 203.0.113.0/24");
                checks.problem(&format!("/allow_list/{place}"), "network", zh, en);
            }
        }
    }
    read
}

/// Reads a public key, and looks whether its point lies on its curve.
pub(super) fn key(checks: &mut Checks, pointer: &str, jwk: &serde_json::Value) -> Option<ClientKey> {
    match ClientKey::read(jwk) {
        Ok(key) => {
            let lies_there = match key.algorithm() {
                KeyAlgorithm::EdDsa => ParsedPublicKey::new(&ED25519, key.bytes()).is_ok(),
                KeyAlgorithm::Es256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.bytes()).is_ok(),
            };
            if !lies_there {
                checks.problem(pointer, "point", "公钥不是该曲线上的点", "the point does not lie on the curve");
            }
            lies_there.then_some(key)
        }
        Err(fault) => {
            let words = fault.words();
            checks.problem(pointer, fault.code(), words.zh, words.en);
            None
        }
    }
}

impl NewApiClient {
    /// What is said, with the key if one was given.
    ///
    /// # Errors
    /// `invalid_fields` with everything that is wrong.
    pub(super) fn checked(&self) -> Result<(Said, Option<ClientKey>)> {
        let mut checks = Checks::new();
        let said = Said {
            name: checks.line("/name", &self.name, NAME_CHARS_MAX),
            kind: self.kind.0,
            scopes: scopes(&mut checks, &self.scopes),
            allow: networks(&mut checks, &self.allow_list),
            limits: self.limits.map_or_else(Limits::default, |limits| limits.checked(&mut checks)),
        };
        let given = self.public_key.as_ref();
        let key = given.and_then(|jwk| key(&mut checks, "/public_key", jwk));
        checks.done()?;
        Ok((said, key))
    }
}

impl ApiClientChange {
    /// What is said then.
    ///
    /// # Errors
    /// As [`NewApiClient::checked`].
    pub(super) fn applied(&self, before: &Said) -> Result<Said> {
        let mut checks = Checks::new();
        let mut said = before.clone();
        if let Some(name) = &self.name {
            said.name = checks.line("/name", name, NAME_CHARS_MAX);
        }
        if let Some(kind) = self.kind {
            said.kind = kind.0;
        }
        if let Some(words) = &self.scopes {
            said.scopes = scopes(&mut checks, words);
        }
        if let Some(list) = &self.allow_list {
            said.allow = networks(&mut checks, list);
        }
        if let Some(limits) = self.limits {
            said.limits = limits.checked(&mut checks);
        }
        checks.done()?;
        Ok(said)
    }
}
