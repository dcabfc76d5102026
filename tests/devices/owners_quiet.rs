//! What an owner does with an alarm is for themselves alone: the firm hears of it all the same, and the owner when their quiet
//! is over.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use chrono::Duration;
use serde_json::{Value, json};

use super::alarms::{alarms, idle_rule, passes, watched};
use super::workshop::{Workshop, said};
use crate::support::{Caller, Server, db_count};

const OWNER: &str = "13900000055";

/// An address of the firm's that hears two calls.
fn address() -> (String, JoinHandle<Vec<String>>) {
    let sink = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = sink.local_addr().expect("its address").to_string();
    let hear = move |_| {
        let (mut stream, _) = sink.accept().expect("a call");
        let mut text = vec![0; 8192];
        let length = stream.read(&mut text).expect("its bytes");
        stream.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n").expect("an answer");
        String::from_utf8_lossy(&text[..length]).into_owned()
    };
    (place, std::thread::spawn(move || (0..2).map(hear).collect()))
}

async fn owner(server: &Server, workshop: &Workshop) -> Caller {
    workshop.firm.applicant(server, OWNER).await
}

/// Whose machine raised two alarms within an hour of which people hear one message: of the second nobody was told yet.
async fn untold(server: &Server, slug: &str, place: &str) -> (Workshop, String) {
    let (workshop, chief) = watched(server, slug).await;
    owner(server, &workshop).await;
    let machine = format!("/v1/equipment/{}", workshop.machine);
    let version = chief.get(&machine, 200).await.version.expect("a version");
    chief.patch(&machine, version, &json!({ "owner_phone": OWNER }), 200).await;
    let more = json!({ "minutes": 10, "clear_after_minutes": 2, "messages_per_hour": 1, "ways": ["in_app", "url"],
        "url": format!("http://{place}/hook") });
    idle_rule(&workshop, &chief, &more).await;
    for (minutes, power_w) in [(20, 20.0), (5, 900.0), (20, 20.0)] {
        passes(server, &workshop, minutes, power_w).await;
    }
    let found = alarms(server, &workshop).await;
    let of = |key: &str| found.iter().map(|one| one[key].clone()).collect::<Vec<Value>>();
    assert_eq!(of("state"), ["open", "cleared"], "{found:#?}");
    assert_eq!(found.iter().map(|one| one["told_at"].is_string()).collect::<Vec<_>>(), [false, true], "{found:#?}");
    let path = format!("/v1/my/alarms/{}", found[0]["id"].as_str().expect("an id"));
    (workshop, path)
}

/// How often the owner was told of idleness.
async fn told(server: &Server, workshop: &Workshop) -> usize {
    let inbox = owner(server, workshop).await.get("/v1/my/inbox", 200).await;
    let all = inbox.body["items"].as_array().expect("messages");
    all.iter().filter(|one| one["event"] == "alarm_raised" && one.to_string().contains("待机过久")).count()
}

#[actix_web::test]
async fn the_firm_is_told_of_what_the_owner_acknowledged() {
    let (place, heard) = address();
    let server = Server::start_with(&[("ZHIDAN_OUTSIDE__ALLOWED", &place)]).await;
    let (workshop, path) = untold(&server, "owner-saw", &place).await;
    let owner = owner(&server, &workshop).await;
    let version = owner.get(&path, 200).await.version.expect("a version");
    let seen = owner.act(&format!("{path}/acknowledge"), version, &json!({}), 200).await;
    assert_eq!(seen.text("/state"), "acknowledged");
    passes(&server, &workshop, 60, 20.0).await;
    let found = alarms(&server, &workshop).await;
    assert_eq!((&found[0]["state"], found[0]["told_at"].is_string()), (&json!("open"), true), "{found:#?}");
    assert_eq!(found[0]["owner_seen_at"], seen.body["acknowledged_at"]);
    let calls = heard.join().expect("the calls");
    assert!(calls[1].contains(found[0]["id"].as_str().expect("an id")), "{calls:#?}");
    assert_eq!(told(&server, &workshop).await, 1, "whoever has seen it is told nothing more");
    server.stop().await;
}

#[actix_web::test]
async fn an_owners_quiet_puts_off_their_own_message_alone() {
    let (place, heard) = address();
    let server = Server::start_with(&[("ZHIDAN_OUTSIDE__ALLOWED", &place)]).await;
    let (workshop, path) = untold(&server, "owner-quiet", &place).await;
    let owner = owner(&server, &workshop).await;
    let version = owner.get(&path, 200).await.version.expect("a version");
    let until = json!({ "until": said(server.app.clock.now() + Duration::hours(2)) });
    owner.act(&format!("{path}/mute"), version, &until, 200).await;
    passes(&server, &workshop, 60, 20.0).await;
    let found = alarms(&server, &workshop).await;
    assert_eq!((found[0]["told_at"].is_string(), &found[0]["muted_until"]), (true, &Value::Null), "{found:#?}");
    let calls = heard.join().expect("the calls");
    assert!(calls[1].contains(found[0]["id"].as_str().expect("an id")), "{calls:#?}");
    assert_eq!(told(&server, &workshop).await, 1, "not while they want quiet");
    passes(&server, &workshop, 70, 20.0).await;
    assert_eq!(told(&server, &workshop).await, 2, "their quiet is over, and the alarm is not");
    assert_eq!(db_count(&server, &workshop.firm, "jobs WHERE kind = 'devices.alarm_call'").await, 2);
    server.stop().await;
}
