//! Keys: a master key, from which everything else follows, and beside it others that still open what they closed. Each tenant
//! has data keys of its own, wrapped by the master key, so that a tenant's data can be made unreadable by forgetting a few small
//! values. Every closed value says which key closed it, so that keys change one after the other while everything runs
//! ([`crate::platform::rekey`]).

mod master;
mod seal;
mod tenant;

pub use master::MasterKey;
pub use tenant::{LaterKey, TenantKeys, WrappedKeys};

/// How long a process goes on with a tenant's keys as it read them, seconds.
pub const KEPT_S: u64 = 300;
