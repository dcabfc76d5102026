//! `POST /v1/clients/{id}/rotate-secret`: a new secret; the one before it goes on for as long as is said, so that the client can
//! change over without missing a request.

use actix_web::{HttpResponse, post, web::Data};
use chrono::Duration;
use domain::clients::standing::CredentialKind;
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::secret::ClientSecret;
use super::store::{self, credentials};
use super::view::{ApiClientSecret, ApiClientView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

/// Longest that an old secret goes on, hours.
const OVERLAP_HOURS_MAX: u32 = 168;

/// How a secret is changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientSecretRotation {
    /// Hours that the secret in use goes on; 0 ends it with its tokens at once.
    #[schema(example = 24, minimum = 0, maximum = 168)]
    pub overlap_hours: u32,
}

/// Gives a client a new secret, which is in this answer and in no other. Of older ones only the last goes on, for as long as is said:
/// two secrets count at most. Needs a proof of who you are that is no older than fifteen minutes (`POST /v1/session/proof`).
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    request_body = ClientSecretRotation,
    responses((status = 200, description = "The client, with its new secret", body = ApiClientSecret))
)]
#[post("/v1/clients/{id}/rotate-secret")]
pub async fn rotate_client_secret(
    access: Access<may::ManageClients>,
    app: Data<App>,
    context: Context,
    at: At<kind::ApiClient>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<ClientSecretRotation>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    if body.overlap_hours > OVERLAP_HOURS_MAX {
        let (zh, en) = (format!("应在0至{OVERLAP_HOURS_MAX}之间"), format!("is from 0 to {OVERLAP_HOURS_MAX}"));
        checks.problem("/overlap_hours", "range", zh, en);
    }
    checks.done()?;
    let secret = ClientSecret::fresh();
    let mut ended = vec![];
    let answer = idem
        .run(&app, &access, &body, async |tx| {
            let row = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
            people::proven(tx, &access.principal).await?;
            seen.check(row.version, Some(&row.state))?;
            let until = tx.now() + Duration::hours(body.overlap_hours.into());
            let mut live = credentials::live(tx, row.id).await?;
            live.retain(|one| one.kind == CredentialKind::Secret.code());
            // the last of them goes on for a while, the others end now
            let last = if body.overlap_hours > 0 { live.pop() } else { None };
            if let Some(last) = &last {
                credentials::end(tx, last.id, last.ends_at.map_or(until, |at| at.min(until))).await?;
            }
            for one in live {
                credentials::end(tx, one.id, tx.now()).await?;
                ended.push(people::end_tokens_of(tx, one.id).await?);
            }
            let fresh = credentials::add_secret(tx, row.id, &secret).await?;
            let row = store::save(tx, row).await?;
            let previous_until = last.as_ref().map(|_| until);
            let detail = serde_json::json!({ "credential": fresh, "previous_until": previous_until });
            let act = Act::new("api_client.rotate_secret", "api_client", row.id).detail(detail);
            let client = ApiClientView::one(tx, &row, context.language).await?;
            let shown = ApiClientSecret { client, secret: Some(secret.expose()) };
            Ok(Reply::ok(shown).version(row.version).done(act).secret())
        })
        .await?;
    ended.iter().for_each(|ended| ended.note(&app));
    Ok(answer)
}
