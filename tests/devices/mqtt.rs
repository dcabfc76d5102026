//! Readings from a real broker, where `TEST_MQTT_URL` names one: kept once, acknowledged when they are there, and waiting
//! with the broker while nobody listens.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use api::config::{MqttIntake, Subscription};
use api::platform::outside::mqtt::Client;
use chrono::Utc;
use serde_json::{Value, json};

use super::support::{Plant, Source};
use crate::support::{Firm, Server, db_count};

/// Longest that a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A publisher of its own, apart from the product's client.
struct Publisher(TcpStream);

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let (low, high) = (body.len() as u8 & 0x7f, (body.len() >> 7) as u8);
    let mut whole = if high > 0 { vec![kind, low | 0x80, high] } else { vec![kind, low] };
    whole.extend(body);
    whole
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat()
}

impl Publisher {
    /// Connects under a name with a session that is not kept, which also ends one that was.
    fn connect(url: &str, name: &str) -> Self {
        let place = url.rsplit("//").next().expect("an address").rsplit('@').next().expect("a host").to_owned();
        let place = if place.contains(':') { place } else { format!("{place}:1883") };
        let mut stream = TcpStream::connect(place).expect("the broker listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        let body = [text("MQTT"), vec![4, 2, 0, 60], text(name)].concat();
        stream.write_all(&packet(0x10, &body)).expect("it is sent");
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).expect("a welcome");
        assert_eq!(answer[3], 0, "the broker lets us in");
        Self(stream)
    }

    /// Publishes and waits until the broker has it.
    fn publish(&mut self, topic: &str, payload: &str, retain: bool) {
        let body = [text(topic), vec![0, 1], payload.as_bytes().to_vec()].concat();
        self.0.write_all(&packet(0x32 | u8::from(retain), &body)).expect("it is sent");
        let mut answer = [0; 4];
        self.0.read_exact(&mut answer).expect("it is acknowledged");
        assert_eq!(answer, [0x40, 2, 0, 1]);
    }
}

/// Waits until there are so many readings: it looks whenever some were stored.
async fn until(server: &Server, firm: &Firm, rows: i64) {
    let begun = Instant::now();
    loop {
        let stored = server.app.jobs_wake.notified();
        tokio::pin!(stored);
        // from here on it hears
        stored.as_mut().enable();
        let there = db_count(server, firm, "readings").await;
        if there == rows {
            return;
        }
        assert!(there < rows, "{there} of {rows} readings");
        let left = PATIENCE.saturating_sub(begun.elapsed());
        tokio::time::timeout(left, stored).await.unwrap_or_else(|_| panic!("{there} of {rows} readings came"));
    }
}

/// Has the broker keep a session for a listener from here on, as if it had listened once.
async fn subscribed(intake: &MqttIntake) {
    for one in &intake.subscriptions {
        let source = domain::id::Id::<domain::id::kind::Source>::from_uuid(one.source).to_string();
        let client = intake.name.as_ref().map_or_else(|| source.clone(), |name| format!("{source}-{name}"));
        Client::connect(&intake.broker, &client, &one.filters).await.expect("the broker keeps a subscription");
    }
}

/// Ends what listens.
async fn ended(listening: Vec<actix_web::rt::task::JoinHandle<()>>) {
    listening.iter().for_each(actix_web::rt::task::JoinHandle::abort);
    for one in listening {
        assert!(one.await.is_err_and(|error| error.is_cancelled()));
    }
}

fn intake(url: &str, plant: &Plant, each: &[(&Source, &str)]) -> MqttIntake {
    let uuid = |id: &str| domain::id::Id::<domain::id::kind::Source>::parse(id).expect("an id").uuid();
    let subscriptions = each.iter().map(|(source, filter)| Subscription {
        slug: plant.firm.slug.clone(),
        source: uuid(&source.id),
        filters: vec![(*filter).to_owned()],
    });
    MqttIntake {
        broker: url.parse().expect("the broker's address"),
        name: None,
        subscriptions: subscriptions.collect(),
    }
}

