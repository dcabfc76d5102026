//! `POST /v1/t/{tenant}/sms-codes`: an applicant asks for a code. The answer never says whether the phone is known.

use actix_web::{post, web::Data};
use domain::person::Phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::codes;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::people::{captcha, fields, front};
use crate::platform::http::{Body, Context, Reply, Slug};

/// Where the code goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SmsCodeRequest {
    /// A mainland mobile number.
    #[schema(example = "13800000012", min_length = 11, max_length = 20)]
    pub phone: String,
    /// The answer to a challenge, where the firm's front door says that one is asked for (`captcha` of `GET /v1/t/{tenant}`).
    #[serde(default)]
    #[schema(required = false, nullable = false, max_length = 2048, example = "eyJhbGdvcml0aG0iOiJTSEEtMjU2In0=")]
    pub captcha: Option<String>,
}

/// The code is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct SmsCodeSent {
    /// Seconds for which the code holds.
    #[schema(example = 300)]
    pub expires_in_s: i64,
    /// Seconds after which another may be asked for.
    #[schema(example = 60)]
    pub again_in_s: i64,
}

/// Sends a log-in code to a phone.
#[utoipa::path(
    tag = "log-in",
    request_body = SmsCodeRequest,
    responses(
        (status = 202, description = "A code is sent, whether or not the phone is known", body = SmsCodeSent),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/sms-codes")]
pub async fn request_sms_code(
    slug: Slug,
    app: Data<App>,
    from: Context,
    Body(body): Body<SmsCodeRequest>,
) -> Result<Reply<SmsCodeSent>> {
    app.throttle.login(&app, from.from).await?;
    let phone = Phone::parse(&body.phone).map_err(|fault| fields::one_personal("/phone", fault))?;
    let tx = front::open(&app, &slug.0, &from, true).await?;
    captcha::spend(&app, &tx, &from, body.captcha.as_deref()).await?;
    codes::send(&tx, &phone, app.config.sms_per_day).await?;
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(Reply::accepted(SmsCodeSent { expires_in_s: codes::LIFETIME_S, again_in_s: codes::AGAIN_S }))
}
