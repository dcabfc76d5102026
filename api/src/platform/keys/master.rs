//! The master key, and those beside it: while one takes another's place, both open what either closed.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use uuid::Uuid;

use super::seal::{FIRST, NAMED, aead_key, expand, open_with, seal_with};
use super::tenant::{TenantKeys, WrappedKeys};

/// What names a master key in what it closed, bytes.
const NAME_BYTES: usize = 8;
/// A tenant's first data key, which is bound to the tenant alone.
const DATA: &str = "tenants.wrapped_key";
const AUDIT: &str = "tenants.wrapped_audit_key";

/// 32 bytes that everything is derived from, and others that only open. Never printed.
#[derive(Clone)]
pub struct MasterKey(Arc<Keys>);

struct Keys {
    current: One,
    also: Vec<One>,
}

struct One {
    bytes: [u8; 32],
    name: [u8; NAME_BYTES],
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

impl One {
    fn from_hex(text: &str) -> anyhow::Result<Self> {
        let bytes = hex::decode(text.trim()).context("expected 64 hexadecimal digits")?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| anyhow!("expected 64 hexadecimal digits"))?;
        let name = expand(&bytes, "name")?.first_chunk().copied().context("a name")?;
        Ok(Self { bytes, name })
    }

    fn derive(&self, purpose: &str) -> anyhow::Result<[u8; 32]> {
        expand(&self.bytes, purpose)
    }
}

