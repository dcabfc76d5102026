//! Alarms: raised once from what was counted, seen to by people, told within limits, taken back by what comes late.

use std::io::{Read, Write};
use std::net::TcpListener;

use chrono::Duration;
use serde_json::{Value, json};

use super::machines;
use super::workshop::{Workshop, said};
use crate::support::{Caller, Server};

/// A workshop whose machine is watched.
pub(super) async fn watched(server: &Server, slug: &str) -> (Workshop, Caller) {
    let workshop = Workshop::open(server, slug).await;
    let chief = workshop.firm.staff("post_guarantee");
    let machine = format!("/v1/equipment/{}", workshop.machine);
    let version = chief.get(&machine, 200).await.version.expect("a version");
    chief.patch(&machine, version, &json!({ "papers": machines::papers(server) }), 200).await;
    chief.post(&format!("{machine}/scores"), &json!({}), 201).await;
    let version = chief.get(&machine, 200).await.version.expect("a version");
    chief.act(&format!("{machine}/start-monitoring"), version, &json!({}), 200).await;
    (workshop, chief)
}

/// A rule for the machine: idle for an hour.
pub(super) async fn idle_rule(workshop: &Workshop, chief: &Caller, more: &Value) -> String {
    let mut rule = json!({ "kind": "idle_too_long", "minutes": 60, "clear_after_minutes": 10, "severity": "notice" });
    for (name, value) in more.as_object().expect("members") {
        rule[name] = value.clone();
    }
    let body = json!({ "equipment": workshop.machine, "rule": rule });
    chief.post("/v1/alarm-rules", &body, 201).await.text("/id")
}

/// Lets time pass, a reading of so much power each minute.
pub(super) async fn passes(server: &Server, workshop: &Workshop, minutes: i64, power_w: f64) {
    let from = server.app.clock.now();
    let readings: Vec<Value> =
        (0..minutes).map(|minute| workshop.reading(from + Duration::minutes(minute), power_w)).collect();
    server.app.clock.advance(Duration::minutes(minutes));
    workshop.send(server, &readings).await;
    server.app.clock.advance(Duration::seconds(15));
    server.work().await;
}

/// Somebody who deals with alarms, logged in anew: time has passed.
pub(super) async fn chief(server: &Server, workshop: &Workshop) -> Caller {
    let session = workshop.firm.log_in(server, "post_guarantee", 200).await;
    server.with_token(&session.text("/access_token"))
}

pub(super) async fn alarms(server: &Server, workshop: &Workshop) -> Vec<Value> {
    let chief = chief(server, workshop).await;
    let page = chief.get(&format!("/v1/alarms?equipment={}&kind=idle_too_long", workshop.machine), 200).await;
    page.body["items"].as_array().expect("alarms").clone()
}

#[actix_web::test]
async fn an_alarm_is_raised_once_acknowledged_and_cleared_by_its_condition() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "alarms").await;
    idle_rule(&workshop, &chief, &json!({})).await;
    passes(&server, &workshop, 50, 20.0).await;
    assert!(alarms(&server, &workshop).await.is_empty(), "not an hour yet");
    passes(&server, &workshop, 30, 20.0).await;
    passes(&server, &workshop, 30, 20.0).await;
    let found = alarms(&server, &workshop).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["state"], "open");
    let chief = self::chief(&server, &workshop).await;
    let path = format!("/v1/alarms/{}", found[0]["id"].as_str().expect("an id"));
    let version = chief.get(&path, 200).await.version.expect("a version");
    assert_eq!(chief.act(&format!("{path}/clear"), version, &json!({}), 409).await.code(), "alarm_not_acknowledged");
    let past = json!({ "until": said(server.app.clock.now() - Duration::hours(1)) });
    chief.act(&format!("{path}/mute"), version, &past, 422).await;
    let seen = chief.act(&format!("{path}/acknowledge"), version, &json!({}), 200).await;
    assert_eq!(seen.text("/state"), "acknowledged");
    let again = chief.act(&format!("{path}/acknowledge"), version + 1, &json!({}), 409).await;
    assert_eq!(again.code(), "alarm_already_acknowledged");
    passes(&server, &workshop, 20, 900.0).await;
    let found = alarms(&server, &workshop).await;
    assert_eq!((found.len(), &found[0]["state"]), (1, &json!("cleared")), "{found:#?}");
    let chief = self::chief(&server, &workshop).await;
    let kinds = machines::life(&chief, &workshop.machine).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "alarm_raised").count(), 1, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| *kind == "alarm_cleared").count(), 1, "{kinds:?}");
    server.stop().await;
}

#[actix_web::test]
async fn what_comes_late_takes_an_alarm_back() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "late").await;
    let figures = json!({ "off_below_mw": 3_000, "working_from_mw": 50_000, "minimum_s": 30 });
    chief.post(&format!("/v1/equipment/{}/thresholds", workshop.machine), &figures, 201).await;
    idle_rule(&workshop, &chief, &json!({})).await;
    let begun = server.app.clock.now();
    passes(&server, &workshop, 80, 20.0).await;
    assert_eq!(alarms(&server, &workshop).await[0]["state"], "open");
    // half of its minutes it had worked, as comes to light now
    let worked: Vec<Value> = (0..39)
        .map(|minute| workshop.reading(begun + Duration::minutes(20 + minute) + Duration::seconds(1), 900.0))
        .collect();
    let idle: Vec<Value> = (0..39)
        .map(|minute| workshop.reading(begun + Duration::minutes(20 + minute) + Duration::seconds(58), 900.0))
        .collect();
    workshop.send(&server, &[worked, idle].concat()).await;
    workshop.count(&server).await;
    let found = alarms(&server, &workshop).await;
    assert_eq!((found.len(), &found[0]["state"]), (1, &json!("cleared")), "{found:#?}");
    server.stop().await;
}

