//! `GET /v1/session/second-factor`: whether the caller has one, and whether they must.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{is_asked, staff_only, store};
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::Reply;

/// One's own second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorView {
    /// Whether there is one that counts.
    #[schema(example = true)]
    pub set: bool,
    /// Whether the firm or the platform asks the caller for one.
    #[schema(example = true)]
    pub asked: bool,
    /// Since when it counts.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Recovery codes that still work.
    #[schema(example = 10)]
    pub recovery_codes_left: u64,
}

/// One's own second factor.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses(
        (status = 200, description = "Whether there is one", body = SecondFactorView),
        (status = 404, description = "Only staff have second factors", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/session/second-factor")]
pub async fn read_second_factor(access: Access<may::KeepSession>, app: Data<App>) -> Result<Reply<SecondFactorView>> {
    let who = access.principal;
    staff_only(&who)?;
    let tx = access.read(&app).await?;
    let confirmed_at = store::find(&tx, who.id).await?.and_then(|row| row.confirmed_at);
    Ok(Reply::ok(SecondFactorView {
        set: confirmed_at.is_some(),
        asked: is_asked(&app, &tx, &who).await?,
        confirmed_at,
        recovery_codes_left: if confirmed_at.is_some() { store::recovery_left(&tx, who.id).await? } else { 0 },
    }))
}
