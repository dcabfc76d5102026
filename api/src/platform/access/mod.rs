//! Who is asking, and whether they may: a token becomes a [`Principal`], and a route's first argument
//! [`Access`]`<may::X>` lets only those in who hold permission X. There is no other way to a tenant's transaction.

mod admitted;
mod extract;
mod lifetime;
mod principal;
mod revocation;
mod signing;
mod tokens;

pub use admitted::Admitted;
pub use domain::access::may;
pub use extract::{Access, client_of, new_tenant_tx, operator_tx, snapshot_tx, system_tx};
pub use lifetime::ACCESS_LIFETIME_S;
pub use principal::Principal;
pub use revocation::{OVERLAP_S, REVOCATION_LIFETIME_S, Revocations};
pub use signing::{ListedKey, SIGNS_AFTER_S, add_signing_key, rewrap_signing_keys, signing_keys};
pub use tokens::{Issued, Tokens};