impl MasterKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// Anything else.
    pub fn from_hex(text: &str) -> anyhow::Result<Self> {
        Self::with_others(text, [])
    }

    /// The same, with others that open what they closed and close nothing.
    ///
    /// # Errors
    /// As [`Self::from_hex`], or where one stands twice.
    pub fn with_others<'a>(text: &str, others: impl IntoIterator<Item = &'a str>) -> anyhow::Result<Self> {
        let current = One::from_hex(text)?;
        let also = others.into_iter().map(One::from_hex).collect::<anyhow::Result<Vec<_>>>()?;
        for (index, one) in also.iter().enumerate() {
            let before = also.iter().take(index).chain([&current]);
            anyhow::ensure!(before.into_iter().all(|other| other.bytes != one.bytes), "the same key stands twice");
        }
        Ok(Self(Arc::new(Keys { current, also })))
    }

    /// 32 bytes for one named purpose, of the present key.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn derive(&self, purpose: &str) -> anyhow::Result<[u8; 32]> {
        self.0.current.derive(purpose)
    }

    /// What names the present key where it closed something, in hexadecimal digits; it tells nothing of the key.
    pub fn name(&self) -> String {
        hex::encode(self.0.current.name)
    }

    /// The names of those that only open.
    pub fn other_names(&self) -> Vec<String> {
        self.0.also.iter().map(|one| hex::encode(one.name)).collect()
    }

    /// Closes a key for one place of one subject.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn wrap(&self, place: &str, subject: Uuid, key: &[u8]) -> anyhow::Result<Vec<u8>> {
        let head: Vec<u8> = [&[NAMED], self.0.current.name.as_slice()].concat();
        seal_with(&aead_key(&self.derive("wrap")?)?, &head, &bound(place, subject), key)
    }

    /// Opens a key that this master key closed, or one of those beside it.
    ///
    /// # Errors
    /// If none of them did, or not for this place and subject.
    pub fn unwrap(&self, place: &str, subject: Uuid, wrapped: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.unwrap_by(place, subject, wrapped).map(|(_, key)| key)
    }

    /// Whether something was closed by another key than the present one.
    pub fn is_by_another(&self, wrapped: &[u8]) -> bool {
        !matches!(wrapped.split_first(), Some((&NAMED, rest)) if rest.starts_with(&self.0.current.name))
    }

    fn unwrap_by(&self, place: &str, subject: Uuid, wrapped: &[u8]) -> anyhow::Result<(&One, Vec<u8>)> {
        const UNKNOWN: &str = "the key was wrapped by another master key (ZHIDAN_MASTER_KEY, ZHIDAN_MASTER_KEYS_ALSO)";
        let (format, rest) = wrapped.split_first().context("the wrapped key is empty")?;
        let mut all = std::iter::once(&self.0.current).chain(&self.0.also);
        if *format == NAMED {
            let (name, rest) = rest.split_at_checked(NAME_BYTES).context("the wrapped key is too short")?;
            let one = all.find(|one| one.name == name).context(UNKNOWN)?;
            let key = open_with(&aead_key(&one.derive("wrap")?)?, &bound(place, subject), rest)?;
            return Ok((one, key));
        }
        // before keys had names there was one, and it wrapped nothing but the first data keys
        anyhow::ensure!(*format == FIRST && place == DATA, "the wrapped key has unknown format {format}");
        for one in all {
            if let Ok(key) = open_with(&aead_key(&one.derive("wrap")?)?, subject.as_bytes(), rest) {
                return Ok((one, key));
            }
        }
        Err(anyhow!(UNKNOWN))
    }

    /// Keys for a new tenant, wrapped.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn new_wrapped_keys(&self, tenant: Uuid) -> anyhow::Result<WrappedKeys> {
        let (data, audit): ([u8; 32], [u8; 32]) = (rand::random(), rand::random());
        let first = self.wrap(DATA, tenant, &data)?;
        Ok(WrappedKeys { first, audit: Some(self.wrap(AUDIT, tenant, &audit)?), later: vec![] })
    }

    /// A further data key for a tenant, wrapped.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn new_later_key(&self, tenant: Uuid, version: u16) -> anyhow::Result<Vec<u8>> {
        let data: [u8; 32] = rand::random();
        self.wrap(&later(version), tenant, &data)
    }

    /// A tenant's first data key, and the key of its audit chain; where that was not kept it follows from the master key that
    /// wrapped the first one.
    fn unwrap_first(&self, tenant: Uuid, wrapped: &WrappedKeys) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let (by, first) = self.unwrap_by(DATA, tenant, &wrapped.first)?;
        let audit = match &wrapped.audit {
            Some(audit) => self.unwrap(AUDIT, tenant, audit)?,
            None => by.audit(tenant)?.to_vec(),
        };
        Ok((first, audit))
    }

    /// The keys of `tenant`, of which data key `seals_to` seals.
    ///
    /// # Errors
    /// If they were made for another tenant or under a master key that is not there.
    pub fn unwrap_keys(&self, tenant: Uuid, wrapped: &WrappedKeys, seals_to: u16) -> anyhow::Result<TenantKeys> {
        let (first, audit) = self.unwrap_first(tenant, wrapped)?;
        let mut all = vec![(1, first)];
        for key in &wrapped.later {
            all.push((key.version, self.unwrap(&later(key.version), tenant, &key.wrapped)?));
        }
        TenantKeys::of(tenant, all, &audit, seals_to)
    }

    /// The same keys, closed by the present master key.
    ///
    /// # Errors
    /// As [`Self::unwrap_keys`].
    pub fn rewrapped(&self, tenant: Uuid, wrapped: &WrappedKeys) -> anyhow::Result<WrappedKeys> {
        let (first, audit) = self.unwrap_first(tenant, wrapped)?;
        let mut fresh = WrappedKeys {
            first: self.wrap(DATA, tenant, &first)?,
            audit: Some(self.wrap(AUDIT, tenant, &audit)?),
            later: vec![],
        };
        for key in &wrapped.later {
            let place = later(key.version);
            let data = self.unwrap(&place, tenant, &key.wrapped)?;
            fresh.later.push(super::LaterKey { wrapped: self.wrap(&place, tenant, &data)?, ..*key });
        }
        Ok(fresh)
    }
}

impl One {
    /// Of tenants from before audit keys were kept: it follows from the master key that wrapped their first data key.
    fn audit(&self, tenant: Uuid) -> anyhow::Result<[u8; 32]> {
        self.derive(&format!("audit/{}", tenant.simple()))
    }
}

fn later(version: u16) -> String {
    format!("tenant_keys.wrapped/{version}")
}

fn bound(place: &str, subject: Uuid) -> Vec<u8> {
    [place.as_bytes(), &[0], subject.as_bytes()].concat()
}
