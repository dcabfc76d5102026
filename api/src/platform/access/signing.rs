//! The keys that access tokens are signed with. One signs; the one after it is known to every process before it does, and the one
//! before it verifies until the last token that it signed has ended. So keys change without anybody being logged out.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::lifetime::{ACCESS_LIFETIME_S, LEEWAY_S};
use crate::error::{Error, Result};
use crate::platform::db::{Db, PlatformTx};
use crate::platform::keys::MasterKey;

/// From so long after it was made on a key signs, seconds: by then every process has read it, and so have those who keep our
/// public keys for a minute.
pub const SIGNS_AFTER_S: i64 = 120;
/// How long a key verifies after another has begun to sign, seconds: the life of a token, and clocks that differ.
const VERIFIES_AFTER_S: i64 = ACCESS_LIFETIME_S + 2 * LEEWAY_S + 60;
const PLACE: &str = "signing_keys.wrapped";
/// What the first key follows from: every process that starts on a new database makes the same.
const FIRST: &str = "access-token/1";

/// One key.
#[derive(Clone)]
pub(super) struct SigningKey {
    pub(super) kid: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    public: Vec<u8>,
    signs_from: DateTime<Utc>,
}

impl SigningKey {
    fn of(pair: &Ed25519KeyPair, signs_from: DateTime<Utc>) -> anyhow::Result<Self> {
        let public = pair.public_key().as_ref().to_vec();
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| anyhow!("Ed25519 key"))?;
        Ok(Self {
            kid: hex::encode(Sha256::digest(&public).get(..8).context("digest")?),
            signing: EncodingKey::from_ed_der(pkcs8.as_ref()),
            verifying: DecodingKey::from_ed_der(&public),
            public,
            signs_from,
        })
    }
}

fn pair(seed: &[u8]) -> anyhow::Result<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| anyhow!("Ed25519 seed"))
}

/// Every key that still counts, in the order in which they sign, never none; and the public halves of those that were withdrawn,
/// by which nobody is let in, but what they signed before is known again.
#[derive(Clone)]
pub(super) struct Ring(Vec<Arc<SigningKey>>, Vec<(String, DecodingKey)>);

impl Ring {
    /// The first key alone.
    pub(super) fn first(master: &MasterKey) -> anyhow::Result<Self> {
        let key = SigningKey::of(&pair(&master.derive(FIRST)?)?, DateTime::UNIX_EPOCH)?;
        Ok(Self(vec![Arc::new(key)], vec![]))
    }

    /// The key that signs at an instant.
    pub(super) fn signs(&self, now: DateTime<Utc>) -> anyhow::Result<Arc<SigningKey>> {
        let begun = self.0.iter().rev().find(|key| key.signs_from <= now);
        begun.or(self.0.first()).cloned().context("a key to sign with")
    }

