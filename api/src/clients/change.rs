//! `PATCH /v1/clients/{id}`: what a client may do, from where, and how much.

use actix_web::{patch, web::Data};
use domain::id::kind;

use super::form::ApiClientChange;
use super::gate::Key;
use super::store;
use super::view::{ApiClientView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes a client. It holds for its next request, on every replica within a second; where its scopes change, its tokens end. Needs
/// a proof of who you are that is no older than fifteen minutes (`POST /v1/session/proof`).
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    request_body = ApiClientChange,
    responses((status = 200, description = "As it is now", body = ApiClientView))
)]
#[patch("/v1/clients/{id}")]
pub async fn change_client(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
    seen: IfMatch,
    Body(body): Body<ApiClientChange>,
) -> Result<Reply<ApiClientView>> {
    let tx = access.begin(&app).await?;
    let mut row = store::lock(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    people::proven(&tx, &access.principal).await?;
    seen.check(row.version, Some(&row.state))?;
    let before = store::said(&row)?;
    let said = body.applied(&before)?;
    if said == before {
        return Err(Error::new(Code::NothingToChange));
    }
    store::put(&mut row, &said);
    let row = store::save(&tx, row).await?;
    let ended = if said.scopes == before.scopes { None } else { Some(people::revoke(&tx, row.id).await?) };
    let view = ApiClientView::one(&tx, &row, context.language).await?;
    let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&said) });
    let key = Key { tenant: tx.tenant(), client: row.id };
    tx.commit(Act::new("api_client.change", "api_client", row.id).detail(detail)).await?;
    if let Some(ended) = ended {
        ended.note(&app);
    }
    app.clients.forget(key).await;
    Ok(Reply::ok(view).version(row.version))
}
