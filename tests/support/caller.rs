//! Somebody at the other end of HTTP. Every call states the status it expects.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// How long a connection lies unused before it is not used again.
const IDLE_MAX: Duration = Duration::from_secs(2);

/// A caller, perhaps with a token.
#[derive(Clone)]
pub struct Caller {
    client: Client,
    url: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The body as JSON; null where it is empty or no JSON.
    pub body: Value,
    /// The version, from the ETag.
    pub version: Option<i64>,
    /// All headers.
    pub headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// A string of the body by JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        match self.body.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            other => panic!("{pointer} is {other:?} in {:#}", self.body),
        }
    }

    /// The code of a problem.
    #[track_caller]
    pub fn code(&self) -> String {
        self.text("/code")
    }
}

impl Caller {
    /// A caller of the server at `url`.
    pub fn new(url: &str, token: Option<String>) -> Self {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // less than the server waits for the next request, so that none goes out on a connection that it is closing
            .pool_idle_timeout(IDLE_MAX)
            .build()
            .expect("a client");
        Self { client, url: url.to_owned(), token }
    }

    /// A request, to be completed by the test.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let request = self.client.request(method, address);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request and expects a status.
    #[track_caller]
    pub fn send(&self, request: RequestBuilder, expected: u16) -> impl Future<Output = Answer> {
        let place = std::panic::Location::caller();
        async move {
            let (client, request) = request.build_split();
            let request = request.expect("a request");
            let (method, path) = (request.method().clone(), request.url().path().to_owned());
            let response = client.execute(request).await.expect("an answer");
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let undocumented = super::documented::undocumented(&method, &path, status, &headers);
            assert!(undocumented.is_none(), "{place}: {undocumented:?}");
            let version =
                headers.get("etag").and_then(|v| v.to_str().ok()).and_then(|v| v.trim_matches('"').parse().ok());
            let bytes = response.bytes().await.expect("the body");
            let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            let unlisted = super::documented::unlisted(&method, &path, status, &body);
            assert!(unlisted.is_none(), "{place}: {unlisted:?}");
            assert!(status == expected, "{place}: expected {expected}, got {status}: {:#}", body);
            Answer { body, version, headers }
        }
    }

    /// GET.
    #[track_caller]
    pub fn get(&self, path: &str, expected: u16) -> impl Future<Output = Answer> {
        self.send(self.request(Method::GET, path), expected)
    }

    /// POST with a fresh key.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value, expected: u16) -> impl Future<Output = Answer> {
        let key = uuid::Uuid::now_v7().to_string();
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(body), expected)
    }

    /// POST of a transition: with a fresh key and the version that was seen.
    #[track_caller]
    pub fn act(&self, path: &str, version: i64, body: &Value, expected: u16) -> impl Future<Output = Answer> {
        let key = uuid::Uuid::now_v7().to_string();
        let request = self.request(Method::POST, path).header("Idempotency-Key", key);
        self.send(request.header("If-Match", format!("\"{version}\"")).json(body), expected)
    }

    /// PATCH of the version that was seen.
    #[track_caller]
    pub fn patch(&self, path: &str, version: i64, body: &Value, expected: u16) -> impl Future<Output = Answer> {
        self.send(self.request(Method::PATCH, path).header("If-Match", format!("\"{version}\"")).json(body), expected)
    }

    /// PUT of the version that was seen.
    #[track_caller]
    pub fn put(&self, path: &str, version: i64, body: &Value, expected: u16) -> impl Future<Output = Answer> {
        self.send(self.request(Method::PUT, path).header("If-Match", format!("\"{version}\"")).json(body), expected)
    }

    /// DELETE of the version that was seen.
    #[track_caller]
    pub fn delete(&self, path: &str, version: i64, expected: u16) -> impl Future<Output = Answer> {
        self.send(self.request(Method::DELETE, path).header("If-Match", format!("\"{version}\"")), expected)
    }
}
