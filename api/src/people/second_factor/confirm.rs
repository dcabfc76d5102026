//! `PUT /v1/session/second-factor`: the app's first code. From then on a password alone no longer opens, and whoever had logged
//! in with it elsewhere is out.

use actix_web::{put, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{code, staff_only, store};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{fields, sessions, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Reply};

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorCode {
    /// Six digits.
    #[schema(example = "287082", min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    pub code: String,
}

/// Recovery codes. They are shown this once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each works once in place of a code of the app.
    #[schema(example = json!(["7KQ2M-X4RTB"]), max_items = 10)]
    pub recovery_codes: Vec<String>,
}

/// Confirms the second factor that was begun.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    request_body = SecondFactorCode,
    responses(
        (status = 200, description = "It counts from now on; the recovery codes are shown this once", body = RecoveryCodes),
        (status = 404, description = "Only staff have second factors", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "None was begun, or it counts already", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[put("/v1/session/second-factor")]
pub async fn confirm_second_factor(
    access: Access<may::KeepSession>,
    app: Data<App>,
    Body(body): Body<SecondFactorCode>,
) -> Result<Reply<RecoveryCodes>> {
    let who = access.principal;
    staff_only(&who)?;
    let tx = access.begin(&app).await?;
    staff::store::lock(&tx, who.id).await?.ok_or_else(Error::not_found)?;
    let row = store::lock(&tx, who.id).await?.ok_or_else(|| Error::new(Code::SecondFactorNotBegun))?;
    if row.confirmed_at.is_some() {
        return Err(Error::new(Code::SecondFactorSet));
    }
    if !code::take_from_app(&tx, &row, body.code.trim()).await? {
        let (zh, en) =
            ("动态口令不正确，请核对手机时间后重新输入", "the code does not fit; check the telephone's clock");
        return Err(fields::one("/code", "wrong_second_factor", zh, en));
    }
    store::confirm(&tx, who.id).await?;
    let recovery_codes = code::new_recovery(&tx, who.id).await?;
    let revoked = sessions::end_others(&tx, who.id, who.session).await?;
    tx.commit(Act::new("second_factor.confirm", "staff", who.id)).await?;
    revoked.note(&app);
    Ok(Reply::ok(RecoveryCodes { recovery_codes }))
}
