//! Names of objects. A key is built from ids, never from what somebody typed, and always begins with the tenant:
//! whoever reads a bucket listing, writes a bucket policy or restores one firm's files can tell whose they are.

use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The two buckets and what may be in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// What clients upload, unread and untrusted.
    Quarantine,
    /// What was inspected and may be read by those who are allowed to.
    Documents,
}

impl Bucket {
    /// The part of the bucket's name behind the configured prefix.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::Documents => "documents",
        }
    }

    /// The bucket's name on the wire, for example `zhidan-quarantine`.
    pub fn name(self, prefix: &str) -> String {
        format!("{prefix}-{}", self.suffix())
    }
}

/// `{tenant}/{document}/{version}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    tenant: Uuid,
    document: Uuid,
    version: u32,
}

impl ObjectKey {
    /// The key of one version of one document of one tenant.
    pub fn new(tenant: Uuid, document: Uuid, version: u32) -> Self {
        Self { tenant, document, version }
    }

    /// Whose object it is.
    pub fn tenant(&self) -> Uuid {
        self.tenant
    }

    /// The document's id.
    pub fn document(&self) -> Uuid {
        self.document
    }

    /// The document's version, counted from 1 by whoever numbers them.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What all keys of a tenant begin with. The closing slash matters: without it one id could be the beginning of
    /// another.
    pub fn tenant_prefix(tenant: Uuid) -> String {
        format!("{tenant}/")
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.tenant, self.document, self.version)
    }
}

/// The text is not a key that [`ObjectKey`] could have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an object key of the form tenant/document/version")]
pub struct BadKey;

impl FromStr for ObjectKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut parts = text.split('/');
        let (Some(tenant), Some(document), Some(version), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadKey);
        };
        let key = Self {
            tenant: tenant.parse().map_err(|_| BadKey)?,
            document: document.parse().map_err(|_| BadKey)?,
            version: version.parse().map_err(|_| BadKey)?,
        };
        // one spelling per key: the parsers above would also take braces, capitals, and "+1"
        if key.to_string() == text { Ok(key) } else { Err(BadKey) }
    }
}
