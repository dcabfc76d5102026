//! `DELETE /v1/session`: logs out. The refresh token and the access token end together.

use actix_web::{delete, web::Data};

use super::revoking::end;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::Reply;

/// Logs the caller out.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses((status = 204, description = "Logged out"))
)]
#[delete("/v1/session")]
pub async fn logout(access: Access<may::KeepSession>, app: Data<App>) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let revoked = end(&tx, access.principal.session).await?;
    tx.commit(Act::new("session.end", "session", access.principal.session)).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}
