//! What follows from silence, and from somebody no longer watching: days are counted to their end although nothing more comes,
//! an alarm that lasts over midnight is one alarm, and one that nobody watches any more is over.

use chrono::Duration;
use serde_json::{Value, json};

use super::alarms::{alarms, chief, idle_rule, passes, watched};
use super::workshop::{Workshop, days_ago, said, start_of};
use crate::support::{Caller, Server};

/// Everything that comes back by itself does so now.
async fn nightly(server: &Server) {
    api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE).await.expect("planned");
    server.work().await;
}

async fn reader(server: &Server, workshop: &Workshop) -> Caller {
    let session = workshop.firm.log_in(server, "investigator", 200).await;
    server.with_token(&session.text("/access_token"))
}

/// Lets time pass up to an hour of today, in the firm's zone; tomorrow's if that is over.
fn until_hour(server: &Server, hour: i64) {
    let mut at = start_of(days_ago(server, 0)) + Duration::hours(hour);
    if at <= server.app.clock.now() {
        at += Duration::days(1);
    }
    server.app.clock.advance(at - server.app.clock.now());
}

async fn of_kind(server: &Server, workshop: &Workshop, kind: &str) -> Vec<Value> {
    let path = format!("/v1/alarms?equipment={}&kind={kind}", workshop.machine);
    chief(server, workshop).await.get(&path, 200).await.body["items"].as_array().expect("alarms").clone()
}

#[actix_web::test]
async fn a_day_on_which_a_socket_fell_silent_is_counted_to_its_end() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "silent-day").await;
    until_hour(&server, 9);
    let day = days_ago(&server, 0);
    passes(&server, &workshop, 60, 900.0).await;
    let now = server.app.clock.now();
    let lost = json!({ "device": workshop.device, "at": said(now), "online": false });
    workshop.send(&server, &[lost]).await;
    workshop.count(&server).await;
    server.app.clock.advance(Duration::days(3));
    nightly(&server).await;
    let reader = reader(&server, &workshop).await;
    let path = format!("/v1/equipment/{}/days", workshop.machine);
    let seen = reader.get(&path, 200).await.body;
    let days = seen["days"].as_array().expect("days");
    let of = |back: u64| days.iter().find(|one| one["day"] == days_ago(&server, back).to_string()).expect("the day");
    assert_eq!(of(3)["day"], day.to_string());
    assert_eq!((&of(3)["ahead_s"], &of(3)["unknown_s"]), (&json!(0), &json!(9 * 3_600)), "{:#}", of(3));
    assert!(of(3)["seconds"]["offline"].as_i64() > Some(13 * 3_600), "{:#}", of(3));
    // that the connection is lost holds on, day after day
    for back in [2, 1] {
        let whole = (&json!(0), &json!(86_400));
        assert_eq!((&of(back)["ahead_s"], &of(back)["seconds"]["offline"]), whole, "{:#}", of(back));
    }
    assert!(of(0)["ahead_s"].as_i64() > Some(0) && of(0)["seconds"]["offline"].as_i64() > Some(0), "{:#}", of(0));
    server.stop().await;
}

#[actix_web::test]
async fn silence_over_midnight_is_one_alarm() {
    let server = Server::start().await;
    until_hour(&server, 20);
    let (workshop, _) = watched(&server, "silent-night").await;
    passes(&server, &workshop, 30, 900.0).await;
    for _ in 0..12 {
        server.app.clock.advance(Duration::hours(3));
        nightly(&server).await;
    }
    let found = of_kind(&server, &workshop, "offline").await;
    assert_eq!((found.len(), &found[0]["state"]), (1, &json!("open")), "{found:#?}");
    passes(&server, &workshop, 60, 900.0).await;
    nightly(&server).await;
    let found = of_kind(&server, &workshop, "offline").await;
    assert_eq!((found.len(), &found[0]["state"]), (1, &json!("cleared")), "{found:#?}");
    server.stop().await;
}

