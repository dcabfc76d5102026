//! What browsers are told with every answer: of routes, of failures, of what is not there, and of the documentation's pages.

use reqwest::Method;

use crate::support::Server;

#[actix_web::test]
async fn every_answer_tells_browsers_to_take_it_for_data() {
    let server = Server::start().await;
    let anyone = server.anyone();
    for (path, status) in
        [("/health", 200), ("/v1/session", 401), ("/nowhere", 404), ("/docs/", 200), ("/docs/errors", 200)]
    {
        let answer = anyone.request(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("plain").to_owned());
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("referrer-policy").as_deref(), Some("no-referrer"), "{path}");
        let policy = header("content-security-policy").unwrap_or_default();
        let source = if path.starts_with("/docs") { "'self'" } else { "'none'" };
        assert!(policy.starts_with(&format!("default-src {source}")), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("script-src 'unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(header("strict-transport-security"), None, "it is reached by HTTP");
    }
    server.stop().await;
    let secure = Server::start_with(&[("ZHIDAN_HTTP__PUBLIC_URL", "https://zhidan.example.com")]).await;
    let answer = secure.anyone().request(Method::GET, "/health").send().await.expect("an answer");
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    secure.stop().await;
}
