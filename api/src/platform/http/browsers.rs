//! What browsers are told with every answer, so that an answer is never more than data to them: its type is as it says, it loads
//! nothing, stands in nobody's frame, and its address goes to nobody else. Where we are reached by HTTPS, they come by nothing else.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The documentation's page runs its own script, and styles that it writes itself.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     frame-ancestors 'none'",
);
const ALL: [(HeaderName, HeaderValue); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];
/// A year, as browsers ask before they believe it for good.
const HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Whether a path is of the documentation's pages.
pub(super) fn is_page(path: &str) -> bool {
    path == "/docs" || path.starts_with("/docs/")
}

/// Completes an answer's headers.
pub(super) fn tell(headers: &mut HeaderMap, is_page: bool, is_https: bool) {
    for (name, value) in ALL {
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, if is_page { PAGE } else { NOTHING });
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(is_page: bool, is_https: bool) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        tell(&mut headers, is_page, is_https);
        let mut all: Vec<(String, String)> =
            headers.iter().map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect();
        all.sort();
        all
    }

    #[test]
    fn answers_load_nothing_and_are_in_no_frame() {
        let plain = told(false, false);
        let names: Vec<&str> = plain.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-security-policy", "referrer-policy", "x-content-type-options"]);
        assert!(plain[0].1.starts_with("default-src 'none'"));
        assert!(told(true, false)[0].1.contains("script-src 'self'"));
        assert_eq!(told(false, true).len(), 4);
        assert!(is_page("/docs/") && is_page("/docs/errors") && !is_page("/v1/docs") && !is_page("/docsx"));
    }
}
