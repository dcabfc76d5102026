//! `DELETE /v1/sessions/{id}` and `DELETE /v1/sessions`: ends one of one's own log-ins, or all others. A telephone that was
//! lost is logged out from another.

use actix_web::{delete, web::Data};
use domain::id::kind;
use uuid::Uuid;

use super::revoking::{Revoked, end, end_others};
use super::store;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Reply};

/// Ends one of somebody's log-ins.
pub(super) async fn end_one(tx: &TenantTx, person: Uuid, session: Uuid) -> Result<Revoked> {
    let row = store::lock(tx, session).await?.filter(|row| row.subject_id == person);
    row.filter(|row| row.ended_at.is_none() && row.expires_at > tx.now()).ok_or_else(Error::not_found)?;
    end(tx, session).await
}

/// Ends one of the caller's log-ins.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses((status = 204, description = "It has ended"))
)]
#[delete("/v1/sessions/{id}")]
pub async fn end_session(access: Access<may::KeepSession>, app: Data<App>, at: At<kind::Session>) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let revoked = end_one(&tx, access.principal.id, at.uuid()).await?;
    tx.commit(Act::new("session.end", "session", at.uuid())).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}

/// Ends the caller's log-ins but this one.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses((status = 204, description = "All others have ended"))
)]
#[delete("/v1/sessions")]
pub async fn end_other_sessions(access: Access<may::KeepSession>, app: Data<App>) -> Result<Reply<()>> {
    let who = access.principal;
    let tx = access.begin(&app).await?;
    let revoked = end_others(&tx, who.id, who.session).await?;
    tx.commit(Act::new("session.end_others", "session", who.session)).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}
