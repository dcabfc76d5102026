//! A firm with a source of readings, and a sender that signs as a source does.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server};

/// A source, and what its sender knows.
#[derive(Clone)]
pub struct Source {
    pub id: String,
    pub secret: String,
    /// Where its messages go, without the host.
    pub path: String,
}

/// A firm, its administrator, and one source.
pub struct Plant {
    pub firm: Firm,
    /// Manages sources and the quarantine.
    pub admin: Caller,
    pub source: Source,
    /// Who sends: nobody with a log-in.
    pub anyone: Caller,
}

impl Plant {
    /// A firm with a source of our own format that signs.
    pub async fn make(server: &Server, slug: &str) -> Self {
        Self::with(server, Firm::create_bare(server, slug).await, "own", "hmac").await
    }

    /// A source of some format in a firm that is there.
    pub async fn with(server: &Server, firm: Firm, format: &str, verification: &str) -> Self {
        let admin = firm.staff("administrator");
        let source = Self::add(&admin, &firm, format, verification, &Value::Null).await;
        Self { firm, admin, source, anyone: server.anyone() }
    }

    /// One more source of the same firm, perhaps with a secret that its platform issued.
    pub async fn source(&self, format: &str, verification: &str, secret: &Value) -> Source {
        Self::add(&self.admin, &self.firm, format, verification, secret).await
    }

    async fn add(admin: &Caller, firm: &Firm, format: &str, verification: &str, secret: &Value) -> Source {
        let name = format!("{format} {}", uuid::Uuid::now_v7().simple());
        let body = json!({ "name": name, "format": format, "verification": verification, "secret": secret });
        let made = admin.post("/v1/telemetry-sources", &body, 201).await;
        let id = made.text("/source/id");
        let path = format!("/v1/t/{}/telemetry/{id}", firm.slug);
        assert!(made.text("/source/address").ends_with(&path));
        Source { id, secret: made.text("/secret"), path }
    }

    /// Puts a socket on record; gives its id.
    pub async fn socket(&self, device: &str, channel: i32) -> String {
        self.socket_of(&self.source, device, channel).await
    }

    /// The same of another source.
    pub async fn socket_of(&self, source: &Source, device: &str, channel: i32) -> String {
        let body = json!({ "source": source.id, "device": device, "channel": channel });
        self.admin.post("/v1/sockets", &body, 201).await.text("/id")
    }

    /// Sends a message signed as it should be.
    #[track_caller]
    pub fn send(&self, message: &Value, expected: u16) -> impl Future<Output = Answer> {
        self.send_to(&self.source, message.to_string().into_bytes(), expected)
    }

    /// The same of another source, in bytes.
    #[track_caller]
    pub fn send_to(&self, source: &Source, body: Vec<u8>, expected: u16) -> impl Future<Output = Answer> {
        let request = self.anyone.request(Method::POST, &source.path);
        let place = Signed::now(&source.secret).on(request, "", &body);
        self.anyone.send(place.body(body), expected)
    }

    /// A request of nobody in particular to the source.
    pub fn request(&self, path: &str) -> RequestBuilder {
        self.anyone.request(Method::POST, path)
    }

    /// Sends such a request.
    #[track_caller]
    pub fn dispatch(&self, request: RequestBuilder, expected: u16) -> impl Future<Output = Answer> {
        self.anyone.send(request, expected)
    }
}

/// The parts of a signature.
pub struct Signed {
    pub secret: String,
    pub timestamp: String,
    pub nonce: String,
}

impl Signed {
    /// With the time as it is.
    pub fn now(secret: &str) -> Self {
        Self::at(secret, Utc::now())
    }

    /// With another.
    pub fn at(secret: &str, at: DateTime<Utc>) -> Self {
        let timestamp = format!("{}.{:06}", at.timestamp(), at.timestamp_subsec_micros());
        Self { secret: secret.to_owned(), timestamp, nonce: uuid::Uuid::now_v7().simple().to_string() }
    }

    /// The signature of a body, and of a query where there is one.
    pub fn signature(&self, query: &str, body: &[u8]) -> String {
        let Self { secret, timestamp, nonce } = self;
        let opening =
            if query.is_empty() { format!("{timestamp}.{nonce}.") } else { format!("{timestamp}.{nonce}?{query}\n") };
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &[opening.as_bytes(), body].concat());
        format!("v1={}", hex::encode(tag))
    }

    /// Puts the headers on a request.
    pub fn on(&self, request: RequestBuilder, query: &str, body: &[u8]) -> RequestBuilder {
        request
            .header("Content-Type", "application/json")
            .header("Zhidan-Timestamp", &self.timestamp)
            .header("Zhidan-Nonce", &self.nonce)
            .header("Zhidan-Signature", self.signature(query, body))
    }
}

/// A reading of our own format.
pub fn reading(device: &str, at: DateTime<Utc>, power_w: f64) -> Value {
    json!({ "device": device, "at": at, "power_w": power_w })
}

/// A message of our own format.
pub fn message(readings: &[Value]) -> Value {
    json!({ "readings": readings })
}

/// What became of each item, in order, with the code where there is one.
pub fn fates(body: &Value) -> Vec<String> {
    let items = body["items"].as_array().unwrap_or_else(|| panic!("no items: {body:#}"));
    let fate = |item: &Value| match item["code"].as_str() {
        Some(code) => format!("{} {code}", item["outcome"].as_str().expect("an outcome")),
        None => item["outcome"].as_str().expect("an outcome").to_owned(),
    };
    assert!(items.iter().enumerate().all(|(at, item)| item["index"] == at), "{body:#}");
    let count = |of: &str| items.iter().filter(|item| item["outcome"] == of).count();
    for (name, of) in
        [("stored", "stored"), ("duplicates", "duplicate"), ("quarantined", "quarantined"), ("ignored", "ignored")]
    {
        assert_eq!(body[name], count(of), "{name}: {body:#}");
    }
    assert_eq!(body["received"], items.len());
    items.iter().map(fate).collect()
}
