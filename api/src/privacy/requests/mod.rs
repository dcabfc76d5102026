//! What staff do for people who ask on paper: one records the request, another carries it out or rejects it.

pub(super) mod carry_out;
pub(super) mod hand_over;
pub(super) mod list;
pub(super) mod record;
pub(super) mod reject;

use domain::id::kind;

use super::store::{self, RequestRow};
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, IfMatch};

/// A request that waits, locked, as the caller saw it and not recorded by them.
async fn to_decide(tx: &TenantTx, at: &At<kind::PrivacyRequest>, seen: IfMatch) -> Result<RequestRow> {
    let row = store::lock_request(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, Some(&row.state))?;
    if row.state != "recorded" {
        return Err(Error::new(Code::AlreadyDecided).current(serde_json::json!({ "state": row.state })));
    }
    if row.recorded_by == tx.actor().id {
        return Err(Error::new(Code::OwnRequest));
    }
    Ok(row)
}
