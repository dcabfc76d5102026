//! `POST /v1/clients/{id}/disable` and `/enable`: a client is let in no more, or again. It is never deleted: the audit log and its
//! use go on to name it.

use actix_web::{HttpResponse, post, web::Data};
use domain::clients::standing::ClientState;
use domain::id::kind;

use super::gate::Key;
use super::store::{self, ClientRow};
use super::view::ApiClientView;
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Context, Idempotency, IfMatch, Reply};

/// Lets a client in no more: its tokens end at once, on every replica within a second. Its secrets and keys stay, for when it is
/// enabled again.
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    responses(
        (status = 200, description = "The client", body = ApiClientView),
        (status = 409, description = "It is disabled already", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/clients/{id}/disable")]
pub async fn disable_client(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let mut ended = None;
    // no proof is asked: whoever sees something going wrong stops it at once
    let answer = idem
        .run(&app, &access, &(), async |tx| {
            let row = turned(tx, &at, seen, ClientState::Disabled).await?;
            ended = Some(people::revoke(tx, row.id).await?);
            let view = ApiClientView::one(tx, &row, context.language).await?;
            Ok(Reply::ok(view).version(row.version).done(Act::new("api_client.disable", "api_client", row.id)))
        })
        .await?;
    if let Some(ended) = ended {
        ended.note(&app);
    }
    app.clients.forget(Key { tenant: access.principal.tenant, client: at.uuid() }).await;
    Ok(answer)
}

/// Lets a disabled client in again. Needs a proof of who you are that is no older than fifteen minutes (`POST /v1/session/proof`).
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    responses(
        (status = 200, description = "The client", body = ApiClientView),
        (status = 409, description = "It is not disabled", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/clients/{id}/enable")]
pub async fn enable_client(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let answer = idem
        .run(&app, &access, &(), async |tx| {
            let row = turned(tx, &at, seen, ClientState::Active).await?;
            people::proven(tx, &access.principal).await?;
            let view = ApiClientView::one(tx, &row, context.language).await?;
            Ok(Reply::ok(view).version(row.version).done(Act::new("api_client.enable", "api_client", row.id)))
        })
        .await?;
    app.clients.forget(Key { tenant: access.principal.tenant, client: at.uuid() }).await;
    Ok(answer)
}

async fn turned(tx: &TenantTx, at: &At<kind::ApiClient>, seen: IfMatch, to: ClientState) -> Result<ClientRow> {
    let mut row = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, Some(&row.state))?;
    if store::state(&row)? == to {
        return Err(Error::new(Code::IllegalTransition).current(serde_json::json!({ "state": row.state })));
    }
    row.state = to.code().to_owned();
    store::save(tx, row).await
}
