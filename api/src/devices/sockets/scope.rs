//! Who sees which sockets, and from when: a socket moves, and what it said at one machine is not for those who see only the
//! next.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::store;
use crate::error::{Error, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// Until when each of some sockets was at a machine outside a scope; `None` where it still is.
pub(super) async fn hidden(
    tx: &TenantTx,
    scope: &ScopeFilter,
    sockets: &[Uuid],
) -> Result<HashMap<Uuid, Option<DateTime<Utc>>>> {
    let mut hidden: HashMap<Uuid, Option<DateTime<Utc>>> = HashMap::new();
    if *scope == ScopeFilter::All {
        return Ok(hidden);
    }
    for (socket, until) in store::bound_outside(tx, scope, sockets).await? {
        let until = until.filter(|until| *until <= tx.now());
        let known = hidden.entry(socket).or_insert(until);
        *known = known.zip(until).map(|(one, other)| one.max(other));
    }
    Ok(hidden)
}

/// From when a socket's readings are the caller's to see, microseconds since 1970; all of them where there is no bound.
///
/// # Errors
/// `not_found` where there is no such socket or it is at a machine outside the scope, or a failing database.
pub(in crate::devices) async fn visible_since(tx: &TenantTx, scope: &ScopeFilter, socket: Uuid) -> Result<Option<i64>> {
    store::get(tx, socket).await?.ok_or_else(Error::not_found)?;
    match hidden(tx, scope, &[socket]).await?.get(&socket) {
        None => Ok(None),
        Some(Some(until)) => Ok(Some(until.timestamp_micros())),
        Some(None) => Err(Error::not_found()),
    }
}
