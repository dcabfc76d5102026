//! `GET` and `DELETE /v1/staff/{id}/sessions`, `DELETE /v1/staff/{id}/sessions/{session}`: the security officer sees where
//! somebody is logged in, and ends it.

use actix_web::{delete, get, web::Data};
use domain::id::kind;

use super::end_sessions::end_one;
use super::list_sessions::LogIns;
use super::{end_all, proven, revoke, store};
use crate::app::App;
use crate::error::Result;
use crate::people::scope;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Reply, Under};

/// Where a member of staff is logged in.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["log_ins.secure"])),
    responses((status = 200, description = "The log-ins that go on", body = LogIns))
)]
#[get("/v1/staff/{id}/sessions")]
pub async fn list_sessions_of(
    access: Access<may::SecureLogIns>,
    app: Data<App>,
    at: At<kind::Staff>,
) -> Result<Reply<LogIns>> {
    let tx = access.read(&app).await?;
    let row = scope::colleague(&tx, &access.principal, at.uuid(), false).await?;
    Ok(Reply::ok(LogIns::of(store::rows_of(&tx, row.id).await?, access.principal.session)))
}

/// Ends all log-ins of a member of staff.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["log_ins.secure"])),
    responses((status = 204, description = "They have ended, and their access tokens"))
)]
#[delete("/v1/staff/{id}/sessions")]
pub async fn end_sessions_of(
    access: Access<may::SecureLogIns>,
    app: Data<App>,
    at: At<kind::Staff>,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    proven(&tx, &access.principal).await?;
    let row = scope::colleague(&tx, &access.principal, at.uuid(), true).await?;
    let revoked = end_all(&tx, row.id).await?.and(revoke(&tx, row.id).await?);
    tx.commit(Act::new("session.end_all", "staff", row.id)).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}

/// Ends one log-in of a member of staff.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["log_ins.secure"])),
    responses((status = 204, description = "It has ended"))
)]
#[delete("/v1/staff/{id}/sessions/{session}")]
pub async fn end_session_of(
    access: Access<may::SecureLogIns>,
    app: Data<App>,
    at: At<kind::Staff>,
    under: Under<kind::Session>,
) -> Result<Reply<()>> {
    let (staff, session) = (at.uuid(), under.uuid());
    let tx = access.begin(&app).await?;
    proven(&tx, &access.principal).await?;
    scope::colleague(&tx, &access.principal, staff, true).await?;
    let revoked = end_one(&tx, staff, session).await?;
    let detail = serde_json::json!({ "staff": staff });
    tx.commit(Act::new("session.end", "session", session).detail(detail)).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}
