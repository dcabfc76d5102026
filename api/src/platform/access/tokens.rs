//! Access tokens: short-lived, signed with Ed25519, good for one purpose. A token is checked by everything it claims:
//! algorithm, key, type, issuer, audience, times; what the library leaves open (a missing audience, the type, leeway)
//! is closed here.

use std::time::Duration;

use anyhow::{Context, anyhow};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::access::{DataScope, PermissionSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Principal;
use crate::platform::db::ActorKind;
use crate::platform::keys::MasterKey;

/// How long an access token lives, seconds.
pub const ACCESS_LIFETIME_S: i64 = 600;
/// How far two clocks may differ, seconds.
pub(super) const LEEWAY_S: i64 = 5;
const LIFETIME: Duration = Duration::from_secs(ACCESS_LIFETIME_S.unsigned_abs());
const ISSUER: &str = "zhidan";
const AUDIENCE: &str = "zhidan-api";
const TYPE: &str = "at+jwt";
/// Longest token looked at, bytes.
const TOKEN_BYTES_MAX: usize = 2048;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    tid: Uuid,
    sid: Uuid,
    kind: String,
    perm: u64,
    scope: DataScope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dep: Option<Uuid>,
    iat: i64,
    exp: i64,
}

/// The header of our tokens. Another member (`crit`, `b64`, `jwk`) would change what the token means, and the library reads
/// over it; so there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
}

fn head(token: &str) -> Option<Head> {
    let (head, _) = token.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()
}

/// A token as it is handed out.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// Seconds until it ends.
    pub expires_in_s: i64,
}

/// Signs and verifies.
pub struct Tokens {
    kid: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    /// What every token must claim.
    claimed: Validation,
    public: Vec<u8>,
    known: Cache<Box<str>, Checked>,
}

/// A caller, and from when to when their token counts, in seconds since 1970.
type Checked = (Principal, i64, i64);

/// Tokens that are remembered; of one that is not, the signature is verified again.
const KNOWN_MAX: u64 = 10_000;

fn claimed() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    // Times are judged against the product's own clock, without the library's minute of leeway.
    validation.validate_exp = false;
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    validation
}

impl Tokens {
    /// The signing key follows from the master key, so that every replica has the same.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn new(master: &MasterKey) -> anyhow::Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&master.derive("access-token/1")?)
            .map_err(|_| anyhow!("Ed25519 seed"))?;
        let public = pair.public_key().as_ref().to_vec();
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| anyhow!("Ed25519 key"))?;
        let kid = hex::encode(Sha256::digest(&public).get(..8).context("digest")?);
        Ok(Self {
            kid,
            signing: EncodingKey::from_ed_der(pkcs8.as_ref()),
            verifying: DecodingKey::from_ed_der(&public),
            claimed: claimed(),
            public,
            known: Cache::builder().max_capacity(KNOWN_MAX).time_to_live(LIFETIME).build(),
        })
    }

    /// Key id and raw public key, for those who want to verify.
    pub fn public_key(&self) -> (&str, &[u8]) {
        (&self.kid, &self.public)
    }

    /// A token for `principal`, from `now`.
    ///
    /// # Errors
    /// Only if signing fails.
    pub fn issue(&self, principal: &Principal, now: DateTime<Utc>) -> anyhow::Result<Issued> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        header.typ = Some(TYPE.to_owned());
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: principal.id,
            tid: principal.tenant,
            sid: principal.session,
            kind: principal.kind.key().into(),
            perm: principal.permissions.bits(),
            scope: principal.scope,
            dep: principal.department,
            iat: now.timestamp(),
            exp: now.timestamp().saturating_add(ACCESS_LIFETIME_S),
        };
        let token = jsonwebtoken::encode(&header, &claims, &self.signing)?;
        Ok(Issued { token, expires_in_s: ACCESS_LIFETIME_S })
    }

    /// The caller that `token` speaks for and when it was issued; `None` for anything that is not wholly right. What a
    /// token says never changes, so one that was checked is remembered, byte for byte; whether it is in time is asked of it
    /// anew each time.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<(Principal, DateTime<Utc>)> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let known = self.known.get(token);
        let (principal, iat, exp) = known.or_else(|| self.checked(token))?;
        let at = now.timestamp();
        let in_time = iat <= at.saturating_add(LEEWAY_S)
            && at < exp.saturating_add(LEEWAY_S)
            && exp.saturating_sub(iat) <= ACCESS_LIFETIME_S;
        if !in_time {
            return None;
        }
        if known.is_none() {
            self.known.insert(token.into(), (principal, iat, exp));
        }
        Some((principal, DateTime::from_timestamp(iat, 0)?))
    }

    /// What a token says whose signature and claims are right, and from when to when.
    fn checked(&self, token: &str) -> Option<Checked> {
        let Head { alg, typ, kid } = head(token)?;
        if alg != "EdDSA" || typ != TYPE || kid != self.kid {
            return None;
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.claimed).ok()?.claims;
        let kind = match claims.kind.as_str() {
            "applicant" => ActorKind::Applicant,
            "staff" => ActorKind::Staff,
            "client" => ActorKind::Client,
            "operator" => ActorKind::Operator,
            _ => return None,
        };
        let principal = Principal {
            kind,
            id: claims.sub,
            tenant: claims.tid,
            session: claims.sid,
            permissions: PermissionSet::from_bits(claims.perm),
            scope: claims.scope,
            department: claims.dep,
        };
        Some((principal, claims.iat, claims.exp))
    }
}
