//! `POST /v1/t/{tenant}/staff-sessions`: staff log in with a password. Nobody learns from it which names exist: an
//! unknown name, a wrong password and a locked account have one answer, and cost one hash and the same statements.
//!
//! A lock that answered otherwise would tell: five wrong tries, and only a name that exists is locked. The other way, to
//! lock unknown names too, would let anybody fill a table with names. So the one answer says that several wrong tries
//! lock an account, and whom it concerns is told by mail. Every try that fails leaves a job, of which only the one of a
//! locked account does anything, so that not even the mail can be measured.

use actix_web::{post, web::Data};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Given, Tried, count_both, lock_notice, staff};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{password, second_factor, sessions};
use crate::platform::access::system_tx;
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, Context, Reply, Slug};
use crate::tenants;

/// A log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffLogin {
    /// The log-in name.
    #[schema(example = "zhao.investigator", min_length = 1, max_length = 32)]
    pub login_name: String,
    /// The password.
    #[schema(example = "correct horse battery", min_length = 1, max_length = 128)]
    pub password: String,
    /// Where there is a second factor: the six digits that the app shows, or a recovery code.
    #[serde(default)]
    #[schema(example = "287082", max_length = 20)]
    pub code: Option<String>,
}

/// A new log-in of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSession {
    /// For the `Authorization` header.
    pub access_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 600)]
    pub expires_in_s: i64,
    /// Gives the next access token, once.
    pub refresh_token: String,
    /// The account.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub staff: String,
    /// The firm or the platform asks this account for a second factor, and it has none: until it has set one
    /// (`/v1/session/second-factor`) and refreshed its tokens it may do nothing else.
    #[schema(example = false)]
    pub must_set_second_factor: bool,
}

/// Logs a member of staff in.
#[utoipa::path(
    tag = "log-in",
    request_body = StaffLogin,
    responses(
        (status = 200, description = "Logged in", body = StaffSession),
        (status = 401, description = "Name or password is not right, or the account is locked for a while; or the second factor is asked for, or not right", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/staff-sessions")]
pub async fn staff_login(
    slug: Slug,
    app: Data<App>,
    from: Context,
    client: sessions::Client,
    Body(body): Body<StaffLogin>,
) -> Result<Reply<StaffSession>> {
    app.throttle.login(&app, from.from).await?;
    check(&body)?;
    let tenant = tenants::by_slug(&app, &slug.0).await?.id;
    let tx = system_tx(&app, tenant, &from.request_id, false).await?;
    let found = staff::find_by_login(&tx, &body.login_name.trim().to_lowercase()).await?;
    drop(tx);
    // Hashing takes long, so no transaction is open meanwhile; what was compared is checked again under the lock.
    let (id, stored) = found.map_or((Uuid::nil(), None), |row| (row.id, row.password_hash));
    let right = password::verify(&app, body.password, stored.clone()).await?;
    let tx = system_tx(&app, tenant, &from.request_id, true).await?;
    let (tried, given) = count_both(&tx, id, stored.as_deref(), right, body.code.as_deref()).await?;
    match tried {
        Tried::Right => {}
        Tried::Unfinished => {
            tx.commit_bookkeeping().await?;
            return Err(Error::new(Code::SecondFactorNeeded));
        }
        tried => {
            lock_notice::plan(&tx, id).await?;
            tx.commit_bookkeeping().await?;
            app.jobs_wake.notify_waiters();
            // whoever has the password may know that it was not that; of a locked account nobody is told anything
            let factor_alone = right && given == Given::Wrong && matches!(tried, Tried::Wrong);
            return Err(Error::new(if factor_alone { Code::WrongSecondFactor } else { Code::WrongPassword }));
        }
    }
    let subject = sessions::staff(&app, &tx, id).await?.ok_or_else(|| Error::new(Code::WrongPassword))?;
    let opened = sessions::open(&tx, &subject, &client).await?;
    let second = if let Given::Right(means) = given { Some(means.key()) } else { None };
    let detail = serde_json::json!({ "session": opened.session_id(), "second_factor": second });
    tx.commit(Act::new("session.begin", "staff", id).detail(detail)).await?;
    let tokens = sessions::hand_out(&app, opened)?;
    Ok(Reply::ok(StaffSession {
        access_token: tokens.access_token,
        expires_in_s: tokens.expires_in_s,
        refresh_token: tokens.refresh_token,
        staff: Id::<kind::Staff>::from_uuid(id).to_string(),
        must_set_second_factor: subject.must_set_factor(),
    }))
}

fn check(body: &StaffLogin) -> Result<()> {
    let mut checks = Checks::new();
    for (pointer, text, max) in
        [("/login_name", &body.login_name, staff::LOGIN_CHARS_MAX), ("/password", &body.password, password::CHARS_MAX)]
    {
        if text.is_empty() || text.chars().nth(max).is_some() {
            checks.problem(pointer, "length", format!("应为1至{max}个字符"), format!("has 1 to {max} characters"));
        }
    }
    second_factor::check(&mut checks, body.code.as_deref());
    checks.done()
}
