//! `POST /v1/sessions/refresh`: the next access token, and the next refresh token in place of the one presented.

use actix_web::{post, web::Data};
use chrono::Duration;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::revoking::{Revoked, end};
use super::store::{self, SessionRow};
use super::token::RefreshToken;
use super::{Opened, SessionTokens, Subject, hand_out, lives_until, opened};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::system_tx;
use crate::platform::db::{Act, ActorKind, PlatformTx, TenantTx};
use crate::platform::http::{Body, Context, Reply};

/// For how long a token that was just exchanged still gives its successor: a client whose answer was lost, or who asked
/// twice at once, is no thief.
const GRACE_S: i64 = 10;
const SUCCESSOR: &str = "sessions.successor_sealed";

/// A refresh token to exchange.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The refresh token of the log-in or of the last exchange.
    #[schema(max_length = 128)]
    pub refresh_token: String,
}

enum Turn {
    Continued(Opened),
    Reused(Uuid, Revoked),
    Ended,
}

/// Exchanges a refresh token.
#[utoipa::path(
    tag = "session",
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "The next tokens", body = SessionTokens),
        (status = 401, description = "The log-in has ended", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/sessions/refresh")]
pub async fn refresh_session(
    app: Data<App>,
    from: Context,
    Body(body): Body<RefreshRequest>,
) -> Result<Reply<SessionTokens>> {
    let refused = || Error::new(Code::Unauthenticated);
    let token = RefreshToken::parse(&body.refresh_token).ok_or_else(refused)?;
    let platform = PlatformTx::read(&app.db).await?;
    let tenant = platform.tenant(token.tenant).await?.ok_or_else(refused)?;
    platform.commit().await?;
    if tenant.suspended {
        return Err(Error::new(Code::TenantSuspended));
    }
    let tx = system_tx(&app, tenant.id, &from.request_id, true).await?;
    match turn(&app, &tx, &token).await? {
        Turn::Continued(opened) => {
            tx.commit_bookkeeping().await?;
            Ok(Reply::ok(hand_out(&app, opened)?))
        }
        Turn::Reused(person, revoked) => {
            let act = Act::new("session.reused", "session", token.session);
            tx.commit(act.detail(serde_json::json!({ "person": person }))).await?;
            revoked.note(&app);
            tracing::warn!(session = %token.session, "a refresh token was used twice; its log-in has ended");
            Err(refused())
        }
        Turn::Ended => {
            tx.commit_bookkeeping().await?;
            Err(refused())
        }
    }
}

async fn turn(app: &App, tx: &TenantTx, token: &RefreshToken) -> Result<Turn> {
    if !token.is_ours(tx.keys()) {
        return Ok(Turn::Ended);
    }
    // Whose it is never changes; the person is locked before the log-in, as by whoever ends all their log-ins.
    let Some(row) = store::find(tx, token.session).await? else { return Ok(Turn::Ended) };
    let subject = subject_of(app, tx, &row).await?;
    let Some(row) = store::lock(tx, token.session).await? else { return Ok(Turn::Ended) };
    if row.ended_at.is_some() || row.expires_at <= tx.instant() {
        return Ok(Turn::Ended);
    }
    let offered = token.hash(tx.keys());
    let is_current = offered == row.current_hash;
    let in_grace = row.previous_hash.as_ref() == Some(&offered) && tx.now() - row.rotated_at <= grace();
    if !is_current && !in_grace {
        return Ok(Turn::Reused(row.subject_id, end(tx, row.id).await?));
    }
    let Some(subject) = subject else {
        store::end(tx, &[row.id]).await?;
        return Ok(Turn::Ended);
    };
    if subject.idle_minutes.is_some_and(|minutes| tx.now() - row.rotated_at > Duration::minutes(minutes.into())) {
        store::end(tx, &[row.id]).await?;
        return Ok(Turn::Ended);
    }
    if is_current { advance(tx, row, &subject).await } else { repeat(tx, &row, &subject).await }
}

fn grace() -> Duration {
    Duration::seconds(GRACE_S)
}

async fn subject_of(app: &App, tx: &TenantTx, row: &SessionRow) -> Result<Option<Subject>> {
    match row.subject_kind.as_str() {
        "applicant" => super::applicant(tx, row.subject_id).await,
        _ => super::staff(app, tx, row.subject_id).await,
    }
}

async fn advance(tx: &TenantTx, row: SessionRow, subject: &Subject) -> Result<Turn> {
    let next = RefreshToken::new(tx.keys(), tx.tenant(), row.id);
    let sealed = tx.seal(SUCCESSOR, row.id, &next.to_text())?;
    let until = match subject.kind {
        ActorKind::Applicant => lives_until(subject.kind, tx.now()),
        _ => row.expires_at,
    };
    store::rotate(tx, row, next.hash(tx.keys()), sealed, until).await?;
    Ok(Turn::Continued(opened(tx, subject, &next).await?))
}

async fn repeat(tx: &TenantTx, row: &SessionRow, subject: &Subject) -> Result<Turn> {
    let Some(sealed) = &row.successor_sealed else { return Ok(Turn::Ended) };
    let text = tx.open(SUCCESSOR, row.id, sealed)?;
    let next = RefreshToken::parse(&text).ok_or_else(|| Error::new(Code::Internal))?;
    Ok(Turn::Continued(opened(tx, subject, &next).await?))
}
