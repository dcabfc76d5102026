//! Log-ins. Each is a family of refresh tokens, of which only the last works: whoever presents one that was already
//! exchanged is not the only one to have it, and the whole family ends.

mod change_own_password;
mod end_sessions;
mod list_sessions;
mod logout;
mod others;
mod prove;
mod read_session;
mod refresh_session;
mod revoking;
mod store;
mod token;

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Duration, Utc};
use domain::access::{APPLICANT, DataScope, Permission, PermissionSet};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{applicants, roles, second_factor, security_rules, staff};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Principal, REVOCATION_LIFETIME_S};
use crate::platform::db::{ActorKind, TenantTx};
use crate::platform::http::Context;
use token::RefreshToken;

pub use revoking::{Revoked, end_tokens_of, revoke};
pub(super) use revoking::{end_all, end_others, remove_all};

/// How long an applicant's log-in lives after its last use.
const APPLICANT_DAYS: i64 = 30;
/// How long a log-in of staff lives, used or not: one working day.
const STAFF_HOURS: i64 = 12;

/// How long a proof holds, minutes.
const PROOF_MINUTES: i64 = 15;
/// Longest name of a client that is kept.
const USER_AGENT_CHARS_MAX: usize = 200;

/// How long a log-in is kept after its end, days: for questions about who was logged in; the audit chain has its beginning
/// and its end for ever. Its tokens are refused either way.
const KEPT_DAYS: i64 = 7;

/// Removes at most `rows_max` log-ins that ended or ran out long ago; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_sessions(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    store::delete_sessions(tx, tx.now() - Duration::days(KEPT_DAYS), rows_max).await
}

/// Removes at most `rows_max` revocations that no access token is old enough to need; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_revocations(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    store::delete_revocations(tx, tx.now() - Duration::seconds(REVOCATION_LIFETIME_S), rows_max).await
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(refresh_session::refresh_session)
        .service(read_session::read_session)
        .service(list_sessions::list_sessions)
        .service(end_sessions::end_session)
        .service(end_sessions::end_other_sessions)
        .service(others::list_sessions_of)
        .service(others::end_session_of)
        .service(others::end_sessions_of)
        .service(prove::prove)
        .service(logout::logout)
        .service(change_own_password::change_own_password);
}

/// Who a log-in is for, and what they may do now.
pub(super) struct Subject {
    kind: ActorKind,
    id: Uuid,
    permissions: PermissionSet,
    scope: DataScope,
    department: Option<Uuid>,
    /// Minutes without use after which their log-ins end.
    idle_minutes: Option<i32>,
    /// They must set a second factor before they may do anything else.
    must_set_factor: bool,
}

impl Subject {
    /// Whether they must set a second factor before they may do anything else.
    pub fn must_set_factor(&self) -> bool {
        self.must_set_factor
    }
}

/// Where a log-in is begun.
pub(super) struct Client {
    user_agent: Option<String>,
    address: IpAddr,
}

impl FromRequest for Client {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    /// A client as it calls itself; a name that is no plain text is left out.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let name = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = name.map(|name| name.chars().take(USER_AGENT_CHARS_MAX).collect());
        ready(Ok(Self { user_agent, address: Context::of(request).from }))
    }
}

/// A log-in that was begun or continued, once its transaction has committed.
pub(super) struct Opened {
    principal: Principal,
    from: DateTime<Utc>,
    refresh_token: String,
}

impl Opened {
    /// The log-in's id, for the audit chain.
    pub fn session_id(&self) -> Uuid {
        self.principal.session
    }
}

/// The two tokens of a log-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionTokens {
    /// For the `Authorization` header.
    pub access_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 600)]
    pub expires_in_s: i64,
    /// Gives the next access token, once.
    pub refresh_token: String,
}

/// An applicant who may log in.
pub(super) async fn applicant(tx: &TenantTx, id: Uuid) -> Result<Option<Subject>> {
    let active = applicants::is_active(tx, id).await?;
    Ok(active.then(|| Subject {
        kind: ActorKind::Applicant,
        id,
        permissions: PermissionSet::of(&APPLICANT),
        scope: DataScope::Own,
        department: None,
        idle_minutes: None,
        must_set_factor: false,
    }))
}

