//! A stream between the webhook and the tables, and what changes while a message lies in it: its source, the room in its source's
//! quarantine, the partitions that there are.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::nats::{served, taken_in};
use super::nats_server::NatsServer;
use super::quarantine::db_fill;
use super::support::{Plant, Signed, message, reading};
use crate::limits::support::{Cells, db_rows};
use crate::support::{Caller, Firm, db_count};

/// A message as Tuya sends it, encrypted under the middle of a secret.
fn tuya(secret: &str, at: DateTime<Utc>) -> Vec<u8> {
    let ms = at.timestamp_millis();
    let properties = json!([{ "code": "cur_power", "value": 248, "time": ms }]);
    let inner = json!({
        "bizCode": "devicePropertyMessage", "ts": ms, "bizData": { "devId": "dev1", "properties": properties }
    });
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &secret.as_bytes()[8..24]).expect("a key"));
    let (nonce, mut body) = ([9; 12], inner.to_string().into_bytes());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body).expect("sealed");
    let hidden = STANDARD.encode([&nonce[..], &body].concat());
    json!({ "data": hidden, "encryptMode": "aes_gcm" }).to_string().into_bytes()
}

#[actix_web::test]
async fn a_message_says_what_it_said_when_it_was_accepted_whatever_its_source_is_since() {
    const SECRETS: [&str; 2] = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"];
    let Some(nats) = NatsServer::find().await else { return };
    let server = served(&nats, &[("ZHIDAN_NATS__PARTITIONS", "1")]).await;
    let plant = Plant::with(&server, Firm::create_bare(&server, "since").await, "tasmota", "hmac").await;
    let sealed = plant.source("tuya", "hmac", &json!(SECRETS[0])).await;
    plant.socket("press", 0).await;
    plant.socket_of(&sealed, "dev1", 0).await;
    let now = Utc::now();
    // eight in the morning, where the source is
    let day = (now - Duration::days(2)).date_naive();
    let local = json!({ "Time": format!("{day}T08:00:00"), "ENERGY": { "Power": 2635 } }).to_string().into_bytes();
    let query = "device=press";
    let path = format!("{}?{query}", plant.source.path);
    let request = Signed::now(&plant.source.secret).on(plant.request(&path), query, &local);
    plant.dispatch(request.body(local), 202).await;
    plant.send_to(&sealed, tuya(SECRETS[0], now), 202).await;
    // both are others by the time that they are taken in
    let path = format!("/v1/telemetry-sources/{}", plant.source.id);
    let version = plant.admin.get(&path, 200).await.version.expect("a version");
    plant.admin.patch(&path, version, &json!({ "zone": "UTC" }), 200).await;
    let path = format!("/v1/telemetry-sources/{}", sealed.id);
    let version = plant.admin.get(&path, 200).await.version.expect("a version");
    let rotation = json!({ "secret": SECRETS[1], "previous_hours": 0 });
    plant.admin.act(&format!("{path}/rotate-secret"), version, &rotation, 200).await;
    let kept = nats.kept().await;
    taken_in(&server, &nats).await;
    let readings = async || {
        let sql = "SELECT at_us FROM readings WHERE tenant_id = $tenant ORDER BY at_us";
        db_rows(&server, &plant.firm, sql, |row: &dyn Cells| row.whole(0)).await
    };
    let midnight = day.and_hms_opt(0, 0, 0).expect("a time").and_utc();
    let expected = [midnight.timestamp_micros(), now.timestamp_millis() * 1_000];
    assert_eq!(readings().await, expected);
    // an acknowledgement that was lost: they come once more
    for (subject, message) in &kept {
        nats.put(subject, message.clone()).await;
    }
    taken_in(&server, &nats).await;
    assert_eq!(readings().await, expected, "once");
    // what a version before had kept says neither, and is read by what holds now
    for (number, (subject, message)) in kept.into_iter().enumerate() {
        let end = message.iter().position(|byte| *byte == b'\n').expect("a head");
        let mut head: Value = serde_json::from_slice(&message[..end]).expect("a head");
        let members = head.as_object_mut().expect("an object");
        members.retain(|name, _| name != "zone" && name != "opened");
        let body = if number == 0 { message[end + 1..].to_vec() } else { tuya(SECRETS[1], now - Duration::hours(1)) };
        nats.put(&subject, [head.to_string().into_bytes(), vec![b'\n'], body].concat()).await;
    }
    taken_in(&server, &nats).await;
    let before = [midnight + Duration::hours(8), now - Duration::hours(1)];
    let before = [before[0].timestamp_micros(), before[1].timestamp_millis() * 1_000];
    assert_eq!(readings().await, [expected[0], before[0], before[1], expected[1]]);
    assert_eq!(db_count(&server, &plant.firm, "quarantined_readings").await, 0);
    server.stop().await;
    nats.remove().await;
}

