//! `POST /v1/session/second-factor`: a secret for the app. It has no effect until a code made from it was given.

use actix_web::{post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, staff_only, store};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{sessions, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::Reply;
use crate::tenants::settings;

/// What the app is given. It is shown this once.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorSecret {
    /// The secret, base32, to type.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// The same as an address for a picture (otpauth).
    #[schema(example = "otpauth://totp/zhao.investigator?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub otpauth: String,
}

/// Begins a second factor.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses(
        (status = 201, description = "The secret; confirm it with a code", body = SecondFactorSecret),
        (status = 404, description = "Only staff have second factors", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "There is one already", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/session/second-factor")]
pub async fn begin_second_factor(
    access: Access<may::KeepSession>,
    app: Data<App>,
) -> Result<Reply<SecondFactorSecret>> {
    let who = access.principal;
    staff_only(&who)?;
    let tx = access.begin(&app).await?;
    let row = staff::store::lock(&tx, who.id).await?.ok_or_else(Error::not_found)?;
    sessions::proven(&tx, &who).await?;
    if store::lock(&tx, who.id).await?.is_some_and(|row| row.confirmed_at.is_some()) {
        return Err(Error::new(Code::SecondFactorSet));
    }
    let secret = code::new_secret();
    let typed = code::typed(&secret);
    store::begin(&tx, who.id, &typed).await?;
    let (firm, _) = settings::load(&tx).await?;
    let otpauth = code::otpauth(&secret, &firm.brand, &row.login_name)?;
    tx.commit(Act::new("second_factor.begin", "staff", who.id)).await?;
    Ok(Reply::created("/v1/session/second-factor".to_owned(), SecondFactorSecret { secret: typed, otpauth }))
}
