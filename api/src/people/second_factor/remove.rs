//! `DELETE /v1/session/second-factor`: takes one's own away, for a new telephone or for good. Whom the rules ask for one may do
//! it too, and can do nothing then but set another.

use actix_web::{delete, web::Data};

use super::{staff_only, store};
use crate::app::App;
use crate::error::{Error, ProblemBody, Result};
use crate::people::{sessions, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::Reply;

/// Takes one's own second factor away.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses(
        (status = 204, description = "It is gone, with its recovery codes"),
        (status = 404, description = "Only staff have second factors", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[delete("/v1/session/second-factor")]
pub async fn remove_second_factor(access: Access<may::KeepSession>, app: Data<App>) -> Result<Reply<()>> {
    let who = access.principal;
    staff_only(&who)?;
    let tx = access.begin(&app).await?;
    staff::store::lock(&tx, who.id).await?.ok_or_else(Error::not_found)?;
    sessions::proven(&tx, &who).await?;
    // what they may do is judged anew with their next tokens
    let revoked = if store::remove(&tx, who.id).await? { Some(sessions::revoke(&tx, who.id).await?) } else { None };
    tx.commit(Act::new("second_factor.remove", "staff", who.id)).await?;
    if let Some(revoked) = revoked {
        revoked.note(&app);
    }
    Ok(Reply::ok(()))
}
