//! Who is asking, as a verified token says it.

use domain::access::{DataScope, PermissionSet};
use uuid::Uuid;

use crate::platform::db::ActorKind;

/// A verified caller.
#[derive(Clone, Copy, Debug)]
pub struct Principal {
    /// Applicant, staff, client or operator.
    pub kind: ActorKind,
    /// The account (nil for the operator).
    pub id: Uuid,
    /// The tenant (nil for the operator).
    pub tenant: Uuid,
    /// The log-in; of a client, the secret or key that it proved itself with.
    pub session: Uuid,
    /// What they may do.
    pub permissions: PermissionSet,
    /// Which rows they see, for staff.
    pub scope: DataScope,
    /// Their department, for staff.
    pub department: Option<Uuid>,
}
