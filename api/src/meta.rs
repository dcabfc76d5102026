//! What stands outside the tenants' business: health, readiness, metrics, the document and its page, and the answer to
//! whatever is not in the document.

use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::error::{CODES, Code, Error};

/// The document as it is served, with the methods of every path.
pub struct DocumentJson {
    json: String,
    paths: Vec<(Vec<String>, String)>,
    metrics: Option<PrometheusHandle>,
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
        // A second server in one process (tests) finds the recorder installed already and counts into the first's.
        let metrics = PrometheusBuilder::new().install_recorder().ok();
        Ok(Self { json: api.to_json()?, paths, metrics })
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
    app.db.ping().await.map_err(|e| Error::new(Code::Unavailable).because(e))?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })))
}

async fn show_metrics(document: Data<DocumentJson>) -> HttpResponse {
    let text = document.metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

async fn document(document: Data<DocumentJson>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.json.clone())
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
