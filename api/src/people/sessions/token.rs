//! A refresh token: opaque to its holder; to us the tenant, the log-in, a secret, and a tag that only we can make. The
//! tag tells an old token of ours (somebody has a copy: the family ends) from an invented one (nothing happens).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::platform::keys::TenantKeys;

const SECRET_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// Longest text of a token.
pub(super) const TEXT_CHARS_MAX: usize = 128;

pub(super) struct RefreshToken {
    pub tenant: Uuid,
    pub session: Uuid,
    secret: [u8; SECRET_BYTES],
    tag: [u8; TAG_BYTES],
}

impl RefreshToken {
    /// The next token of a log-in.
    pub fn new(keys: &TenantKeys, tenant: Uuid, session: Uuid) -> Self {
        let secret: [u8; SECRET_BYTES] = rand::random();
        Self { tenant, session, secret, tag: tag(keys, session, &secret) }
    }

    /// Reads a token; anything of another shape is none.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > TEXT_CHARS_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (tenant, rest) = bytes.split_first_chunk::<16>()?;
        let (session, rest) = rest.split_first_chunk::<16>()?;
        let (secret, rest) = rest.split_first_chunk::<SECRET_BYTES>()?;
        let tag: [u8; TAG_BYTES] = rest.try_into().ok()?;
        Some(Self { tenant: Uuid::from_bytes(*tenant), session: Uuid::from_bytes(*session), secret: *secret, tag })
    }

    /// The text that is handed out.
    pub fn to_text(&self) -> String {
        let parts = [self.tenant.as_bytes().as_slice(), self.session.as_bytes(), &self.secret, &self.tag];
        URL_SAFE_NO_PAD.encode(parts.concat())
    }

    /// Whether we made it.
    pub fn is_ours(&self, keys: &TenantKeys) -> bool {
        let expected = tag(keys, self.session, &self.secret);
        aws_lc_rs::constant_time::verify_slices_are_equal(&expected, &self.tag).is_ok()
    }

    /// What is stored of it.
    pub fn hash(&self, keys: &TenantKeys) -> Vec<u8> {
        keys.lookup("refresh", &self.to_text())
    }
}

fn tag(keys: &TenantKeys, session: Uuid, secret: &[u8]) -> [u8; TAG_BYTES] {
    let mac = keys.lookup("refresh_tag", &format!("{session}:{}", hex::encode(secret)));
    mac.first_chunk::<TAG_BYTES>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::keys::MasterKey;

    fn keys() -> TenantKeys {
        let master = MasterKey::from_hex(&"11".repeat(32)).unwrap();
        let tenant = Uuid::from_u128(1);
        master.unwrap_keys(tenant, &master.new_wrapped_keys(tenant).unwrap(), 1).unwrap()
    }

    #[test]
    fn a_token_is_read_again_and_a_bent_one_is_not_ours() {
        let keys = keys();
        let token = RefreshToken::new(&keys, Uuid::from_u128(1), Uuid::now_v7());
        let text = token.to_text();
        let read = RefreshToken::parse(&text).unwrap();
        assert!(read.is_ours(&keys) && read.session == token.session && read.tenant == token.tenant);
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for place in 16..bytes.len() {
            let mut bent = bytes.clone();
            bent[place] ^= 1;
            let bent = RefreshToken::parse(&URL_SAFE_NO_PAD.encode(bent)).unwrap();
            assert!(!bent.is_ours(&keys), "byte {place}");
        }
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in ["", "x", "====", &"A".repeat(106), &"A".repeat(108), &"A".repeat(4000)] {
            assert!(RefreshToken::parse(text).is_none(), "{text}");
        }
    }
}