    /// The key of this name, if what it signed may count at an instant.
    pub(super) fn verifies(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<SigningKey>> {
        let place = self.0.iter().position(|key| key.kid == kid)?;
        let next = self.0.get(place.saturating_add(1));
        let is_over = next.is_some_and(|next| next.signs_from + Duration::seconds(VERIFIES_AFTER_S) <= now);
        (!is_over).then(|| self.0.get(place).cloned()).flatten()
    }

    /// What verifies the statements of the key of this name, however long ago it signed, and if it was withdrawn since.
    pub(super) fn any(&self, kid: &str) -> Option<DecodingKey> {
        let counts = self.0.iter().find(|key| key.kid == kid).map(|key| key.verifying.clone());
        counts.or_else(|| self.1.iter().find(|(name, _)| name == kid).map(|(_, key)| key.clone()))
    }

    /// The public keys by which tokens are verified at an instant, as a JWK set (RFC 7517, RFC 8037).
    pub(super) fn public(&self, now: DateTime<Utc>) -> Value {
        let keys = self.0.iter().filter(|key| self.verifies(&key.kid, now).is_some());
        let shown = keys.map(|key| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.kid,
                "x": URL_SAFE_NO_PAD.encode(&key.public),
            })
        });
        json!({ "keys": shown.collect::<Vec<_>>() })
    }

    /// The keys as they are listed, opened.
    pub(super) fn of(master: &MasterKey, listed: &[ListedKey]) -> Result<Self> {
        let (mut ring, mut former) = (vec![], vec![]);
        for key in listed {
            if key.withdrawn_at.is_some() {
                former.push((key.kid.clone(), DecodingKey::from_ed_der(&key.public)));
                continue;
            }
            let seed = master.unwrap(PLACE, key.id, &key.wrapped).map_err(Error::internal)?;
            ring.push(Arc::new(SigningKey::of(&pair(&seed)?, key.signs_from)?));
        }
        if ring.is_empty() {
            return Err(Error::internal(anyhow!("every key that tokens are signed with was withdrawn")));
        }
        Ok(Self(ring, former))
    }

    /// Whether these are the keys as they are listed: they are looked at far more often than they change.
    pub(super) fn is_of(&self, listed: &[ListedKey]) -> bool {
        let (former, ring): (Vec<_>, Vec<_>) = listed.iter().partition(|key| key.withdrawn_at.is_some());
        ring.iter().map(|key| &key.kid).eq(self.0.iter().map(|key| &key.kid))
            && former.iter().map(|key| &key.kid).eq(self.1.iter().map(|(kid, _)| kid))
    }

    /// The name of a key and its public half.
    pub(super) fn named(&self, now: DateTime<Utc>) -> Option<(String, Vec<u8>)> {
        self.signs(now).ok().map(|key| (key.kid.clone(), key.public.clone()))
    }
}

/// A key as it is listed.
#[derive(Clone, Debug)]
pub struct ListedKey {
    id: Uuid,
    /// Its name in tokens.
    pub kid: String,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    public: Vec<u8>,
    /// Empty once it was withdrawn: its private half is forgotten.
    wrapped: Vec<u8>,
}

impl ListedKey {
    /// Whether another master key wrapped it than the present one.
    pub fn is_by_another(&self, master: &MasterKey) -> bool {
        self.withdrawn_at.is_none() && master.is_by_another(&self.wrapped)
    }
}

/// Every key that there ever was, in the order in which they sign.
///
/// # Errors
/// If the database fails.
pub async fn signing_keys(tx: &PlatformTx) -> Result<Vec<ListedKey>> {
    let sql = "SELECT id, kid, public_key, wrapped, signs_from, withdrawn_at FROM signing_keys ORDER BY signs_from, id";
    let mut keys = vec![];
    for row in tx.rows(sql, []).await? {
        keys.push(ListedKey {
            id: row.try_get("", "id")?,
            kid: row.try_get("", "kid")?,
            signs_from: row.try_get("", "signs_from")?,
            withdrawn_at: row.try_get("", "withdrawn_at")?,
            public: row.try_get("", "public_key")?,
            wrapped: row.try_get("", "wrapped")?,
        });
    }
    Ok(keys)
}

/// The keys as they are listed; where there is none yet, the first one is written down.
pub(super) async fn listed(db: &Db, master: &MasterKey, now: DateTime<Utc>) -> Result<Vec<ListedKey>> {
    let tx = PlatformTx::read(db).await?;
    let mut listed = signing_keys(&tx).await?;
    tx.commit().await?;
    if listed.is_empty() {
        let tx = PlatformTx::begin(db).await?;
        insert(&tx, master, &master.derive(FIRST)?, DateTime::UNIX_EPOCH, now).await?;
        listed = signing_keys(&tx).await?;
        tx.commit().await?;
    }
    Ok(listed)
}

