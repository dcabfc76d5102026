//! A firm with a machine, a socket at it and a source that sends, for the tests of what is counted.

use chrono::{DateTime, Days, Duration, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server};

/// A machine whose socket sends.
pub struct Workshop {
    /// The firm.
    pub firm: Firm,
    /// The machine.
    pub machine: String,
    /// What the socket is called by its source.
    pub device: String,
    address: String,
    secret: String,
}

/// The first instant of a business day.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(0, 0, 0).expect("midnight").and_utc() - Duration::hours(8)
}

/// So many days ago, in the firm's zone.
pub fn days_ago(server: &Server, days: u64) -> NaiveDate {
    let today = (server.app.clock.now() + Duration::hours(8)).date_naive();
    today.checked_sub_days(Days::new(days)).expect("a day")
}

/// An instant as it is sent.
pub fn said(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl Workshop {
    /// A firm, a source, a machine, and a socket that has been at it for thirty days.
    pub async fn open(server: &Server, slug: &str) -> Self {
        let firm = Firm::create(server, slug).await;
        Self::of(server, firm, "plug-1").await
    }

    /// The same within a firm that is there.
    pub async fn of(server: &Server, firm: Firm, device: &str) -> Self {
        let keeper = firm.staff("post_guarantee");
        let source = json!({ "name": format!("网关{device}"), "format": "own", "verification": "token" });
        let source = keeper.post("/v1/telemetry-sources", &source, 201).await;
        let id = source.text("/source/id");
        let secret = source.text("/secret");
        let address = format!("/v1/t/{}/telemetry/{id}", firm.slug);
        let socket = json!({ "source": id, "device": device, "channel": 0 });
        let socket = keeper.post("/v1/sockets", &socket, 201).await.text("/id");
        let machine = json!({ "name": "数控车床CK6140", "category": "lathe" });
        let machine = firm.staff("investigator").post("/v1/equipment", &machine, 201).await.text("/id");
        let from = said(start_of(days_ago(server, 30)));
        let binding = json!({ "socket": socket, "from": from });
        keeper.post(&format!("/v1/equipment/{machine}/bindings"), &binding, 201).await;
        Self { firm, machine, device: device.to_owned(), address, secret }
    }

    /// The id of the source.
    pub fn source(&self) -> &str {
        self.address.rsplit('/').next().expect("an id")
    }

    /// Sends readings as they are.
    pub async fn send(&self, server: &Server, readings: &[Value]) -> Answer {
        let source = Caller::new(&server.url, Some(self.secret.clone()));
        let request = source.request(reqwest::Method::POST, &self.address).json(&json!({ "readings": readings }));
        source.send(request, 200).await
    }

    /// A reading of the machine's socket.
    pub fn reading(&self, at: DateTime<Utc>, power_w: f64) -> Value {
        json!({ "device": self.device, "at": said(at), "power_w": power_w })
    }

    /// A reading each minute from one minute of a day to another, all with the same power.
    pub fn minutes(&self, day: NaiveDate, minutes: std::ops::Range<i64>, power_w: f64) -> Vec<Value> {
        minutes.map(|minute| self.reading(start_of(day) + Duration::minutes(minute), power_w)).collect()
    }

    /// Counts everything that is due.
    pub async fn count(&self, server: &Server) {
        server.app.clock.advance(Duration::seconds(15));
        server.work().await;
    }

    /// Somebody who looks at machines.
    pub fn reader(&self) -> Caller {
        self.firm.staff("investigator")
    }

    /// A machine's day.
    pub async fn day(&self, day: NaiveDate) -> Value {
        self.reader().get(&format!("/v1/equipment/{}/days/{day}", self.machine), 200).await.body
    }
}
