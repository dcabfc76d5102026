//! Access tokens: short-lived, signed with Ed25519, good for one purpose. A token is checked by everything it claims:
//! algorithm, key, type, issuer, audience, times; what the library leaves open (a missing audience, the type, leeway)
//! is closed here.

use anyhow::{Context, anyhow};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::access::{DataScope, PermissionSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
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
    public: Vec<u8>,
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
            public,
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

    /// The caller that `token` speaks for and when it was issued; `None` for anything that is not wholly right.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<(Principal, DateTime<Utc>)> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let Head { alg, typ, kid } = head(token)?;
        if alg != "EdDSA" || typ != TYPE || kid != self.kid {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        // Times are judged below against the product's own clock, without the library's minute of leeway.
        validation.validate_exp = false;
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &validation).ok()?.claims;
        let at = now.timestamp();
        let in_time = claims.iat <= at.saturating_add(LEEWAY_S)
            && at < claims.exp.saturating_add(LEEWAY_S)
            && claims.exp.saturating_sub(claims.iat) <= ACCESS_LIFETIME_S;
        if !in_time {
            return None;
        }
        let kind = match claims.kind.as_str() {
            "applicant" => ActorKind::Applicant,
            "staff" => ActorKind::Staff,
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
        Some((principal, DateTime::from_timestamp(claims.iat, 0)?))
    }
}
