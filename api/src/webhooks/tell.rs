//! Telling: what happened is written down once for all who listen, in the transaction of whatever happened, with a delivery to
//! each. Rows are only added here, none is locked or changed: many transactions tell at once, each with locks of its own.

use domain::webhooks::endpoint::EndpointState;
use domain::webhooks::event::EventType;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, deliveries, messages};
use super::{SEND, send};
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::jobs::enqueue;

/// Has third parties told of an event once this transaction has committed. Where a firm has no address, nothing is written.
///
/// # Errors
/// If the database fails.
pub async fn tell<T: Serialize>(tx: &TenantTx, event: EventType, data: &T) -> Result<()> {
    let endpoints = store::listening(tx).await?;
    if endpoints.is_empty() {
        return Ok(());
    }
    // kept also where nobody asks for it: an address that comes to ask for it may have it replayed
    let message = messages::add(tx, event, data).await?;
    let told = endpoints.iter().filter(|one| one.state != EndpointState::Disabled && one.asks_for(event));
    let told: Vec<_> = told.collect();
    deliveries::add(tx, message, event, &told.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    for one in told.iter().filter(|one| one.state == EndpointState::Active) {
        soon(tx, one.id).await?;
    }
    Ok(())
}

/// Has what is due of an address sent once this transaction has committed.
pub(super) async fn soon(tx: &TenantTx, endpoint: Uuid) -> Result<()> {
    enqueue(tx, SEND, &send::To { endpoint }).await.map(|_| ())
}
