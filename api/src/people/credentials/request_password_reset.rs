//! `POST /v1/t/{tenant}/password-resets`: a forgotten password. The answer is the same whether or not name and address
//! belong together; the looking-up is a job, so that the time is the same too.

use actix_web::{post, web::Data};
use domain::person::EmailAddress;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::links::{Purpose, issue};
use super::{staff, store};
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::people::front;
use crate::platform::access::system_tx;
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Checks, Context, Reply, Slug};
use crate::platform::jobs::{self, Job, JobError, Outcome};

/// The kind of job that mails a link for a new password, where there is such an account.
pub const PASSWORD_RESET: &str = "people.password_reset";
/// Links that one account is sent in the lifetime of a link.
const LINKS_AT_ONCE_MAX: u64 = 3;

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetRequest {
    /// The log-in name.
    #[schema(example = "zhao.investigator", min_length = 1, max_length = 32)]
    pub login_name: String,
    /// The address that the account has.
    #[schema(example = "zhao@example.com", min_length = 3, max_length = 254)]
    pub email: String,
}

/// Taken on.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordResetTaken {
    /// Minutes for which the link works, if one was sent.
    #[schema(example = 60)]
    pub link_minutes: i64,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    login_name: String,
    email: String,
}

/// Mails a link for a new password.
#[utoipa::path(
    tag = "log-in",
    request_body = PasswordResetRequest,
    responses(
        (status = 202, description = "A link is mailed if name and address belong together, and nobody else changed the address within a day", body = PasswordResetTaken),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/password-resets")]
pub async fn request_password_reset(
    slug: Slug,
    app: Data<App>,
    from: Context,
    Body(body): Body<PasswordResetRequest>,
) -> Result<Reply<PasswordResetTaken>> {
    app.throttle.login(&app, from.from).await?;
    let mut checks = Checks::new();
    let login_name = checks.line("/login_name", &body.login_name, staff::LOGIN_CHARS_MAX);
    let email = checks.personal("/email", EmailAddress::parse(&body.email));
    let Some(email) = email else { return Err(checks.refuse()) };
    checks.done()?;
    let tx = front::open(&app, &slug.0, &from, true).await?;
    let asked = Asked { login_name: login_name.to_lowercase(), email: email.expose().to_owned() };
    jobs::enqueue(&tx, PASSWORD_RESET, &asked).await?;
    tx.commit_bookkeeping().await?;
    app.jobs_wake.notify_waiters();
    Ok(Reply::accepted(PasswordResetTaken { link_minutes: 60 }))
}

/// Mails the link that was asked for, where name and address belong to one active account whose resets are not held back.
///
/// # Errors
/// If the database fails: later.
pub async fn reset_password(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let asked: Asked = job.payload(&tx)?;
    let act = mail_link(&tx, &app.config.web_url, &asked).await?;
    jobs::finish(&tx, job).await?;
    match act {
        Some(act) => tx.commit(act).await?,
        None => tx.commit_bookkeeping().await?,
    }
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}

async fn mail_link(tx: &TenantTx, web_url: &str, asked: &Asked) -> Result<Option<Act>> {
    let Ok(email) = EmailAddress::parse(&asked.email) else { return Ok(None) };
    let Some(found) = staff::find_by_login(tx, &asked.login_name).await? else { return Ok(None) };
    // Locked, since the address may be changing, and the link must not go to the old one after that.
    let Some(row) = staff::lock(tx, found.id).await? else { return Ok(None) };
    if row.status != "active" || row.email_hash != staff::email_hash(tx, &email) {
        return Ok(None);
    }
    // Whoever may change addresses could otherwise become anybody: set the address, and then the password.
    if row.reset_held_until.is_some_and(|until| until > tx.now()) {
        return Ok(None);
    }
    if store::resets_ending_after(tx, row.id, tx.now()).await? >= LINKS_AT_ONCE_MAX {
        return Ok(None);
    }
    let name = staff::name(tx, &row)?;
    issue(tx, web_url, (row.id, &name, &email), Purpose::Reset).await?;
    Ok(Some(Act::new("staff.password_reset", "staff", row.id)))
}
