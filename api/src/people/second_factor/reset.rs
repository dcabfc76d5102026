//! `DELETE /v1/staff/{id}/second-factor`: the security officer takes somebody's away who lost telephone and recovery codes.
//! They are logged out everywhere, and set a new one with their next log-in where the rules ask for it.

use actix_web::{delete, web::Data};
use domain::id::kind;

use super::store;
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{scope, sessions};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Reply};

/// Takes somebody's second factor away.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["log_ins.secure"])),
    responses(
        (status = 204, description = "It is gone, and all their log-ins have ended"),
        (status = 409, description = "It is one's own", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[delete("/v1/staff/{id}/second-factor")]
pub async fn reset_second_factor(
    access: Access<may::SecureLogIns>,
    app: Data<App>,
    at: At<kind::Staff>,
) -> Result<Reply<()>> {
    let id = at.uuid();
    if id == access.principal.id {
        return Err(Error::new(Code::NotDisabledSelf));
    }
    let tx = access.begin(&app).await?;
    sessions::proven(&tx, &access.principal).await?;
    scope::colleague(&tx, &access.principal, id, true).await?;
    let was_set = store::remove(&tx, id).await?;
    let revoked = sessions::end_all(&tx, id).await?.and(sessions::revoke(&tx, id).await?);
    let act = Act::new("second_factor.reset", "staff", id);
    tx.commit(act.detail(serde_json::json!({ "was_set": was_set }))).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}