#[actix_web::test]
async fn what_is_published_is_kept_once_and_waits_while_nobody_listens() {
    let Some(url) = std::env::var("TEST_MQTT_URL").ok().filter(|url| !url.is_empty()) else {
        println!("not run: readings from a broker need TEST_MQTT_URL");
        return;
    };
    let server = Server::start().await;
    let plant = Plant::make(&server, "broker").await;
    let room = format!("zhidan-suite-{}", uuid::Uuid::now_v7().simple());
    let (sensors, plugs) = (
        plant.source("tasmota", "token", &Value::Null).await,
        plant.source("zigbee2mqtt", "token", &Value::Null).await,
    );
    // devices that no other run of the suite has
    plant.socket_of(&sensors, &room, 0).await;
    plant.socket_of(&plugs, &room, 0).await;
    let filters = (format!("tele/{room}/+"), format!("zigbee2mqtt/{room}/#"));
    let mqtt = intake(&url, &plant, &[(&sensors, &filters.0), (&plugs, &filters.1)]);
    let mut publisher = Publisher::connect(&url, &format!("suite{}", &room[room.len() - 12..]));
    let now = Utc::now();
    let says = |step: i64| {
        let at = (now + chrono::Duration::hours(8) - chrono::Duration::minutes(step)).format("%Y-%m-%dT%H:%M:%S");
        json!({ "Time": at.to_string(), "ENERGY": { "Power": 100 + step, "Total": 1.0 } }).to_string()
    };
    let topic = format!("tele/{room}/SENSOR");
    // kept by the broker without a time of its own: old news at every connection
    let plug = format!("zigbee2mqtt/{room}");
    publisher.publish(&plug, &json!({ "power": 1, "state": "ON" }).to_string(), true);
    subscribed(&mqtt).await;
    publisher.publish(&topic, &says(0), false);
    let listening = api::devices::listen(&server.app, &mqtt);
    for step in 1..20 {
        publisher.publish(&topic, &says(step), false);
        publisher.publish(&topic, &says(step), false);
    }
    publisher.publish(&topic, "not a message", false);
    publisher.publish(&topic, &says(20), false);
    until(&server, &plant.firm, 21).await;
    // it came before the last one
    let unreadable = "quarantined_readings WHERE reason = 'unreadable'";
    assert_eq!(db_count(&server, &plant.firm, unreadable).await, 1);
    ended(listening).await;
    // nobody listens, and nothing is lost
    for step in 21..25 {
        publisher.publish(&topic, &says(step), false);
    }
    let listening = api::devices::listen(&server.app, &mqtt);
    until(&server, &plant.firm, 25).await;
    // what is published now is news, also from a socket that says no time
    publisher.publish(&plug, &json!({ "power": 2 }).to_string(), false);
    until(&server, &plant.firm, 26).await;
    assert_eq!(db_count(&server, &plant.firm, "readings WHERE power_mw = 1000").await, 0, "old news is none");
    ended(listening).await;
    publisher.publish(&plug, "", true);
    for source in [&sensors, &plugs] {
        drop(Publisher::connect(&url, &source.id));
    }
    server.stop().await;
}

#[actix_web::test]
async fn several_who_listen_share_what_is_published() {
    let Some(url) = std::env::var("TEST_MQTT_URL").ok().filter(|url| !url.is_empty()) else {
        println!("not run: readings from a broker need TEST_MQTT_URL");
        return;
    };
    let server = Server::start().await;
    let plant = Plant::make(&server, "shared").await;
    let room = format!("zhidan-suite-{}", uuid::Uuid::now_v7().simple());
    let sensors = plant.source("tasmota", "token", &Value::Null).await;
    plant.socket_of(&sensors, &room, 0).await;
    let filter = format!("$share/zhidan/tele/{room}/+");
    let named = |name: &str| MqttIntake { name: Some(name.to_owned()), ..intake(&url, &plant, &[(&sensors, &filter)]) };
    let both = [named("one"), named("two")];
    for one in &both {
        subscribed(one).await;
    }
    let mut publisher = Publisher::connect(&url, &format!("suite{}", &room[room.len() - 12..]));
    let now = Utc::now() + chrono::Duration::hours(8);
    let says = |step: i64| {
        let at = (now - chrono::Duration::minutes(step)).format("%Y-%m-%dT%H:%M:%S").to_string();
        json!({ "Time": at, "ENERGY": { "Power": 100 + step, "Total": 1.0 } }).to_string()
    };
    // the broker keeps a part of it for each: all of it comes to both together, and to neither alone
    let listening: Vec<_> = both.iter().flat_map(|one| api::devices::listen(&server.app, one)).collect();
    for step in 0..40 {
        publisher.publish(&format!("tele/{room}/SENSOR"), &says(step), false);
    }
    until(&server, &plant.firm, 40).await;
    ended(listening).await;
    for name in ["one", "two"] {
        drop(Publisher::connect(&url, &format!("{}-{name}", sensors.id)));
    }
    server.stop().await;
}
