//! How a value is closed: AES-256-GCM with a random nonce, and in front what says by which key.

use anyhow::{Context, anyhow};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf;

/// A value closed by the first key there was: format, 96-bit nonce, ciphertext with tag.
pub(super) const FIRST: u8 = 1;
/// A value closed by a key that it names: format, the key's name, nonce, ciphertext with tag.
pub(super) const NAMED: u8 = 2;
const NONCE_BYTES: usize = 12;

/// AES-256-GCM under these bytes.
pub(super) fn aead_key(bytes: &[u8; 32]) -> anyhow::Result<LessSafeKey> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| anyhow!("AES key"))?))
}

/// `head`, a fresh nonce and the ciphertext.
pub(super) fn seal_with(key: &LessSafeKey, head: &[u8], aad: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .map_err(|_| anyhow!("sealing failed"))?;
    Ok([head, nonce.as_slice(), &body].concat())
}

/// What stands behind the head.
pub(super) fn open_with(key: &LessSafeKey, aad: &[u8], rest: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (nonce, body) = rest.split_at_checked(NONCE_BYTES).context("sealed value is too short")?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow!("nonce"))?;
    let mut body = body.to_vec();
    let plain = key
        .open_in_place(nonce, Aad::from(aad), &mut body)
        .map_err(|_| anyhow!("sealed value does not open here: wrong place, row, tenant or key, or it was changed"))?;
    Ok(plain.to_vec())
}

/// 32 bytes for one purpose out of a secret.
pub(super) fn expand(secret: &[u8], purpose: &str) -> anyhow::Result<[u8; 32]> {
    let mut out = [0u8; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"zhidan/v1")
        .extract(secret)
        .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut out))
        .map_err(|_| anyhow!("key derivation failed"))?;
    Ok(out)
}
