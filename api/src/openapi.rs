//! The one document. Areas describe their operations; what every operation has in common is added here, so that it is
//! written once and cannot be forgotten: problems, the key of a POST, the version of a change, the request id.

mod common;
mod headers;
mod webhooks;
mod words;

pub use common::{NOT_KEYED, NOT_VERSIONED, VERSIONED_POSTS};
pub use words::{ACTIONS, LIMIT_ACTIONS, OWN_ACTIONS};

use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_actix_web::AppExt;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "智担 Zhidan",
        description = "融资担保业务平台的接口。One API for the mini-program, the web admin and third parties: applications and their \
                       progress, policies, documents, consent and collection, scoring and decisions.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "Zhidan", url = "https://zhidan.invalid")
    ),
    servers((url = "/", description = "This server")),
    components(schemas(
        crate::error::ProblemBody,
        crate::error::FieldProblem,
        crate::webhooks::data::ApplicationEventData,
        crate::webhooks::data::LimitEventData,
        crate::webhooks::data::AlarmEventData,
        crate::webhooks::data::EquipmentScoredData,
        crate::webhooks::data::WebhookTestData
    ))
)]
struct Document;

/// Builds the document from the routes themselves.
pub fn document() -> OpenApi {
    let (_, api) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Document::openapi())
        .configure(crate::routes::configure)
        .split_for_parts();
    complete(api)
}

/// Adds what all operations share.
pub fn complete(mut api: OpenApi) -> OpenApi {
    let components = api.components.get_or_insert_default();
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".into());
    bearer.description =
        Some("An access token from a log-in; the words beside it are the permission that is asked for".into());
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    webhooks::describe(&mut api);
    common::complete(&mut api);
    words::close(&mut api);
    api
}

/// The base that the server's own application begins with.
pub fn base() -> OpenApi {
    Document::openapi()
}
