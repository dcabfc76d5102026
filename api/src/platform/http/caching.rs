//! Who may keep an answer: said in one place, so that no route can forget it. What stands behind a token is nobody's to
//! keep; what everybody may read without one may be kept by everybody for a short while.

use actix_web::HttpMessage;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};

use crate::platform::access::Principal;

/// A minute: long enough to bear a rush on a published article, short enough that what is withdrawn is soon gone.
const PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=60");
const NOBODY: HeaderValue = HeaderValue::from_static("no-store");
/// Sentences are in the caller's language, and bodies may be compressed.
const VARY: HeaderValue = HeaderValue::from_static("Accept-Language, Accept-Encoding");
/// The routes that this is about; health and the like are for now alone.
const ROUTES: &str = "/v1/";

/// Completes an answer that does not yet say who may keep it.
pub(super) fn complete(method: &Method, response: &mut ServiceResponse) {
    let request = response.request();
    // Whoever a route asked for a permission is known by now: there is no other way to a token's content.
    let is_open = request.extensions().get::<Principal>().is_none();
    let is_read = matches!(*method, Method::GET | Method::HEAD) && response.status() == StatusCode::OK;
    let is_route = request.match_pattern().is_some_and(|pattern| pattern.starts_with(ROUTES));
    let is_public = is_open && is_read && is_route;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, if is_public { PUBLIC } else { NOBODY });
    }
    if is_public {
        headers.insert(header::VARY, VARY);
    }
}
