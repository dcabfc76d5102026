//! `POST /v1/t/{tenant}/applicant-sessions`: an applicant logs in with a code. The account exists from then on, with the
//! versions of the notices that were accepted.

use actix_web::{post, web::Data};
use domain::id::{Id, kind};
use domain::person::Phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{codes, store};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{front, sessions};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Checks, Context, Reply, Slug};
use crate::tenants::settings;

/// A log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicantLogin {
    /// The phone that the code was sent to.
    #[schema(example = "13800000012", min_length = 11, max_length = 20)]
    pub phone: String,
    /// The code.
    #[schema(example = "123456", pattern = "^[0-9]{6}$", min_length = 6, max_length = 6)]
    pub code: String,
    /// Version of the privacy notice that the applicant has read and accepts.
    #[schema(example = "2026-01", min_length = 1, max_length = 20)]
    pub privacy_version: String,
    /// Version of the user terms that the applicant has read and accepts.
    #[schema(example = "2026-01", min_length = 1, max_length = 20)]
    pub terms_version: String,
}

/// An applicant's new log-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicantSession {
    /// For the `Authorization` header.
    pub access_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 600)]
    pub expires_in_s: i64,
    /// Gives the next access token, once.
    pub refresh_token: String,
    /// The account.
    #[schema(example = "apl_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub applicant: String,
    /// Whether this log-in made the account.
    pub new_account: bool,
}

/// Logs an applicant in.
#[utoipa::path(
    tag = "log-in",
    request_body = ApplicantLogin,
    responses(
        (status = 200, description = "Logged in", body = ApplicantSession),
        (status = 401, description = "The code is wrong or has ended", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/applicant-sessions")]
pub async fn applicant_login(
    slug: Slug,
    app: Data<App>,
    from: Context,
    client: sessions::Client,
    Body(body): Body<ApplicantLogin>,
) -> Result<Reply<ApplicantSession>> {
    app.throttle.login(&app, from.from).await?;
    let phone = check(&body)?;
    let tx = front::open(&app, &slug.0, &from, true).await?;
    check_notices(&tx, &body).await?;
    let hash = codes::phone_hash(&tx, &phone);
    if !codes::redeem(&tx, &hash, &body.code).await? {
        tx.commit_bookkeeping().await?;
        return Err(Error::new(Code::WrongCode));
    }
    let (applicant, new_account) = store::find_or_create(&tx, &phone, hash).await?;
    store::accept(&tx, applicant, "privacy", &body.privacy_version).await?;
    store::accept(&tx, applicant, "terms", &body.terms_version).await?;
    let Some(subject) = sessions::applicant(&tx, applicant).await? else {
        tx.commit_bookkeeping().await?;
        return Err(Error::new(Code::WrongCode));
    };
    let opened = sessions::open(&tx, &subject, &client).await?;
    let detail = serde_json::json!({
        "session": opened.session_id(), "new_account": new_account,
        "privacy_version": body.privacy_version, "terms_version": body.terms_version,
    });
    tx.commit(Act::new("session.begin", "applicant", applicant).detail(detail)).await?;
    let tokens = sessions::hand_out(&app, opened)?;
    Ok(Reply::ok(ApplicantSession {
        access_token: tokens.access_token,
        expires_in_s: tokens.expires_in_s,
        refresh_token: tokens.refresh_token,
        applicant: Id::<kind::Applicant>::from_uuid(applicant).to_string(),
        new_account,
    }))
}

fn check(body: &ApplicantLogin) -> Result<Phone> {
    let mut checks = Checks::new();
    let phone = checks.personal("/phone", Phone::parse(&body.phone));
    if body.code.len() != 6 || !body.code.bytes().all(|b| b.is_ascii_digit()) {
        checks.problem("/code", "code_format", "请填写6位数字验证码", "a code has 6 digits");
    }
    let Some(phone) = phone else { return Err(checks.refuse()) };
    checks.done()?;
    Ok(phone)
}

/// Comes before the code is looked at, so that a client with an old notice does not use it up.
async fn check_notices(tx: &TenantTx, body: &ApplicantLogin) -> Result<()> {
    let (settings, _) = settings::load(tx).await?;
    if body.privacy_version == settings.privacy_version && body.terms_version == settings.terms_version {
        return Ok(());
    }
    Err(Error::new(Code::NoticeNotAccepted).current(serde_json::json!({
        "privacy_version": settings.privacy_version, "terms_version": settings.terms_version,
    })))
}
