//! `POST /v1/clients/{id}/keys`: one more key that a client signs with.

use actix_web::{HttpResponse, post, web::Data};
use domain::clients::standing::CredentialKind;
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form::{self, PublicJwk};
use super::store::{self, credentials};
use super::view::ApiClientView;
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

/// Most keys of a client that count at once.
const KEYS_MAX: usize = 5;

/// A key to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClientKey {
    /// The public half as a JSON Web Key, Ed25519 or P-256; never the private one.
    #[schema(value_type = PublicJwk)]
    pub public_key: serde_json::Value,
}

/// Adds a key that the client signs with (`private_key_jwt`). To change keys: add the new one, change over, end the old one. Needs a
/// proof of who you are that is no older than fifteen minutes (`POST /v1/session/proof`).
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    request_body = NewClientKey,
    responses(
        (status = 200, description = "The client", body = ApiClientView),
        (status = 409, description = "It has a key of this name", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/clients/{id}/keys")]
pub async fn add_client_key(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<NewClientKey>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let key = form::key(&mut checks, "/public_key", &body.public_key);
    let Some(key) = key else { return Err(checks.refuse()) };
    idem.run(&app, &access, &body, async |tx| {
        let row = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        people::proven(tx, &access.principal).await?;
        seen.check(row.version, Some(&row.state))?;
        let mut live = credentials::live(tx, row.id).await?;
        live.retain(|one| one.kind == CredentialKind::Key.code());
        if live.len() >= KEYS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        if live.iter().any(|one| one.kid.as_deref() == Some(key.kid().as_str())) {
            return Err(Error::new(Code::NameTaken));
        }
        let credential = credentials::add_key(tx, row.id, &key).await?;
        let row = store::save(tx, row).await?;
        let detail = serde_json::json!({ "credential": credential, "kid": key.kid(), "thumbprint": key.thumbprint() });
        let act = Act::new("api_client.add_key", "api_client", row.id).detail(detail);
        let view = ApiClientView::one(tx, &row, context.language).await?;
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}
