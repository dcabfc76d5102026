//! Keys: one master key, from which everything else follows. Each tenant has its own data key, wrapped by the master
//! key, so that a tenant's data can be made unreadable by forgetting one small value.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use uuid::Uuid;

/// 32 bytes that everything is derived from. Never printed.
#[derive(Clone)]
pub struct MasterKey(Arc<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

impl MasterKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// Anything else.
    pub fn from_hex(text: &str) -> anyhow::Result<Self> {
        let bytes = hex::decode(text.trim()).context("expected 64 hexadecimal digits")?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| anyhow!("expected 64 hexadecimal digits"))?;
        Ok(Self(Arc::new(bytes)))
    }

    /// 32 bytes for one named purpose.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn derive(&self, purpose: &str) -> anyhow::Result<[u8; 32]> {
        expand(self.0.as_ref(), purpose)
    }

    /// A new data key for `tenant`, wrapped.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn new_wrapped_key(&self, tenant: Uuid) -> anyhow::Result<Vec<u8>> {
        let fresh: [u8; 32] = rand::random();
        seal_with(&aead_key(&self.derive("wrap")?)?, tenant.as_bytes(), &fresh)
    }

    /// The keys of `tenant`, from its wrapped data key.
    ///
    /// # Errors
    /// If the wrapped key was made for another tenant or under another master key.
    pub fn unwrap_key(&self, tenant: Uuid, wrapped: &[u8]) -> anyhow::Result<TenantKeys> {
        let data = open_with(&aead_key(&self.derive("wrap")?)?, tenant.as_bytes(), wrapped)
            .context("the tenant's key was wrapped by another master key (ZHIDAN_MASTER_KEY)")?;
        Ok(TenantKeys {
            tenant,
            fields: aead_key(&expand(&data, "fields")?)?,
            lookup: hmac::Key::new(hmac::HMAC_SHA256, &expand(&data, "lookup")?),
            audit: hmac::Key::new(hmac::HMAC_SHA256, &self.derive(&format!("audit/{}", tenant.simple()))?),
        })
    }
}

/// What a tenant's rows are sealed and looked up with.
pub struct TenantKeys {
    tenant: Uuid,
    fields: LessSafeKey,
    lookup: hmac::Key,
    /// From the master key alone: a chain can still be verified after the tenant's data key was forgotten.
    audit: hmac::Key,
}

impl TenantKeys {
    /// Encrypts a value for one column of one row; it opens nowhere else.
    ///
    /// # Errors
    /// Only if the cryptographic library fails.
    pub fn seal(&self, place: &str, row: Uuid, plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        seal_with(&self.fields, &self.aad(place, row), plain)
    }

    /// Decrypts a value of one column of one row.
    ///
    /// # Errors
    /// If it was sealed for another place, row or tenant, or changed.
    pub fn open(&self, place: &str, row: Uuid, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        open_with(&self.fields, &self.aad(place, row), sealed)
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

const FORMAT: u8 = 1;

fn aead_key(bytes: &[u8; 32]) -> anyhow::Result<LessSafeKey> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| anyhow!("AES key"))?))
}

/// Format byte, 96-bit random nonce, ciphertext with tag.
fn seal_with(key: &LessSafeKey, aad: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
    let nonce: [u8; 12] = rand::random();
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .map_err(|_| anyhow!("sealing failed"))?;
    Ok([&[FORMAT], nonce.as_slice(), &body].concat())
}

fn open_with(key: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (format, rest) = sealed.split_first().context("sealed value is empty")?;
    anyhow::ensure!(*format == FORMAT, "sealed value has unknown format {format}");
    let (nonce, body) = rest.split_at_checked(12).context("sealed value is too short")?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow!("nonce"))?;
    let mut body = body.to_vec();
    let plain = key
        .open_in_place(nonce, Aad::from(aad), &mut body)
        .map_err(|_| anyhow!("sealed value does not open here: wrong place, row, tenant or key, or it was changed"))?;
    Ok(plain.to_vec())
}

fn expand(secret: &[u8], purpose: &str) -> anyhow::Result<[u8; 32]> {
    let mut out = [0u8; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"zhidan/v1")
        .extract(secret)
        .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut out))
        .map_err(|_| anyhow!("key derivation failed"))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master(byte: u8) -> MasterKey {
        MasterKey::from_hex(&hex::encode([byte; 32])).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place() {
        let (tenant, row) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let wrapped = master(1).new_wrapped_key(tenant).unwrap();
        let keys = master(1).unwrap_key(tenant, &wrapped).unwrap();
        let sealed = keys.seal("staff.name", row, "测试".as_bytes()).unwrap();
        assert_eq!(keys.open("staff.name", row, &sealed).unwrap(), "测试".as_bytes());
        assert!(keys.open("staff.email", row, &sealed).is_err());
        assert!(keys.open("staff.name", Uuid::from_u128(3), &sealed).is_err());
        for i in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[i] ^= 1;
            assert!(keys.open("staff.name", row, &bent).is_err(), "byte {i}");
        }
        assert!(master(2).unwrap_key(tenant, &wrapped).is_err());
        assert!(master(1).unwrap_key(Uuid::from_u128(9), &wrapped).is_err());
    }

    #[test]
    fn a_link_of_the_audit_chain_needs_the_tenants_key_and_keeps_its_parts_apart() {
        let keys = |tenant, byte| {
            let tenant = Uuid::from_u128(tenant);
            master(byte).unwrap_key(tenant, &master(byte).new_wrapped_key(tenant).unwrap()).unwrap()
        };
        let link = keys(1, 1).audit_link([&b"ab"[..], b"c"]);
        // Another data key of the same tenant gives the same chain, nobody else's does.
        assert_eq!(link, keys(1, 1).audit_link([&b"ab"[..], b"c"]));
        assert_ne!(link, keys(1, 1).audit_link([&b"a"[..], b"bc"]));
        assert_ne!(link, keys(2, 1).audit_link([&b"ab"[..], b"c"]));
        assert_ne!(link, keys(1, 2).audit_link([&b"ab"[..], b"c"]));
    }

    #[test]
    fn the_same_value_is_looked_up_differently_by_each_tenant() {
        let hash = |tenant| {
            let tenant = Uuid::from_u128(tenant);
            let keys = master(1).unwrap_key(tenant, &master(1).new_wrapped_key(tenant).unwrap()).unwrap();
            keys.lookup("phone", "13800000000")
        };
        assert_ne!(hash(1), hash(2));
    }
}
