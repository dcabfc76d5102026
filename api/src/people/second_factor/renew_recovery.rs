//! `POST /v1/session/recovery-codes`: new recovery codes in place of the old.

use actix_web::{post, web::Data};

use super::confirm::RecoveryCodes;
use super::{code, is_set, staff_only};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{sessions, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::Reply;

/// New recovery codes; those before work no longer.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses(
        (status = 200, description = "The codes, shown this once", body = RecoveryCodes),
        (status = 404, description = "Only staff have second factors", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "There is none", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/session/recovery-codes")]
pub async fn renew_recovery_codes(access: Access<may::KeepSession>, app: Data<App>) -> Result<Reply<RecoveryCodes>> {
    let who = access.principal;
    staff_only(&who)?;
    let tx = access.begin(&app).await?;
    staff::store::lock(&tx, who.id).await?.ok_or_else(Error::not_found)?;
    sessions::proven(&tx, &who).await?;
    if !is_set(&tx, who.id).await? {
        return Err(Error::new(Code::SecondFactorNotBegun));
    }
    let recovery_codes = code::new_recovery(&tx, who.id).await?;
    tx.commit(Act::new("second_factor.renew_recovery", "staff", who.id)).await?;
    Ok(Reply::ok(RecoveryCodes { recovery_codes }))
}
