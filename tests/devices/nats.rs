//! A stream between the webhook and the tables: what comes of a message is the same as without one, nothing that was accepted
//! is lost, and who floods waits for themselves.

use chrono::{DateTime, Duration, Utc};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write;

use super::machines::machine;
use super::nats_server::NatsServer;
use super::order::{BATCH, DEVICES, day, rows, shuffled};
use super::support::{Plant, Signed, Source, message, reading};
use crate::limits::support::{Cells, Draws, db_rows};
use crate::support::{Caller, Firm, Server, db_count};

/// A server with a stream, in which nothing is taken in until [`api::devices::start_taking`].
pub(super) async fn served(nats: &NatsServer, more: &[(&str, &str)]) -> Server {
    let settings = nats.settings(more);
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Server::start_with(&settings).await
}

/// Has what lies in the stream taken in, all of it.
pub(super) async fn taken_in(server: &Server, nats: &NatsServer) {
    let takers = api::devices::start_taking(&server.app).expect("there is a stream");
    nats.drained().await;
    takers.stop().await;
}

/// A message as it is sent: by which source, with which query and headers, and the status without a stream.
struct Sent {
    source: usize,
    query: &'static str,
    body: Vec<u8>,
    packed: bool,
    at: DateTime<Utc>,
    status: u16,
}

/// A plant whose first socket is at a machine, with a second source whose format says the device beside the message.
struct Works {
    plant: Plant,
    sources: Vec<Source>,
    machine: String,
}

impl Works {
    async fn make(server: &Server, slug: &str) -> Self {
        let plant = Plant::with(server, Firm::create(server, slug).await, "own", "hmac").await;
        let sources = vec![plant.source.clone(), plant.source("tasmota", "hmac", &Value::Null).await];
        let machine = machine(server, &plant.firm.staff("investigator"), &json!({})).await;
        for device in DEVICES {
            let socket = plant.socket(device, 0).await;
            if device == DEVICES[0] {
                let binding = json!({ "socket": socket, "from": Utc::now() - Duration::days(30) });
                let path = format!("/v1/equipment/{machine}/bindings");
                plant.firm.staff("post_guarantee").post(&path, &binding, 201).await;
            }
        }
        plant.socket_of(&sources[1], "press", 0).await;
        Self { plant, sources, machine }
    }

    async fn send(&self, through: &Caller, sent: &Sent, status: u16) -> Value {
        let source = &self.sources[sent.source];
        let path = if sent.query.is_empty() { source.path.clone() } else { format!("{}?{}", source.path, sent.query) };
        let request = through.request(reqwest::Method::POST, &path);
        let mut request =
            Signed::at(&source.secret, sent.at).on(request, sent.query, &sent.body).body(sent.body.clone());
        if sent.packed {
            request = request.header("Content-Encoding", "gzip");
        }
        through.send(request, status).await.body
    }

    /// Everything that came of what was sent, but for what it is called and when it came.
    async fn result(&self, server: &Server) -> Vec<String> {
        let mut all = vec![];
        for source in &self.sources {
            let rows = rows(server, &self.plant.firm, &source.id).await;
            // days that are to be counted are marked by the binding too, and may have been counted since
            all.extend(rows.into_iter().filter(|row| row.matches('|').count() > 2));
        }
        let text = |column: &str| format!("COALESCE(CAST({column} AS TEXT), '-')");
        let aside = ["device", "channel", "at_us", "reason", "pointer", "code", "reading", "state"]
            .map(text)
            .join(" || '|' || ");
        let sql = format!("SELECT {aside} FROM quarantined_readings WHERE tenant_id = $tenant ORDER BY 1");
        all.extend(db_rows(server, &self.plant.firm, &sql, |row: &dyn Cells| row.text(0)).await);
        all
    }

