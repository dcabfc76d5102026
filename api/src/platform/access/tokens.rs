//! Access tokens: short-lived, signed with Ed25519, good for one purpose. A token is checked by everything it claims:
//! algorithm, key, type, issuer, audience, times; what the library leaves open (a missing audience, the type, leeway)
//! is closed here.

use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::anyhow;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::access::{DataScope, PermissionSet};
use jsonwebtoken::{Algorithm, Header, Validation};
use moka::sync::Cache;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Principal;
use super::lifetime::{ACCESS_LIFETIME_S, LEEWAY_S};
use super::signing::{self, Ring};
use crate::error::Result;
use crate::platform::db::{ActorKind, Db};
use crate::platform::keys::MasterKey;

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
    ring: RwLock<Ring>,
    /// What every token must claim.
    claimed: Validation,
    known: Cache<Box<str>, Checked>,
    /// How often the keys changed: what was checked by those before is not remembered after.
    changes: AtomicU64,
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
    /// Tokens of the first key, which follows from the master key, so that every replica has the same.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn new(master: &MasterKey) -> anyhow::Result<Self> {
        Ok(Self {
            ring: RwLock::new(Ring::first(master)?),
            claimed: claimed(),
            known: Cache::builder().max_capacity(KNOWN_MAX).time_to_live(LIFETIME).build(),
            changes: AtomicU64::new(0),
        })
    }

    /// Reads the keys anew. Where one is gone, so is what was remembered of the tokens that it signed.
    ///
    /// # Errors
    /// If the database fails or a key does not open; what was known stays.
    pub async fn refresh(&self, db: &Db, master: &MasterKey, now: DateTime<Utc>) -> Result<()> {
        let listed = signing::listed(db, master, now).await?;
        if self.ring.read().is_ok_and(|ring| ring.is_of(&listed)) {
            return Ok(());
        }
        let fresh = Ring::of(master, &listed)?;
        let Ok(mut ring) = self.ring.write() else { return Ok(()) };
        *ring = fresh;
        drop(ring);
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate_all();
        Ok(())
    }

    /// The public keys by which tokens are verified at an instant, as a JWK set.
    pub fn public_keys(&self, now: DateTime<Utc>) -> Value {
        self.ring.read().map_or_else(|_| json!({ "keys": [] }), |ring| ring.public(now))
    }

    /// The name of the key that signs at an instant, and its raw public half.
    pub fn signing_key(&self, now: DateTime<Utc>) -> Option<(String, Vec<u8>)> {
        self.ring.read().ok()?.named(now)
    }

    /// A token for `principal`, from `now`.
    ///
    /// # Errors
    /// Only if signing fails.
    pub fn issue(&self, principal: &Principal, now: DateTime<Utc>) -> anyhow::Result<Issued> {
        let key = self.ring.read().map_err(|_| anyhow!("the keys of tokens"))?.signs(now)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.kid.clone());
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
        let token = jsonwebtoken::encode(&header, &claims, &key.signing)?;
        Ok(Issued { token, expires_in_s: ACCESS_LIFETIME_S })
    }

    /// A statement of the product, signed as tokens are but of another type: nobody is let in by it.
    ///
    /// # Errors
    /// Only if signing fails.
    pub fn sign<T: Serialize>(&self, kind: &str, claims: &T, now: DateTime<Utc>) -> anyhow::Result<String> {
        anyhow::ensure!(kind != TYPE, "a statement is no access token");
        let key = self.ring.read().map_err(|_| anyhow!("the keys of tokens"))?.signs(now)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.kid.clone());
        header.typ = Some(kind.to_owned());
        Ok(jsonwebtoken::encode(&header, claims, &key.signing)?)
    }

    /// What a statement of that type says, whenever it was signed; none where a key signed it that never was ours.
    pub fn signed<T: DeserializeOwned + Clone>(&self, kind: &str, statement: &str) -> Option<T> {
        let Head { alg, typ, kid } = head(statement)?;
        if alg != "EdDSA" || typ != kind {
            return None;
        }
        let key = self.ring.read().ok()?.any(&kid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<T>(statement, &key, &validation).ok().map(|data| data.claims)
    }

    /// The caller that `token` speaks for and when it was issued; `None` for anything that is not wholly right. What a
    /// token says never changes, so one that was checked is remembered, byte for byte; whether it is in time is asked of it
    /// anew each time.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<(Principal, DateTime<Utc>)> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let changes = self.changes.load(Ordering::SeqCst);
        let known = self.known.get(token);
        let (principal, iat, exp) = known.or_else(|| self.checked(token, now))?;
        let at = now.timestamp();
        let in_time = iat <= at.saturating_add(LEEWAY_S)
            && at < exp.saturating_add(LEEWAY_S)
            && exp.saturating_sub(iat) <= ACCESS_LIFETIME_S;
        if !in_time {
            return None;
        }
        if known.is_none() {
            self.known.insert(token.into(), (principal, iat, exp));
            if self.changes.load(Ordering::SeqCst) != changes {
                self.known.invalidate(token);
            }
        }
        Some((principal, DateTime::from_timestamp(iat, 0)?))
    }

    /// What a token says whose signature and claims are right, and from when to when.
    fn checked(&self, token: &str, now: DateTime<Utc>) -> Option<Checked> {
        let Head { alg, typ, kid } = head(token)?;
        if alg != "EdDSA" || typ != TYPE {
            return None;
        }
        let key = self.ring.read().ok()?.verifies(&kid, now)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &self.claimed).ok()?.claims;
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