#[actix_web::test]
async fn a_full_quarantine_is_its_sources_own_and_holds_nobody_up() {
    let Some(nats) = NatsServer::find().await else { return };
    let server = served(&nats, &[("ZHIDAN_NATS__TENANT_MESSAGES", "2")]).await;
    let plant = Plant::make(&server, "brimful").await;
    let healthy = plant.source("own", "hmac", &Value::Null).await;
    plant.socket("lathe", 0).await;
    plant.socket_of(&healthy, "lathe", 0).await;
    db_fill(&server, &plant, &plant.source, 100_000).await;
    let now = Utc::now();
    let some = |minute: i64, devices: &[&str]| {
        let at = now - Duration::minutes(minute);
        message(&devices.iter().map(|device| reading(device, at, 1.0)).collect::<Vec<_>>())
    };
    let count = async |of: &str| db_count(&server, &plant.firm, of).await;
    // another source of the same firm has room
    plant.send_to(&healthy, some(5, &["lathe", "milking"]).to_string().into_bytes(), 202).await;
    // as without a stream: what can be stored is, and the rest is told and kept nowhere
    for minute in 0..4 {
        let full = plant.send(&some(minute, &["lathe", "milking"]), 503).await;
        assert_eq!((full.code(), full.text("/errors/0/pointer")), ("quarantine_full".into(), "/items/1".into()));
        assert!(full.headers.contains_key("retry-after"));
        assert_eq!((count("readings").await, nats.waiting().await), (minute + 1, 1));
    }
    assert_eq!(count("quarantined_readings").await, 100_000);
    // what needs no room is accepted
    plant.send(&some(4, &["lathe"]), 202).await;
    // the other's fills after its message was accepted, and that is kept all the same
    db_fill(&server, &plant, &healthy, 100_000).await;
    taken_in(&server, &nats).await;
    assert_eq!((count("readings").await, count("quarantined_readings").await), (6, 200_001));
    server.stop().await;
    nats.remove().await;
}

#[actix_web::test]
async fn partitions_that_come_later_are_taken_in_too() {
    const PARTITIONS: u64 = 8;
    let Some(nats) = NatsServer::find().await else { return };
    let server = served(&nats, &[("ZHIDAN_NATS__PARTITIONS", "1")]).await;
    let takers = api::devices::start_taking(&server.app).expect("there is a stream");
    let now = Utc::now();
    // one whose partition there is none of yet
    let mut number = 0;
    let plant = loop {
        let plant = Plant::make(&server, &format!("later{number}")).await;
        if plant.firm.tenant.as_u64_pair().1 % PARTITIONS != 0 {
            break plant;
        }
        number += 1;
    };
    plant.socket("lathe", 0).await;
    plant.send(&message(&[reading("lathe", now, 1.0)]), 202).await;
    nats.drained().await;
    assert_eq!(nats.consumers().await, ["readings-0"]);
    let replica = server.replica_told(|config| config.nats.as_mut().expect("a stream").partitions = PARTITIONS).await;
    let body = message(&[reading("lathe", now - Duration::minutes(1), 1.0)]).to_string().into_bytes();
    let door = Caller::new(&replica.url, None);
    let request = door.request(reqwest::Method::POST, &plant.source.path);
    let request = Signed::now(&plant.source.secret).on(request, "", &body);
    door.send(request.body(body), 202).await;
    nats.drained().await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 2);
    takers.stop().await;
    replica.stop().await;
    server.stop().await;
    nats.remove().await;
}
