//! What stands outside the tenants' business: health, readiness, metrics, the document and its page, and the answer to
//! whatever is not in the document.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sha2::{Digest, Sha256};
use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::error::{CODES, Code, Error};
use crate::platform::http::Context;

/// The document as it is served, with the methods of every path.
pub struct DocumentJson {
    json: String,
    paths: Vec<(Vec<String>, String)>,
}

/// The one recorder of this process: a second server in it (tests) counts into the same.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

/// Folds what was measured since the last time into its summaries; without it every measurement would be kept.
pub fn upkeep() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}

impl DocumentJson {
    /// Writes the document once.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn new(api: &OpenApi) -> anyhow::Result<Self> {
        let mut paths = vec![];
        for (path, item) in &api.paths.paths {
            let methods = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            let allowed: Vec<_> = methods.iter().filter(|(_, o)| o.is_some()).map(|(name, _)| *name).collect();
            paths.push((path.split('/').map(str::to_owned).collect(), allowed.join(", ")));
        }
        recorder();
        Ok(Self { json: api.to_json()?, paths })
    }

    fn allowed(&self, path: &str) -> Option<&str> {
        let asked: Vec<_> = path.split('/').collect();
        self.paths
            .iter()
            .find(|(segments, _)| {
                segments.len() == asked.len()
                    && segments.iter().zip(&asked).all(|(known, asked)| known.starts_with('{') || known == asked)
            })
            .map(|(_, allowed)| allowed.as_str())
    }
}

/// Mounts all of it.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/health", web::get().to(health))
        .route("/ready", web::get().to(ready))
        .route("/metrics", web::get().to(show_metrics))
        .route("/openapi.json", web::get().to(document))
        .route("/.well-known/jwks.json", web::get().to(public_keys))
        .route(
            "/",
            web::get().to(|| async { HttpResponse::SeeOther().insert_header((header::LOCATION, "/docs/")).finish() }),
        )
        .route(
            "/docs",
            web::get().to(|| async { HttpResponse::SeeOther().insert_header((header::LOCATION, "/docs/")).finish() }),
        )
        .route("/docs/errors", web::get().to(errors))
        // With a title of its own; the page's scripts and styles come from the service below.
        .route(
            "/docs/",
            web::get().to(|| async {
                HttpResponse::Ok().content_type("text/html; charset=utf-8").body(include_str!("docs_page.html"))
            }),
        )
        .service(
            utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}")
                // The page's own validator would be asked at another host, with our address.
                .config(utoipa_swagger_ui::Config::from("/openapi.json").validator_url("none")),
        )
        .default_service(web::to(unmatched));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

async fn ready(app: Data<App>) -> Result<HttpResponse, Error> {
    if app.stopping.load(Ordering::Relaxed) {
        return Err(Error::new(Code::Unavailable));
    }
    app.db.ping().await.map_err(|e| Error::new(Code::Unavailable).because(e))?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })))
}

/// How much there is to do is nobody's business outside: with a token set, it is asked for; without one, only this machine
/// reads it, and only where nobody else can connect.
async fn show_metrics(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Error> {
    match &app.config.metrics_token {
        Some(token) if !bears(&request, token.reveal()) => return Err(Error::new(Code::Unauthenticated)),
        None if !app.config.is_local() || !is_from_here(&request) => return Err(Error::not_found()),
        _ => {}
    }
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}

/// Whether a request comes from this machine, and not only through a proxy on it.
fn is_from_here(request: &HttpRequest) -> bool {
    Context::of(request).from.is_loopback() && !request.headers().contains_key(header::X_FORWARDED_FOR)
}

/// Whether the request bears this token; compared by hash, so that the time tells nothing of it.
fn bears(request: &HttpRequest, token: &str) -> bool {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let offered = header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let (offered, expected) = (Sha256::digest(offered), Sha256::digest(token));
    aws_lc_rs::constant_time::verify_slices_are_equal(&offered, &expected).is_ok()
}

async fn document(document: Data<DocumentJson>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.json.clone())
}

/// The public keys of access tokens (RFC 7517). A key is here at least a minute before it signs and as long as a token of it can
/// live, so whoever keeps the answer for a minute knows every key that they meet.
async fn public_keys(app: Data<App>) -> HttpResponse {
    let keys = app.tokens.public_keys(app.clock.now());
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=60")).json(keys)
}

/// The table of error codes, to which every problem's `type` points.
async fn errors() -> HttpResponse {
    let mut page = String::from(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>错误代码</title><style>body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
         td,th{border-bottom:1px solid #ddd;padding:.4rem;text-align:left;vertical-align:top}:target{background:#fff3c4}</style>\
         <h1>错误代码 Error codes</h1><table><tr><th>code<th>HTTP<th>说明<th>Meaning",
    );
    for row in CODES {
        page.push_str(&format!(
            "<tr id=\"{0}\"><td><code>{0}</code><td>{1}<td>{2}<td>{3}",
            row.key, row.status, row.zh, row.en
        ));
    }
    page.push_str("</table></html>");
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}

/// A known path asked with another method is 405 with what it does take; anything else is 404.
async fn unmatched(request: HttpRequest, document: Data<DocumentJson>) -> HttpResponse {
    use actix_web::ResponseError;
    match document.allowed(request.path()) {
        Some(allowed) => {
            let mut response = Error::new(Code::MethodNotAllowed).error_response();
            if let Ok(value) = header::HeaderValue::from_str(allowed) {
                response.headers_mut().insert(header::ALLOW, value);
            }
            response
        }
        None => Error::not_found().error_response(),
    }
}
