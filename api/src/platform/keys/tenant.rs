//! What a tenant's rows are sealed and looked up with.

use std::collections::BTreeMap;

use anyhow::Context;
use aws_lc_rs::aead::LessSafeKey;
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::seal::{FIRST, NAMED, aead_key, expand, open_with, seal_with};

/// The first data key's version. What it closed does not name it.
const FIRST_VERSION: u16 = 1;
/// What names a data key in what it closed, bytes.
const NAME_BYTES: usize = 2;

/// A tenant's keys as they are stored.
#[derive(Clone, Debug)]
pub struct WrappedKeys {
    /// The first data key.
    pub first: Vec<u8>,
    /// The key of the audit chain; of tenants from before it was kept none, until the master key changes.
    pub audit: Option<Vec<u8>>,
    /// Further data keys.
    pub later: Vec<LaterKey>,
}

/// A data key after the first.
#[derive(Clone, Debug)]
pub struct LaterKey {
    /// Its number, from 2.
    pub version: u16,
    /// Wrapped by a master key.
    pub wrapped: Vec<u8>,
    /// From when on it seals: every process has it by then.
    pub seals_from: DateTime<Utc>,
}

impl WrappedKeys {
    /// The version of the key that seals at an instant.
    pub fn sealing(&self, now: DateTime<Utc>) -> u16 {
        let begun = self.later.iter().filter(|key| key.seals_from <= now);
        begun.map(|key| key.version).max().unwrap_or(FIRST_VERSION)
    }

    /// When another key than the one at an instant seals, if one is to.
    pub fn next_sealing(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.later.iter().map(|key| key.seals_from).filter(|from| *from > now).min()
    }

    /// The number of the newest key, whether or not it seals yet.
    pub fn newest(&self) -> u16 {
        self.later.iter().map(|key| key.version).max().unwrap_or(FIRST_VERSION)
    }
}

/// What a tenant's rows are sealed and looked up with.
pub struct TenantKeys {
    tenant: Uuid,
    fields: BTreeMap<u16, LessSafeKey>,
    sealing: u16,
    /// From the first data key: what is looked up by it stays where it is when another seals.
    lookup: hmac::Key,
    /// Apart from the data keys: a chain can still be verified after those were forgotten.
    audit: hmac::Key,
}

impl TenantKeys {
    /// The keys made of data keys, each with its version.
    ///
    /// # Errors
    /// Where there is no first one, or the cryptographic library fails.
    pub(super) fn of(tenant: Uuid, data: Vec<(u16, Vec<u8>)>, audit: &[u8], sealing: u16) -> anyhow::Result<Self> {
        let mut fields = BTreeMap::new();
        let mut lookup = None;
        for (version, bytes) in data {
            if version == FIRST_VERSION {
                lookup = Some(hmac::Key::new(hmac::HMAC_SHA256, &expand(&bytes, "lookup")?));
            }
            fields.insert(version, aead_key(&expand(&bytes, "fields")?)?);
        }
        let lookup = lookup.context("a tenant without its first data key")?;
        anyhow::ensure!(fields.contains_key(&sealing), "there is no data key {sealing}");
        Ok(Self { tenant, fields, sealing, lookup, audit: hmac::Key::new(hmac::HMAC_SHA256, audit) })
    }

    /// The version of the data key that seals.
    pub fn sealing(&self) -> u16 {
        self.sealing
    }

    /// The version of the data key that a value was closed by.
    ///
    /// # Errors
    /// Where it is no closed value.
    pub fn version_of(sealed: &[u8]) -> anyhow::Result<u16> {
        split(sealed).map(|(version, _)| version)
    }

    /// Encrypts a value for one column of one row; it opens nowhere else.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn seal(&self, place: &str, row: Uuid, plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let key = self.fields.get(&self.sealing).context("the data key that seals")?;
        let head = match self.sealing {
            FIRST_VERSION => vec![FIRST],
            version => [&[NAMED], version.to_be_bytes().as_slice()].concat(),
        };
        seal_with(key, &head, &self.aad(place, row), plain)
    }

    /// Decrypts a value of one column of one row.
    ///
    /// # Errors
    /// If it was sealed for another place, row or tenant, or changed.
    pub fn open(&self, place: &str, row: Uuid, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (version, rest) = split(sealed)?;
        let key = self.fields.get(&version).with_context(|| format!("data key {version} is not there"))?;
        open_with(key, &self.aad(place, row), rest)
    }

    /// A keyed hash to look a value up by, different for each tenant and each kind of value.
    pub fn lookup(&self, kind: &str, value: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.lookup);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        context.sign().as_ref().to_vec()
    }

    /// The keyed hash of a link of the audit chain, over its parts, each with its length before it.
    pub fn audit_link<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.audit);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().to_vec()
    }

    fn aad(&self, place: &str, row: Uuid) -> Vec<u8> {
        [self.tenant.as_bytes(), place.as_bytes(), &[0], row.as_bytes()].concat()
    }
}

