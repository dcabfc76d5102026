//! Secrets of clients: 256 random bits each, so that a keyed hash is all that has to be kept of one, and comparing costs nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::platform::keys::TenantKeys;

/// What secrets begin with, so that one that lies about is known for what it is.
const PREFIX: &str = "zcs_";

/// A secret, made or presented. It does not print.
pub(super) struct ClientSecret(String);

impl ClientSecret {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())))
    }

    /// What somebody presents as one.
    pub fn presented(text: String) -> Self {
        Self(text)
    }

    /// The text that is shown once.
    pub fn expose(&self) -> String {
        self.0.clone()
    }

    /// What is kept of it, different for each client.
    pub fn hash(&self, keys: &TenantKeys, client: Uuid) -> Vec<u8> {
        keys.lookup("client_secret", &format!("{client}/{}", self.0))
    }
}

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
