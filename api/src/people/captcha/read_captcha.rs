//! `GET /v1/t/{tenant}/captcha`: a challenge, to be answered before an SMS is asked for.

use actix_web::http::header;
use actix_web::{CustomizeResponder, Responder, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, ProblemBody, Result};
use crate::people::front;
use crate::platform::http::{Context, Reply, Slug};
use crate::platform::outside::captcha::Challenge;

/// What is to be solved: the number from 0 to `maxnumber` whose SHA-256 behind `salt`, as decimal digits, is `challenge`. The
/// answer is base64 of `{"algorithm","challenge","number","salt","signature"}` as JSON, which widgets of ALTCHA make.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaptchaChallenge {
    /// SHA-256.
    #[schema(example = "SHA-256")]
    pub algorithm: String,
    /// The hash to be met, in hexadecimal digits.
    #[schema(example = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")]
    pub challenge: String,
    /// What stands before the number.
    #[schema(example = "9f86d081884c7d659a2feaa0?expires=1790000600&")]
    pub salt: String,
    /// The largest number that it can be.
    #[schema(example = 100_000)]
    pub maxnumber: u32,
    /// That the challenge is ours.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub signature: String,
}

impl From<Challenge> for CaptchaChallenge {
    fn from(of: Challenge) -> Self {
        let Challenge { algorithm, challenge, salt, max_number, signature } = of;
        Self { algorithm: algorithm.to_owned(), challenge, salt, maxnumber: max_number, signature }
    }
}

/// A challenge, to be answered before an SMS is asked for. It holds for ten minutes; an answer counts once.
#[utoipa::path(
    tag = "log-in",
    responses(
        (status = 200, description = "A challenge", body = CaptchaChallenge),
        (status = 404, description = "No such firm, or none is asked for", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/t/{tenant}/captcha")]
pub async fn read_captcha(
    slug: Slug,
    app: Data<App>,
    from: Context,
) -> Result<CustomizeResponder<Reply<CaptchaChallenge>>> {
    let tx = front::open(&app, &slug.0, &from, false).await?;
    let captcha = app.captcha.as_ref().ok_or_else(Error::not_found)?;
    let challenge = captcha.challenge(tx.keys(), tx.now()).ok_or_else(Error::not_found)?;
    // each asker has one of their own, since an answer counts once
    Ok(Reply::ok(challenge.into()).customize().insert_header((header::CACHE_CONTROL, "no-store")))
}
