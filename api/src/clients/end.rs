//! `DELETE /v1/clients/{id}/credentials/{credential}`: a secret or key counts no more, nor do the tokens that it got.

use actix_web::{delete, web::Data};
use domain::id::kind;

use super::store::{self, credentials};
use super::view::ApiClientView;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, IfMatch, Reply, Under};

/// Ends a secret or a key at once, with the tokens that it got: on every replica within a second.
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    responses((status = 200, description = "The client", body = ApiClientView))
)]
#[delete("/v1/clients/{id}/credentials/{credential}")]
pub async fn end_client_credential(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
    under: Under<kind::ClientCredential>,
    seen: IfMatch,
) -> Result<Reply<ApiClientView>> {
    let tx = access.begin(&app).await?;
    let row = store::lock(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    let held = credentials::of(&tx, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let one = held.into_iter().find(|one| one.id == under.uuid()).ok_or_else(Error::not_found)?;
    seen.check(row.version, Some(&row.state))?;
    if !credentials::counts(&one, tx.now()) {
        return Err(Error::new(Code::AlreadyEnded));
    }
    credentials::end(&tx, one.id, tx.now()).await?;
    let ended = people::end_tokens_of(&tx, one.id).await?;
    let row = store::save(&tx, row).await?;
    let view = ApiClientView::one(&tx, &row, context.language).await?;
    let detail = serde_json::json!({ "credential": one.id, "kind": one.kind, "kid": one.kid });
    tx.commit(Act::new("api_client.end_credential", "api_client", row.id).detail(detail)).await?;
    ended.note(&app);
    Ok(Reply::ok(view).version(row.version))
}
