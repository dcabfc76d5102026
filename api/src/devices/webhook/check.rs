//! `GET /v1/t/{tenant}/telemetry/{id}`: OneNET's check of an address, when it is entered there: it is said back what it sent,
//! if it knows the secret.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::devices::intake::Verification;
use domain::id::kind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{door, onenet};
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::platform::http::{At, Context, Params, Slug};

/// What OneNET asks with.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AddressCheck {
    /// What is to be said back.
    #[param(max_length = 1024, example = "hello")]
    msg: Option<String>,
    /// Chosen by OneNET.
    #[param(max_length = 64, example = "abcdefgh")]
    nonce: Option<String>,
    /// Base64 of the MD5 over secret, nonce and message.
    #[param(max_length = 64)]
    signature: Option<String>,
}

/// Says back to OneNET what it sent, for a source that is verified as OneNET does it.
#[utoipa::path(
    tag = "telemetry-in",
    params(AddressCheck),
    responses(
        (status = 200, description = "The message, said back", body = String, content_type = "text/plain"),
        (status = 401, description = "Not OneNET's own, or no such active source", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/t/{tenant}/telemetry/{id}")]
pub async fn check_telemetry_address(
    slug: Slug,
    id: At<kind::Source>,
    app: Data<App>,
    context: Context,
    Params(asked): Params<AddressCheck>,
) -> Result<HttpResponse> {
    let known = door::source(&app, &slug.0, id.0, &context).await?;
    let source = known.filter(|source| source.verification == Verification::OneNet);
    let (Some(source), Some(msg), Some(nonce), Some(signature)) = (source, asked.msg, asked.nonce, asked.signature)
    else {
        return Err(door::refused(&app, &context).await);
    };
    // a plus sign that was not escaped has become a blank
    if !onenet::fits(&source, app.clock.now(), &nonce, msg.as_bytes(), &signature.replace(' ', "+")) {
        return Err(door::refused(&app, &context).await);
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"));
    Ok(answer.insert_header((header::CACHE_CONTROL, "no-store")).body(msg))
}