    /// The days of the machine that are over, once they are counted: how far the one of today is depends on when that was.
    async fn days(&self, server: &Server) -> Vec<String> {
        let text = |column: &str| format!("COALESCE(CAST({column} AS TEXT), '-')");
        let day = [
            "day",
            "seconds_offline",
            "seconds_off",
            "seconds_standby",
            "seconds_working",
            "seconds_overload",
            "seconds_unknown",
            "seconds_ahead",
            "error_ppm",
            "energy_mwh",
            "energy_basis",
            "spans",
            "hours",
            "readings",
        ];
        let day = day.map(text).join(" || '|' || ");
        let sql =
            format!("SELECT {day} FROM equipment_days WHERE tenant_id = $tenant AND seconds_ahead = 0 ORDER BY 1");
        let days = db_rows(server, &self.plant.firm, &sql, |row: &dyn Cells| row.text(0)).await;
        assert!(days.len() >= 2, "days of {} are counted: {days:?}", self.machine);
        days
    }
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(vec![], Compression::default());
    packer.write_all(body).expect("it is packed");
    packer.finish().expect("it is packed")
}

/// A day of four devices, each message three times and in any order, and between them everything that is set aside.
fn everything(now: DateTime<Utc>, draws: &mut Draws) -> Vec<Sent> {
    let own = |body: Vec<u8>, status| Sent { source: 0, query: "", body, packed: false, at: now, status };
    let mut all = day(now - Duration::hours(54));
    all.extend([
        reading("milking", now, 300.0),
        reading("lathe", now + Duration::minutes(30), 1.0),
        reading("lathe", now - Duration::days(401), 1.0),
        json!({ "device": "lathe", "at": now, "power_w": "much" }),
        json!({ "device": "lathe", "at": now, "bogus": 1 }),
        json!(7),
    ]);
    let thrice: Vec<Value> = all.iter().chain(all.iter().rev()).chain(&all).cloned().collect();
    let mut sent = vec![];
    for (number, some) in shuffled(thrice, draws).chunks(BATCH).enumerate() {
        let body = message(some).to_string().into_bytes();
        let pack = number % 3 == 0;
        sent.push(Sent { packed: pack, ..own(if pack { packed(&body) } else { body }, 200) });
    }
    // no time of their own: they were received when they were signed, however late they are taken in
    let signed = now - Duration::seconds(40);
    sent.push(Sent { at: signed, ..own(json!({ "device": "saw", "power_w": 12 }).to_string().into_bytes(), 200) });
    let tasmota =
        |query, body: &str, status| Sent { source: 1, query, body: body.into(), packed: false, at: signed, status };
    sent.push(tasmota(
        "topic=tele/press/SENSOR",
        r#"{"Time":"2026-07-01T08:00:00","ENERGY":{"Power":2635,"Total":6.294}}"#,
        200,
    ));
    sent.push(tasmota("device=press", r#"{"ENERGY":{"Power":7}}"#, 200));
    sent.push(tasmota("device=press", "not a message", 422));
    sent.push(own(b"[".to_vec(), 422));
    sent
}

#[actix_web::test]
async fn the_same_comes_of_it_with_a_stream_as_without() {
    let Some(nats) = NatsServer::find().await else { return };
    let server = served(&nats, &[]).await;
    let direct = server.replica_told(|config| config.nats = None).await;
    let direct_door = Caller::new(&direct.url, None);
    let (straight, buffered) = (Works::make(&server, "straight").await, Works::make(&server, "buffered").await);
    let seed = std::env::var("ZHIDAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let sent = everything(Utc::now(), &mut Draws::new(seed));
    for one in &sent {
        straight.send(&direct_door, one, one.status).await;
    }
    let takers = api::devices::start_taking(&server.app).expect("there is a stream");
    for one in &sent {
        let told = buffered.send(&server.anyone(), one, if one.status == 200 { 202 } else { one.status }).await;
        if one.status == 200 {
            assert_eq!((&told["accepted"], &told["stored"]), (&told["received"], &json!(0)), "{told:#}");
        }
    }
    nats.drained().await;
    assert_eq!(nats.consumers().await, ["readings-0", "readings-1", "readings-2", "readings-3"]);
    takers.stop().await;
    let (first, second) = (straight.result(&server).await, buffered.result(&server).await);
    assert!(first.len() > 900, "{}", first.len());
    let differ = first.iter().zip(&second).find(|(one, other)| one != other);
    assert!(first.len() == second.len() && differ.is_none(), "seed {seed}: {differ:#?}");
    server.app.clock.advance(Duration::seconds(15));
    server.work().await;
    assert_eq!(straight.days(&server).await, buffered.days(&server).await, "seed {seed}");
    direct.stop().await;
    server.stop().await;
    nats.remove().await;
}

#[actix_web::test]
async fn an_answer_says_what_is_known_and_platforms_get_the_one_they_know() {
    let Some(nats) = NatsServer::find().await else { return };
    let server = served(&nats, &[]).await;
    let plant = Plant::make(&server, "answers").await;
    plant.socket("lathe", 0).await;
    let now = Utc::now();
    let faulty = message(&[reading("lathe", now, 1.0), json!({ "device": "lathe", "at": now, "power_w": "much" })]);
    let told = plant.send(&faulty, 202).await;
    assert_eq!(told.body["accepted"], 2);
    assert_eq!((told.text("/items/0/outcome"), &told.body["items"][0]["code"]), ("accepted".into(), &Value::Null));
    assert_eq!(
        (told.text("/items/1/outcome"), told.text("/items/1/code")),
        ("accepted".into(), "value_not_number".into())
    );
    assert_eq!(told.text("/items/1/pointer"), "/readings/1/power_w");
    let unreadable = plant.send(&json!([[]]), 422).await;
    assert_eq!(unreadable.text("/code"), "telemetry_unreadable");
    // what is larger than the server takes goes straight into the tables
    let mut large = message(&[reading("lathe", now - Duration::minutes(1), 2.0)]).to_string().into_bytes();
    large.resize(1024 * 1024, b' ');
    let told = plant.send_to(&plant.source, large, 200).await;
    assert_eq!((&told.body["stored"], &told.body["accepted"]), (&json!(1), &json!(0)));
    // OneNET knows 200 alone
    let onenet = plant.source("onenet", "onenet", &Value::Null).await;
    for msg in [r#"{"a":1}"#, "7"] {
        let sign = {
            use base64::Engine as _;
            use md5::Digest as _;
            let hash = md5::Md5::digest(format!("{}abcdefgh{msg}", onenet.secret).as_bytes());
            base64::engine::general_purpose::STANDARD.encode(hash)
        };
        let body = format!(r#"{{"nonce":"abcdefgh","msg":{msg},"signature":"{sign}"}}"#);
        plant.dispatch(plant.request(&onenet.path).header("Content-Type", "application/json").body(body), 200).await;
    }
    taken_in(&server, &nats).await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 2);
    assert_eq!(db_count(&server, &plant.firm, "quarantined_readings WHERE code = 'value_not_number'").await, 1);
    // what was accepted counts, whatever has become of the source since
    plant.send(&message(&[reading("lathe", now - Duration::minutes(2), 3.0)]), 202).await;
    let path = format!("/v1/telemetry-sources/{}", plant.source.id);
    let version = plant.admin.get(&path, 200).await.version.expect("a version");
    plant.admin.patch(&path, version, &json!({ "active": false }), 200).await;
    plant.send(&faulty, 401).await;
    taken_in(&server, &nats).await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 3);
    server.stop().await;
    nats.remove().await;
}

#[actix_web::test]
async fn who_floods_waits_for_themselves() {
    const FLOOD: i64 = 300;
    let Some(nats) = NatsServer::find().await else { return };
    // one partition, so that both are in the same
    let server = served(&nats, &[("ZHIDAN_NATS__PARTITIONS", "1"), ("ZHIDAN_NATS__TENANT_MESSAGES", "300")]).await;
    let (flood, other) = (Plant::make(&server, "flood").await, Plant::make(&server, "other").await);
    let now = Utc::now();
    for plant in [&flood, &other] {
        plant.socket("lathe", 0).await;
    }
    for number in 0..FLOOD {
        flood.send(&message(&[reading("lathe", now - Duration::seconds(number), 1.0)]), 202).await;
    }
    // as much as may lie there does, of the one; the other is not told to wait
    let full = flood.send(&message(&[reading("lathe", now + Duration::seconds(1), 1.0)]), 429).await;
    assert!(full.headers.contains_key("retry-after"));
    other.send(&message(&[reading("lathe", now, 1.0)]), 202).await;
    assert_eq!(nats.waiting().await, FLOOD as u64 + 1);
    taken_in(&server, &nats).await;
    let received = async |plant: &Plant| {
        let sql = "SELECT received_us FROM readings WHERE tenant_id = $tenant";
        db_rows(&server, &plant.firm, sql, |row: &dyn Cells| row.whole(0)).await
    };
    let (first, second) = (received(&flood).await, received(&other).await);
    assert_eq!((first.len(), second.len()), (FLOOD as usize, 1), "nothing that was accepted is lost");
    let after = first.iter().filter(|at| **at > second[0]).count();
    assert!(after > FLOOD as usize / 2, "the other's came after all but {after} of the flood");
    // there is room again
    flood.send(&message(&[reading("lathe", now + Duration::seconds(1), 1.0)]), 202).await;
    server.stop().await;
    nats.remove().await;
}

#[actix_web::test]
async fn a_full_stream_refuses_and_loses_nothing() {
    let Some(nats) = NatsServer::find().await else { return };
    let server = served(&nats, &[("ZHIDAN_NATS__MAX_BYTES", "1048576"), ("ZHIDAN_TELEMETRY__AT_ONCE", "1")]).await;
    let plant = Plant::make(&server, "full").await;
    plant.socket("lathe", 0).await;
    let now = Utc::now();
    let many = |number: i64| {
        let at = |step: i64| now - Duration::hours(1) + Duration::milliseconds(number * 2_000 + step);
        message(&(0..2_000).map(|step| reading("lathe", at(step), 1.0)).collect::<Vec<_>>()).to_string().into_bytes()
    };
    let mut accepted = 0;
    let refused = loop {
        let body = many(accepted);
        let request = Signed::now(&plant.source.secret).on(plant.request(&plant.source.path), "", &body).body(body);
        let answer = request.send().await.expect("an answer");
        match answer.status().as_u16() {
            202 => accepted += 1,
            503 => break answer,
            other => panic!("{other}"),
        }
        assert!(accepted < 100, "the stream is never full");
    };
    assert!(accepted >= 2 && refused.headers().contains_key("retry-after"));
    let told: Value = refused.json().await.expect("a problem");
    assert_eq!(told["code"], "unavailable");
    // stopped in the middle of it, and begun again
    let takers = api::devices::start_taking(&server.app).expect("there is a stream");
    takers.stop().await;
    taken_in(&server, &nats).await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, accepted * 2_000);
    plant.send_to(&plant.source, many(accepted), 202).await;
    server.stop().await;
    nats.remove().await;
}

#[actix_web::test]
async fn while_the_server_is_away_only_readings_wait() {
    let Some(mut nats) = NatsServer::not_yet() else { return };
    let server = served(&nats, &[]).await;
    let plant = Plant::make(&server, "away").await;
    plant.socket("lathe", 0).await;
    let takers = api::devices::start_taking(&server.app).expect("there is a stream");
    let one = message(&[reading("lathe", Utc::now(), 1.0)]);
    let away = plant.send(&one, 503).await;
    assert!(away.headers.contains_key("retry-after"));
    plant.anyone.get("/ready", 200).await;
    plant.admin.get("/v1/telemetry-sources", 200).await;
    nats.start().await;
    // each of these waits until the connection stands, and not for long
    let mut tries = 0;
    loop {
        let body = one.to_string().into_bytes();
        let request = Signed::now(&plant.source.secret).on(plant.request(&plant.source.path), "", &body).body(body);
        match request.send().await.expect("an answer").status().as_u16() {
            202 => break,
            503 => tries += 1,
            other => panic!("{other}"),
        }
        assert!(tries < 20, "it is never reached");
    }
    nats.drained().await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 1);
    takers.stop().await;
    server.stop().await;
    nats.remove().await;
}