/// The version of the data key, and what stands behind its name.
fn split(sealed: &[u8]) -> anyhow::Result<(u16, &[u8])> {
    let (format, rest) = sealed.split_first().context("sealed value is empty")?;
    match *format {
        FIRST => Ok((FIRST_VERSION, rest)),
        NAMED => {
            let (name, rest) = rest.split_first_chunk::<NAME_BYTES>().context("sealed value is too short")?;
            Ok((u16::from_be_bytes(*name), rest))
        }
        other => anyhow::bail!("sealed value has unknown format {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::keys::MasterKey;

    fn master(byte: u8) -> MasterKey {
        MasterKey::from_hex(&hex::encode([byte; 32])).unwrap()
    }

    fn keys(tenant: u128, byte: u8) -> TenantKeys {
        let tenant = Uuid::from_u128(tenant);
        let wrapped = master(byte).new_wrapped_keys(tenant).unwrap();
        master(byte).unwrap_keys(tenant, &wrapped, 1).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place() {
        let (keys, row) = (keys(1, 1), Uuid::from_u128(2));
        let sealed = keys.seal("staff.name", row, "测试".as_bytes()).unwrap();
        assert_eq!(keys.open("staff.name", row, &sealed).unwrap(), "测试".as_bytes());
        assert!(keys.open("staff.email", row, &sealed).is_err());
        assert!(keys.open("staff.name", Uuid::from_u128(3), &sealed).is_err());
        for i in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[i] ^= 1;
            assert!(keys.open("staff.name", row, &bent).is_err(), "byte {i}");
        }
    }

    #[test]
    fn wrapped_keys_open_under_their_master_key_and_for_their_tenant_alone() {
        let tenant = Uuid::from_u128(1);
        let wrapped = master(1).new_wrapped_keys(tenant).unwrap();
        assert!(master(1).unwrap_keys(tenant, &wrapped, 1).is_ok());
        assert!(master(2).unwrap_keys(tenant, &wrapped, 1).is_err());
        assert!(master(1).unwrap_keys(Uuid::from_u128(9), &wrapped, 1).is_err());
        assert!(master(1).unwrap_keys(tenant, &wrapped, 2).is_err(), "a key that is not there cannot seal");
    }

    #[test]
    fn a_new_data_key_seals_and_the_old_one_still_opens_and_looks_up() {
        let (tenant, row) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut wrapped = master(1).new_wrapped_keys(tenant).unwrap();
        let before = master(1).unwrap_keys(tenant, &wrapped, 1).unwrap();
        let old = before.seal("staff.name", row, b"a").unwrap();
        let key = master(1).new_later_key(tenant, 2).unwrap();
        wrapped.later.push(LaterKey { version: 2, wrapped: key, seals_from: DateTime::UNIX_EPOCH });
        let after = master(1).unwrap_keys(tenant, &wrapped, 2).unwrap();
        let new = after.seal("staff.name", row, b"b").unwrap();
        let version = |sealed: &[u8]| TenantKeys::version_of(sealed).unwrap();
        assert_eq!((version(&old), version(&new)), (1, 2));
        assert_eq!(after.open("staff.name", row, &old).unwrap(), b"a");
        assert_eq!(after.open("staff.name", row, &new).unwrap(), b"b");
        assert!(before.open("staff.name", row, &new).is_err());
        // whoever says that the other key closed it is not believed
        let mut bent = new.clone();
        bent[2] = 1;
        assert!(after.open("staff.name", row, &bent).is_err());
        assert_eq!(before.lookup("phone", "13800000000"), after.lookup("phone", "13800000000"));
        assert_eq!(before.audit_link([&b"a"[..]]), after.audit_link([&b"a"[..]]));
    }

    #[test]
    fn a_new_master_key_takes_over_everything_that_the_old_one_closed() {
        let (tenant, row) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let hex_of = |byte: u8| hex::encode([byte; 32]);
        let (old, both) = (master(1), MasterKey::with_others(&hex_of(2), [hex_of(1).as_str()]).unwrap());
        // as a release before wrapped it: without a name, and without a key for the audit chain
        let data = [5; 32];
        let first = seal_with(&aead_key(&old.derive("wrap").unwrap()).unwrap(), &[FIRST], tenant.as_bytes(), &data);
        let wrapped = WrappedKeys { first: first.unwrap(), audit: None, later: vec![] };
        let before = old.unwrap_keys(tenant, &wrapped, 1).unwrap();
        let sealed = before.seal("staff.name", row, b"a").unwrap();
        assert_eq!(both.unwrap_keys(tenant, &wrapped, 1).unwrap().open("staff.name", row, &sealed).unwrap(), b"a");
        assert!(both.is_by_another(&wrapped.first));
        let fresh = both.rewrapped(tenant, &wrapped).unwrap();
        assert!(!both.is_by_another(&fresh.first));
        let after = master(2).unwrap_keys(tenant, &fresh, 1).unwrap();
        assert_eq!(after.open("staff.name", row, &sealed).unwrap(), b"a");
        assert_eq!(before.audit_link([&b"a"[..]]), after.audit_link([&b"a"[..]]), "the chain goes on");
        assert!(old.unwrap_keys(tenant, &fresh, 1).is_err());
        assert!(MasterKey::with_others(&hex_of(1), [hex_of(1).as_str()]).is_err(), "twice the same");
    }

    #[test]
    fn a_link_of_the_audit_chain_keeps_its_parts_apart() {
        let (one, other) = (keys(1, 1), keys(2, 1));
        let link = one.audit_link([&b"ab"[..], b"c"]);
        assert_eq!(link, one.audit_link([&b"ab"[..], b"c"]));
        assert_ne!(link, one.audit_link([&b"a"[..], b"bc"]));
        assert_ne!(link, other.audit_link([&b"ab"[..], b"c"]));
    }

    #[test]
    fn the_same_value_is_looked_up_differently_by_each_tenant() {
        let hash = |tenant| keys(tenant, 1).lookup("phone", "13800000000");
        assert_ne!(hash(1), hash(2));
    }
}
