//! A request's context (its id, its language, where it came from) and the outermost middleware, which writes problems
//! in the caller's language, sets the headers every answer has, counts, and logs each request once.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, ResponseError, web};

use super::browsers;
use super::caching;
use super::connection::Requests;
use super::holding::Holding;
use super::unread::Unread;
use crate::app::App;
use crate::error::{Code, Error, Language, Problem, render};
use crate::platform::access::{Principal, client_of};
use crate::platform::outside::storage;

/// What is known of a request before anything else.
#[derive(Clone, Debug)]
pub struct Context {
    /// Its id: the caller's own (`X-Request-Id`), or one of ours.
    pub request_id: String,
    /// The language of sentences.
    pub language: Language,
    /// The address it came from; behind proxies of ours, the one that they were asked from.
    pub from: IpAddr,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_CHARS_MAX: usize = 64;

impl Context {
    /// The context of `request`.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self::new(request))
    }

    fn new(request: &HttpRequest) -> Self {
        let text = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
        let request_id = text(REQUEST_ID)
            .filter(|id| {
                (8..=REQUEST_ID_CHARS_MAX).contains(&id.len())
                    && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            })
            .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned);
        Self { request_id, language: Language::from_header(text(header::ACCEPT_LANGUAGE)), from: from(request) }
    }
}

/// The address that a request comes from, behind whatever proxies are ours.
fn from(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip());
    let app = request.app_data::<web::Data<App>>();
    app.map_or(peer, |app| app.config.trusted_proxies.client(peer, request.headers()))
}

impl actix_web::FromRequest for Context {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(request)))
    }
}

/// The outermost middleware. What an embedded storage answers is given a request id and logged like any other, and
/// otherwise left as it is: not counted against the address, whose uploads were counted when they were begun. Nor is what
/// sources of readings send, which counts against the source, since a platform speaks for many from one address; nor what
/// clients of third parties ask, which counts against the client.
///
/// # Errors
/// None: every failure becomes an answer here.
pub async fn finish(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let context = Context::new(request.request());
    request.extensions_mut().insert(context.clone());
    let method = request.method().clone();
    // The request itself must not be kept over the call: the router needs it to itself.
    let app = request.app_data::<web::Data<App>>().cloned();
    let is_storage = storage::is_address(request.path()) && app.as_ref().is_some_and(|app| app.embedded_s3.is_some());
    if is_storage {
        // Ranges and signed lengths mean these bytes: whatever a client could read, nothing is compressed on the way.
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    let is_page = browsers::is_page(request.path());
    let is_https = app.as_ref().is_some_and(|app| app.config.public_url.starts_with("https://"));
    let in_hand = request.conn_data::<Requests>().map(Requests::begin);
    let unread = Unread::lend(&mut request);
    let counts_elsewhere = is_storage || is_telemetry(request.path()) || client_of(request.request()).is_some();
    let counted = app.filter(|_| !counts_elsewhere);
    let allowed = match &counted {
        Some(app) => app.throttle.request(app, context.from).await,
        None => Ok(()),
    };
    let response = match allowed {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(error) => request.into_response(error.error_response()),
    };
    let response = known(response);
    let mut response = rewrite(response, &context);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&context.request_id) {
        headers.insert(REQUEST_ID, value);
    }
    browsers::tell(headers, is_page, is_https);
    caching::complete(&method, &mut response);
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let labels = [("method", label(&method).to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("zhidan_http_requests_total", &labels).increment(1);
    metrics::histogram!("zhidan_http_request_seconds", "route" => route.clone()).record(elapsed.as_secs_f64());
    log(&context, method.as_str(), &route, status, elapsed.as_micros(), &response);
    Ok(response.map_body(|_, body| Holding::until_sent(unread.held_by(body), in_hand)))
}

/// Whether a path is one that sources of readings send to: `/v1/t/{tenant}/telemetry/{id}`. Its route counts for itself.
fn is_telemetry(path: &str) -> bool {
    let mut parts = path.strip_prefix("/v1/t/").unwrap_or_default().split('/');
    parts.nth(1) == Some("telemetry") && parts.next().is_some() && parts.next().is_none()
}

/// The method as metrics name it. Anybody may send a method of their own making, and each name is a series that is kept.
fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Gives an error that is not one of ours (an extractor of the framework, say) its place in the table.
fn known(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else { return response };
    if error.as_error::<Error>().is_some() {
        return response;
    }
    let code = match response.status().as_u16() {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::BodyTimeout,
        413 => Code::BodyTooLarge,
        415 => Code::UnsupportedMediaType,
        400..=499 => Code::MalformedBody,
        _ => Code::Internal,
    };
    let problem = Error::new(code).because(anyhow::anyhow!("{error}")).error_response();
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, problem)
}

/// Puts the body of a problem into an answer that carries one.
fn rewrite(response: ServiceResponse<BoxBody>, context: &Context) -> ServiceResponse<BoxBody> {
    let problem = response.response().extensions().get::<Problem>().cloned();
    let Some(problem) = problem else { return response };
    let (request, old) = response.into_parts();
    let mut written = render(&problem, context.language, &context.request_id);
    for (name, value) in old.headers() {
        if !written.headers().contains_key(name) {
            written.headers_mut().insert(name.clone(), value.clone());
        }
    }
    written.extensions_mut().insert(problem);
    ServiceResponse::new(request, written)
}

/// One line per request. No query, no body, no address with ids' owners: nothing that names a person.
fn log(context: &Context, method: &str, route: &str, status: u16, micros: u128, response: &ServiceResponse<BoxBody>) {
    let principal = response.request().extensions().get::<Principal>().copied();
    let tenant = principal.map(|p| p.tenant.simple().to_string()).unwrap_or_default();
    let extensions = response.response().extensions();
    let problem = extensions.get::<Problem>();
    let cause = problem.and_then(|p| p.cause.as_deref()).unwrap_or_default();
    let request_id = context.request_id.as_str();
    if status >= 500 {
        tracing::error!(%request_id, %tenant, %method, %route, status, micros, %cause, "request failed");
    } else {
        tracing::info!(%request_id, %tenant, %method, %route, status, micros, %cause, "request");
    }
}
