//! Keys change while everything runs: a tenant's data keys, and the master key that wraps them. What older ones closed is closed
//! anew in the background. Tokens' keys change in [`crate::platform::access`].

mod change;
mod reseal;

pub use change::{SEALS_AFTER_S, add_data_key, is_by_another, rewrap, stored};
pub use reseal::{KEPT, PLACES, Place, Resealed, reseal};