#[actix_web::test]
async fn an_alarm_that_goes_on_outlasts_a_recount_of_the_past() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "recount").await;
    idle_rule(&workshop, &chief, &json!({})).await;
    passes(&server, &workshop, 80, 20.0).await;
    let open = alarms(&server, &workshop).await;
    assert_eq!((open.len(), &open[0]["state"]), (1, &json!("open")));
    // the same states by other figures: every day is counted anew, today last
    let figures = json!({ "off_below_mw": 2_000, "working_from_mw": 60_000 });
    let again = self::chief(&server, &workshop).await;
    again.post(&format!("/v1/equipment/{}/thresholds", workshop.machine), &figures, 201).await;
    workshop.count(&server).await;
    let after = alarms(&server, &workshop).await;
    assert_eq!((after.len(), &after[0]["state"], &after[0]["id"]), (1, &json!("open"), &open[0]["id"]), "{after:#?}");
    // somebody of one department does not touch what is for all
    let rules = again.get("/v1/alarm-rules", 200).await;
    assert!(rules.body["items"].as_array().is_some_and(|rules| rules.len() >= 7), "{:#}", rules.body);
    again.get(&format!("/v1/equipment/{}/days/-9999-01-01", workshop.machine), 404).await;
    again.get(&format!("/v1/equipment/{}/days?to=1999-12-31", workshop.machine), 400).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_machine_that_says_nothing_is_noticed() {
    let server = Server::start().await;
    let (workshop, _) = watched(&server, "silent").await;
    passes(&server, &workshop, 10, 900.0).await;
    let offline = format!("/v1/alarms?equipment={}&kind=offline&state=open", workshop.machine);
    let seen = chief(&server, &workshop).await.get(&offline, 200).await;
    assert_eq!(seen.body["items"], json!([]));
    server.app.clock.advance(Duration::hours(3));
    api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE).await.expect("planned");
    server.work().await;
    let seen = chief(&server, &workshop).await.get(&offline, 200).await;
    assert_eq!(seen.body["items"].as_array().map(Vec::len), Some(1));
    server.stop().await;
}

#[actix_web::test]
async fn people_and_an_address_are_told_once() {
    let sink = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let place = sink.local_addr().expect("its address").to_string();
    let server = Server::start_with(&[("ZHIDAN_OUTSIDE__ALLOWED", &place)]).await;
    let (workshop, chief) = watched(&server, "told").await;
    workshop.firm.applicant(&server, "13900000055").await;
    let machine = format!("/v1/equipment/{}", workshop.machine);
    let version = chief.get(&machine, 200).await.version.expect("a version");
    chief.patch(&machine, version, &json!({ "owner_phone": "13900000055" }), 200).await;
    for (url, expected) in [("http://127.0.0.1:1/x", 422), ("https://10.0.0.1/x", 422), ("https://[::1]/", 422)] {
        let rule = json!({ "kind": "overload", "minutes": 5, "clear_after_minutes": 10, "severity": "critical",
            "ways": ["url"], "url": url });
        chief.post("/v1/alarm-rules", &json!({ "category": "lathe", "rule": rule }), expected).await;
    }
    let url = format!("http://{place}/hook");
    idle_rule(&workshop, &chief, &json!({ "ways": ["in_app", "url"], "url": url })).await;
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = sink.accept().expect("a call");
        let mut text = vec![0; 8192];
        let length = stream.read(&mut text).expect("its bytes");
        stream.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n").expect("an answer");
        String::from_utf8_lossy(&text[..length]).into_owned()
    });
    passes(&server, &workshop, 80, 20.0).await;
    passes(&server, &workshop, 5, 20.0).await;
    let call = heard.join().expect("the call");
    assert!(call.starts_with("POST /hook HTTP/1.1") && call.contains("alarm.raised"), "{call}");
    let inbox = workshop.firm.applicant(&server, "13900000055").await.get("/v1/my/inbox", 200).await;
    let told: Vec<&Value> =
        inbox.body["items"].as_array().expect("messages").iter().filter(|one| one["event"] == "alarm_raised").collect();
    assert_eq!(told.len(), 1, "{:#}", inbox.body);
    assert!(alarms(&server, &workshop).await[0]["told_at"].is_string());
    server.stop().await;
}

#[actix_web::test]
async fn rules_of_one_kind_stand_once_and_keep_their_kind() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "rules").await;
    let id = idle_rule(&workshop, &chief, &json!({})).await;
    let rule = json!({ "kind": "idle_too_long", "minutes": 60, "clear_after_minutes": 10, "severity": "notice" });
    let twice = json!({ "equipment": workshop.machine, "rule": rule });
    chief.post("/v1/alarm-rules", &twice, 422).await;
    let path = format!("/v1/alarm-rules/{id}");
    let other = json!({ "kind": "overload", "minutes": 60, "clear_after_minutes": 10, "severity": "notice" });
    chief.put(&path, 1, &other, 422).await;
    let wrong = json!({ "kind": "idle_too_long", "minutes": 0, "clear_after_minutes": 0, "severity": "notice" });
    let pointers = machines::problems(&chief.put(&path, 1, &wrong, 422).await.body);
    assert_eq!(pointers, machines::pairs(&[("/minutes", "range"), ("/clear_after_minutes", "range")]));
    let changed = json!({ "kind": "idle_too_long", "minutes": 90, "clear_after_minutes": 10, "severity": "warning" });
    assert_eq!(chief.put(&path, 1, &changed, 200).await.body["rule"]["minutes"], 90);
    chief.put(&path, 1, &changed, 409).await;
    workshop.firm.staff("investigator").put(&path, 2, &changed, 403).await;
    server.stop().await;
}
