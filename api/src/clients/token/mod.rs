//! `POST /v1/t/{tenant}/oauth/token`: a client proves who it is and gets an access token (RFC 6749 section 4.4, RFC 7523).
//!
//! Refusals have the body of RFC 6749 section 5.2, since that is what clients' libraries read; what is no matter of OAuth (too many
//! requests, too large a body, no such firm, our own fault) is answered as everywhere.

mod asked;
mod assertion;
mod prove;
mod refusal;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::access::DataScope;
use domain::clients::scope::{self, Scope, ScopeFault, narrowed};
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::people;
use crate::platform::access::{Issued, Principal, system_tx};
use crate::platform::db::{Act, ActorKind, TenantTx};
use crate::platform::http::{Context, FormBody, Slug};
use crate::tenants;
use asked::{Asked, TokenRequest};
use prove::Proven;
use refusal::{OAuthCode, OAuthError, Refusal};

/// An access token (RFC 6749 section 5.1).
#[derive(Serialize, ToSchema)]
pub struct ClientToken {
    /// For the `Authorization` header: `Bearer` and this.
    access_token: String,
    /// How it is used.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until it ends. There is no refresh token: ask for the next one.
    #[schema(example = 600)]
    expires_in: i64,
    /// What it allows, one blank apart.
    #[schema(example = "applications.read limits.read")]
    scope: String,
}

/// What a token request came to.
enum Answer {
    Given { issued: Issued, scopes: Vec<Scope> },
    Refused(Refusal),
}

/// Gives a client an access token for ten minutes.
///
/// The client proves itself in one of three ways: `client_secret_basic` (the `Authorization` header with its id and secret),
/// `client_secret_post` (both in the form), or `private_key_jwt` (a JSON Web Token signed with its own key: `iss` and `sub` its id,
/// `aud` this address, `exp` at most five minutes ahead, a fresh `jti`).
#[utoipa::path(
    tag = "log-in",
    params(("Authorization" = Option<String>, Header, description = "client_secret_basic: Basic and base64 of id, colon, secret")),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded", description = "A form, not JSON"),
    responses(
        (status = 200, description = "The token", body = ClientToken),
        (status = 400, description = "The request or its scope is not right (RFC 6749 section 5.2)", body = OAuthError),
        (status = 401, description = "The client is not known, is disabled, or did not prove itself", body = OAuthError),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/oauth/token")]
pub async fn issue_token(
    slug: Slug,
    app: Data<App>,
    context: Context,
    request: HttpRequest,
    FormBody(form): FormBody,
) -> Result<HttpResponse> {
    app.throttle.login(&app, context.from).await?;
    let tenant = tenants::by_slug(&app, &slug.0).await?.id;
    let asked = match Asked::read(&request, form) {
        Ok(asked) => asked,
        Err(refusal) => return Ok(refusal.answer(context.language)),
    };
    let claimed = match prove::judge(&app, tenant, &slug.0, &context, &asked.proof).await? {
        Ok(claimed) => claimed,
        Err(refusal) => return Ok(refusal.answer(context.language)),
    };
    let tx = system_tx(&app, tenant, &context.request_id, true).await?;
    let answer = match prove::confirm(&tx, claimed, &context).await? {
        Ok(proven) => give(&app, tx, proven, asked.scope.as_deref()).await?,
        Err(refusal) => Answer::Refused(refusal),
    };
    Ok(match answer {
        Answer::Given { issued, scopes } => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::PRAGMA, "no-cache"))
            .json(ClientToken {
                access_token: issued.token,
                token_type: "Bearer",
                expires_in: issued.expires_in_s,
                scope: words(&scopes),
            }),
        Answer::Refused(refusal) => refusal.answer(context.language),
    })
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")
}

/// Commits what was proven, and issues the token after it.
async fn give(app: &App, tx: TenantTx, proven: Proven, asked: Option<&str>) -> Result<Answer> {
    let held = store::said(&proven.client)?.scopes;
    let scopes = match narrowed(asked, &held) {
        Ok(scopes) => scopes,
        Err(fault) => return Ok(Answer::Refused(refused(fault))),
    };
    // counted from under the lock of the client, after whatever ended its tokens last
    let from: DateTime<Utc> = people::tokens_begin(&tx, proven.client.id).await?;
    let principal = Principal {
        kind: ActorKind::Client,
        id: proven.client.id,
        tenant: tx.tenant(),
        session: proven.credential,
        permissions: scope::allowed(&scopes),
        scope: DataScope::All,
        department: None,
    };
    store::credentials::used(&tx, proven.credential).await?;
    let detail = serde_json::json!({ "by": proven.by, "scopes": words(&scopes), "credential": proven.credential });
    tx.commit(Act::new("api_client.token", "api_client", principal.id).detail(detail)).await?;
    Ok(Answer::Given { issued: app.tokens.issue(&principal, from)?, scopes })
}

fn refused(fault: ScopeFault) -> Refusal {
    let (zh, en) = match fault {
        ScopeFault::Malformed => ("scope应为以单个空格分隔的权限范围", "scope is a list of words, one blank apart"),
        ScopeFault::NotGiven => {
            ("申请的权限范围超出该客户端所获授权", "the client has not been given all of this scope")
        }
    };
    Refusal::new(OAuthCode::InvalidScope, zh, en)
}
