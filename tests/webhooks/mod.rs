//! Third parties that are told of events: what they are sent, when again, and when no more.

mod addresses;
mod answers;
mod events;
mod kept;
mod lifetime;
mod lost;
pub mod sink;
mod turns;

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server};
use sink::Sink;

/// A firm with one address.
pub struct Hooks {
    pub server: Server,
    pub firm: Firm,
    pub admin: Caller,
    pub endpoint: String,
    pub secret: String,
}

impl Hooks {
    /// A firm whose one address is a sink's.
    pub async fn open(slug: &str, sink: &Sink) -> Self {
        Self::open_with(slug, &[sink]).await
    }

    /// The same where other sinks may be called too.
    pub async fn open_with(slug: &str, sinks: &[&Sink]) -> Self {
        let places = sinks.iter().map(|sink| sink.place.clone()).collect::<Vec<_>>().join(",");
        let server = Server::start_with(&[("ZHIDAN_OUTSIDE__ALLOWED", &places)]).await;
        let firm = Firm::create(&server, slug).await;
        let admin = firm.staff("administrator");
        let made = admin.post("/v1/webhook-endpoints", &json!({ "url": sinks[0].url() }), 201).await;
        let (endpoint, secret) = (made.text("/endpoint/id"), made.text("/secret"));
        Self { server, firm, admin, endpoint, secret }
    }

    /// Where the address is looked after.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/webhook-endpoints/{}{rest}", self.endpoint)
    }

    /// The address as it is now.
    pub async fn now(&self) -> Answer {
        self.admin.get(&self.path(""), 200).await
    }

    /// Its deliveries, the newest first.
    pub async fn deliveries(&self) -> Vec<Value> {
        let page = self.admin.get(&self.path("/deliveries?limit=100"), 200).await;
        page.body["items"].as_array().expect("deliveries").clone()
    }

    /// Has it sent a test; gives the delivery.
    pub async fn tried(&self) -> Answer {
        self.admin.post(&self.path("/test"), &json!({}), 202).await
    }

    /// Does something to the address as it is now.
    pub async fn act(&self, action: &str, expected: u16) -> Answer {
        let version = self.now().await.version.expect("a version");
        self.admin.act(&self.path(action), version, &json!({}), expected).await
    }

    /// Lets time pass, and logs the administrator in again.
    pub async fn later(&mut self, by: Duration) {
        self.server.app.clock.advance(by);
        let session = self.firm.log_in(&self.server, "administrator", 200).await;
        self.admin = self.server.with_token(&session.text("/access_token"));
    }

    /// Lets time pass and runs what is due.
    pub async fn works_later(&mut self, by: Duration) {
        self.later(by).await;
        self.server.work().await;
    }

    /// Something happens that third parties are told of: a machine is scored.
    pub async fn something_happens(&self) {
        let keeper = self.firm.staff("post_guarantee");
        let machine = json!({ "name": "示例车床", "category": "lathe" });
        let machine = keeper.post("/v1/equipment", &machine, 201).await.text("/id");
        keeper.post(&format!("/v1/equipment/{machine}/scores"), &json!({}), 201).await;
    }
}

/// When something is due, as an answer says it.
pub fn instant(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no instant"))
}
