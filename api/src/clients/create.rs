//! `POST /v1/clients`: registers a client and shows its secret, once.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};

use super::form::NewApiClient;
use super::secret::ClientSecret;
use super::store::{self, CLIENTS_MAX, credentials};
use super::view::{ApiClientSecret, ApiClientView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Registers a client. Without a public key it gets a secret, which is in this answer and in no other: a repeat under the same key
/// does not show it again. Needs a proof of who you are that is no older than fifteen minutes (`POST /v1/session/proof`).
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    request_body = NewApiClient,
    responses((status = 201, description = "The client, with its secret", body = ApiClientSecret))
)]
#[post("/v1/clients")]
pub async fn create_client(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewApiClient>,
) -> Result<HttpResponse> {
    let (said, key) = body.checked()?;
    let secret = key.is_none().then(ClientSecret::fresh);
    idem.run(&app, &access, &body, async |tx| {
        people::proven(tx, &access.principal).await?;
        if store::count(tx).await? >= CLIENTS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        let row = store::insert(tx, &said).await?;
        let credential = match (&key, &secret) {
            (Some(key), _) => Some(credentials::add_key(tx, row.id, key).await?),
            (None, Some(secret)) => Some(credentials::add_secret(tx, row.id, secret).await?),
            (None, None) => None,
        };
        let detail = serde_json::json!({ "after": for_audit(&said), "credential": credential });
        let act = Act::new("api_client.create", "api_client", row.id).detail(detail);
        let location = format!("/v1/clients/{}", Id::<kind::ApiClient>::from_uuid(row.id));
        let client = ApiClientView::one(tx, &row, context.language).await?;
        let shown = ApiClientSecret { client, secret: secret.as_ref().map(ClientSecret::expose) };
        Ok(Reply::created(location, shown).version(row.version).done(act).secret())
    })
    .await
}