#[actix_web::test]
async fn a_machine_without_a_socket_is_not_offline() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "no-socket").await;
    let bindings = chief.get(&format!("/v1/equipment/{}/bindings", workshop.machine), 200).await;
    let binding = bindings.text("/items/0/id");
    let since = said(start_of(days_ago(&server, 20)));
    let end = json!({ "at": since, "reason": "插座移走" });
    chief.act(&format!("/v1/bindings/{binding}/end"), 1, &end, 200).await;
    server.app.clock.advance(Duration::hours(30));
    nightly(&server).await;
    assert_eq!(of_kind(&server, &workshop, "offline").await, Vec::<Value>::new());
    server.stop().await;
}

#[actix_web::test]
async fn what_nobody_watches_any_more_is_over() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "stopped").await;
    passes(&server, &workshop, 1, 900.0).await;
    let firms = json!({ "kind": "idle_too_long", "minutes": 60, "clear_after_minutes": 10, "severity": "notice" });
    let rules = chief.get("/v1/alarm-rules", 200).await;
    let rule = rules.body["items"].as_array().and_then(|all| {
        all.iter().find(|one| one["rule"]["kind"] == "idle_too_long" && one["equipment"].is_null()).cloned()
    });
    let rule = rule.expect("the firm's rule");
    let path = format!("/v1/alarm-rules/{}", rule["id"].as_str().expect("an id"));
    chief.put(&path, 1, &firms, 200).await;
    passes(&server, &workshop, 80, 20.0).await;
    assert_eq!(alarms(&server, &workshop).await[0]["state"], "open");
    // a rule of the machine's own takes the place of the firm's
    let chief = self::chief(&server, &workshop).await;
    idle_rule(&workshop, &chief, &json!({ "minutes": 600 })).await;
    passes(&server, &workshop, 5, 20.0).await;
    let found = alarms(&server, &workshop).await;
    assert_eq!((found.len(), &found[0]["state"]), (1, &json!("cleared")), "{found:#?}");
    passes(&server, &workshop, 540, 20.0).await;
    assert_eq!(alarms(&server, &workshop).await[0]["state"], "open");
    let chief = self::chief(&server, &workshop).await;
    let machine = format!("/v1/equipment/{}", workshop.machine);
    let version = chief.get(&machine, 200).await.version.expect("a version");
    chief.act(&format!("{machine}/stop-monitoring"), version, &json!({ "reason": "设备停用检修" }), 200).await;
    let states: Vec<Value> = alarms(&server, &workshop).await.iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["cleared", "cleared"]);
    server.stop().await;
}

#[actix_web::test]
async fn who_took_note_of_an_alarm_has_done_so_though_its_begin_moves() {
    let server = Server::start().await;
    let (workshop, chief) = watched(&server, "moved").await;
    idle_rule(&workshop, &chief, &json!({})).await;
    passes(&server, &workshop, 20, 900.0).await;
    let begun = server.app.clock.now();
    server.app.clock.advance(Duration::minutes(10));
    passes(&server, &workshop, 80, 20.0).await;
    let before = alarms(&server, &workshop).await;
    let path = format!("/v1/alarms/{}", before[0]["id"].as_str().expect("an id"));
    let chief = self::chief(&server, &workshop).await;
    let version = chief.get(&path, 200).await.version.expect("a version");
    chief.act(&format!("{path}/acknowledge"), version, &json!({}), 200).await;
    // the ten minutes of which nothing was known were idle too
    let late: Vec<Value> = (0..10).map(|minute| workshop.reading(begun + Duration::minutes(minute), 20.0)).collect();
    workshop.send(&server, &late).await;
    workshop.count(&server).await;
    let after = alarms(&server, &workshop).await;
    assert_eq!((after.len(), &after[0]["id"]), (1, &before[0]["id"]), "{after:#?}");
    assert_eq!(after[0]["state"], "acknowledged");
    assert_ne!(after[0]["began_at"], before[0]["began_at"]);
    server.stop().await;
}