/// A member of staff who may log in. Their row is locked: whoever disables them, or changes what they may do, comes
/// before the token or after it, and ends it then. Of whom a second factor is asked and who has none may set one, and no more.
pub(super) async fn staff(app: &App, tx: &TenantTx, id: Uuid) -> Result<Option<Subject>> {
    let Some(row) = staff::store::lock(tx, id).await?.filter(|row| row.status == "active") else { return Ok(None) };
    let rules = security_rules::in_force(app, tx).await?;
    let permissions = roles::permissions_of(tx, &row.roles).await?;
    let must_set_factor = rules.second_factor.asks(permissions) && !second_factor::is_set(tx, id).await?;
    Ok(Some(Subject {
        kind: ActorKind::Staff,
        id,
        permissions: if must_set_factor { PermissionSet::of(&[Permission::KeepSession]) } else { permissions },
        scope: DataScope::from_key(&row.data_scope),
        department: Some(row.department_id),
        idle_minutes: Some(rules.idle_minutes),
        must_set_factor,
    }))
}

/// What somebody of the staff may do by their roles, also while they must set a second factor first.
pub(super) async fn full_permissions(tx: &TenantTx, id: Uuid) -> Result<PermissionSet> {
    let row = staff::store::find(tx, id).await?.ok_or_else(Error::not_found)?;
    roles::permissions_of(tx, &row.roles).await
}

/// Lets only those go on who have a password.
fn has_password(who: &Principal) -> Result<()> {
    match who.kind {
        ActorKind::Staff => Ok(()),
        _ => Err(Error::new(Code::Forbidden).detail("只有员工账号有密码。", "Only staff have passwords.")),
    }
}

/// Lets only those go on who have proven who they are not long ago: for what does much harm in the hands of somebody who sits
/// down at a screen that was left open.
///
/// # Errors
/// `proof_needed`.
pub async fn proven(tx: &TenantTx, who: &Principal) -> Result<()> {
    let at = store::find(tx, who.session).await?.and_then(|row| row.proven_at);
    let fresh = at.is_some_and(|at| tx.now() - at <= Duration::minutes(PROOF_MINUTES));
    if fresh { Ok(()) } else { Err(Error::new(Code::ProofNeeded)) }
}

fn lives_until(kind: ActorKind, from: DateTime<Utc>) -> DateTime<Utc> {
    match kind {
        ActorKind::Applicant => from + Duration::days(APPLICANT_DAYS),
        _ => from + Duration::hours(STAFF_HOURS),
    }
}

/// Begins a log-in.
pub(super) async fn open(tx: &TenantTx, subject: &Subject, client: &Client) -> Result<Opened> {
    let token = RefreshToken::new(tx.keys(), tx.tenant(), Uuid::now_v7());
    let until = lives_until(subject.kind, tx.now());
    store::insert(tx, token.session, (subject.kind.key(), subject.id), token.hash(tx.keys()), until, client).await?;
    opened(tx, subject, &token).await
}

/// From when an access token of `subject` counts: from now, under the lock of whom it is for, and not from whenever the commit is
/// through. Where their tokens were ended a moment ago it begins just after that, instead of being one of them.
///
/// # Errors
/// If the database fails.
pub async fn tokens_begin(tx: &TenantTx, subject: Uuid) -> Result<DateTime<Utc>> {
    let now = tx.instant();
    let ended = store::revoked_until(tx, subject).await?;
    Ok(ended.map_or(now, |until| now.max(until + Duration::seconds(1))))
}

async fn opened(tx: &TenantTx, subject: &Subject, token: &RefreshToken) -> Result<Opened> {
    let from = tokens_begin(tx, subject.id).await?;
    let principal = Principal {
        kind: subject.kind,
        id: subject.id,
        tenant: tx.tenant(),
        session: token.session,
        permissions: subject.permissions,
        scope: subject.scope,
        department: subject.department,
    };
    Ok(Opened { principal, from, refresh_token: token.to_text() })
}

/// Hands the tokens out, after the commit.
pub(super) fn hand_out(app: &App, opened: Opened) -> Result<SessionTokens> {
    let issued = app.tokens.issue(&opened.principal, opened.from)?;
    Ok(SessionTokens {
        access_token: issued.token,
        expires_in_s: issued.expires_in_s,
        refresh_token: opened.refresh_token,
    })
}
