//! How long access tokens live, which keys and revocations go by too.

/// How long an access token lives, seconds.
pub const ACCESS_LIFETIME_S: i64 = 600;
/// How far two clocks may differ, seconds.
pub(super) const LEEWAY_S: i64 = 5;
