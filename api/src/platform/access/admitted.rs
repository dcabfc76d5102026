//! A client of a third party is let in by more than its token: its address, its limits and what it may do now are looked at before
//! any handler (`clients::gate`). What that found is left here, and without it no client's token becomes a principal.

use actix_web::{HttpMessage, HttpRequest};
use domain::access::PermissionSet;
use uuid::Uuid;

use super::Principal;

/// A request of a client that was let in.
#[derive(Clone, Copy, Debug)]
pub struct Admitted {
    client: Uuid,
    permissions: PermissionSet,
}

impl Admitted {
    /// Of this client, which may do this now.
    pub fn new(client: Uuid, permissions: PermissionSet) -> Self {
        Self { client, permissions }
    }

    /// Notes it in the request.
    pub fn note(self, request: &HttpRequest) {
        request.extensions_mut().insert(self);
    }

    /// The client with what it may do by its token and still; nothing where it was not let in.
    pub(super) fn narrow(request: &HttpRequest, principal: Principal) -> Option<Principal> {
        let admitted = request.extensions().get::<Self>().copied().filter(|one| one.client == principal.id)?;
        Some(Principal { permissions: principal.permissions.common(admitted.permissions), ..principal })
    }
}
