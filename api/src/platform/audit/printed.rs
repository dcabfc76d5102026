//! Where a chain ends, as it is kept elsewhere: a line of JSON, signed where the product wrote it down by itself.

use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};

/// The type of a signed end: no access token.
pub const HEAD_STATEMENT: &str = "audit-head+jwt";

/// A line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrintedHead {
    /// Whose chain.
    pub tenant: Id<kind::Tenant>,
    /// Its name in addresses.
    pub slug: String,
    /// The number of the last entry.
    pub seq: i64,
    /// That entry's hash, in hexadecimal digits.
    pub hash: String,
    /// The same, signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// What a signed end says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeadClaims {
    /// By whom: our address.
    pub iss: String,
    /// Whose chain.
    pub sub: Id<kind::Tenant>,
    /// When, seconds since 1970.
    pub iat: i64,
    /// As in [`PrintedHead`].
    pub seq: i64,
    /// As in [`PrintedHead`].
    pub hash: String,
}

impl PrintedHead {
    /// Whether what was signed is what stands beside it.
    pub fn is_said_by(&self, claims: &HeadClaims) -> bool {
        self.tenant == claims.sub && self.seq == claims.seq && self.hash == claims.hash
    }
}