async fn insert(
    tx: &PlatformTx,
    master: &MasterKey,
    seed: &[u8],
    signs_from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<String> {
    let (id, key) = (Uuid::now_v7(), SigningKey::of(&pair(seed)?, signs_from)?);
    let sql = "INSERT INTO signing_keys (id, kid, public_key, wrapped, signs_from, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kid) DO NOTHING";
    let wrapped = master.wrap(PLACE, id, seed)?;
    let values = [id.into(), key.kid.clone().into(), key.public.into(), wrapped.into(), signs_from.into(), now.into()];
    tx.run(sql, values).await?;
    Ok(key.kid)
}

/// Makes a key that signs after a while, or, `at_once`, now: then those before it are withdrawn, and every token that they
/// signed ends. Gives its name and from when on it signs.
///
/// # Errors
/// If the database fails; then there is none.
pub async fn add_signing_key(
    db: &Db,
    master: &MasterKey,
    now: DateTime<Utc>,
    at_once: bool,
) -> Result<(String, DateTime<Utc>)> {
    // whoever begins with this finds the first one written down, though nothing was served yet
    listed(db, master, now).await?;
    let tx = PlatformTx::begin(db).await?;
    let signs_from = if at_once { now } else { now + Duration::seconds(SIGNS_AFTER_S) };
    if at_once {
        let sql = "UPDATE signing_keys SET withdrawn_at = $1, wrapped = $2 WHERE withdrawn_at IS NULL";
        tx.run(sql, [now.into(), Vec::<u8>::new().into()]).await?;
    }
    let seed: [u8; 32] = rand::random();
    let kid = insert(&tx, master, &seed, signs_from, now).await?;
    tx.commit().await?;
    Ok((kid, signs_from))
}

/// Wraps the keys by the present master key, and says how many that changed.
///
/// # Errors
/// If one was wrapped by a master key that is not there, or the database fails; then nothing is changed.
pub async fn rewrap_signing_keys(db: &Db, master: &MasterKey) -> Result<u64> {
    let tx = PlatformTx::begin(db).await?;
    let mut changed = 0;
    for key in signing_keys(&tx).await?.iter().filter(|key| key.is_by_another(master)) {
        let seed = master.unwrap(PLACE, key.id, &key.wrapped).map_err(Error::internal)?;
        let fresh = master.wrap(PLACE, key.id, &seed)?;
        let sql = "UPDATE signing_keys SET wrapped = $2 WHERE id = $1 AND wrapped = $3";
        changed += tx.run(sql, [key.id.into(), fresh.into(), key.wrapped.clone().into()]).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(starts: &[i64]) -> Ring {
        let key = |(index, start): (usize, &i64)| {
            let seed = [u8::try_from(index).unwrap(); 32];
            Arc::new(SigningKey::of(&pair(&seed).unwrap(), at(*start)).unwrap())
        };
        Ring(starts.iter().enumerate().map(key).collect(), vec![])
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn one_signs_and_the_one_before_verifies_until_its_last_token_has_ended() {
        let ring = ring(&[0, 1_000, 9_000]);
        let kid = |place: usize| ring.0[place].kid.clone();
        for (now, signs) in [(0, 0), (999, 0), (1_000, 1), (8_999, 1), (9_000, 2)] {
            assert_eq!(ring.signs(at(now)).unwrap().kid, kid(signs), "{now}");
        }
        let over = 1_000 + VERIFIES_AFTER_S;
        for (now, place, verifies) in
            [(0, 0, true), (0, 1, true), (over - 1, 0, true), (over, 0, false), (over, 1, true), (over, 2, true)]
        {
            assert_eq!(ring.verifies(&kid(place), at(now)).is_some(), verifies, "{now} {place}");
        }
        assert_eq!(ring.public(at(over))["keys"].as_array().map(Vec::len), Some(2));
        assert!(ring.verifies("0011223344556677", at(0)).is_none());
        // the last token that the first signed, by a clock that is late, ends before it stops verifying
        const { assert!(VERIFIES_AFTER_S > ACCESS_LIFETIME_S + LEEWAY_S) };
    }
}
