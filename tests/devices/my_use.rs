//! What applicants see of how their machines are used and of what is wrong with them, and what they may do about it.

use chrono::Duration;
use serde_json::{Value, json};

use super::usage::a_day;
use super::workshop::{Workshop, days_ago, said};
use crate::support::{Caller, Server, db_add_alarm};

const OWNER: &str = "13900000001";

/// A workshop whose machine is an applicant's, the applicant, and another.
async fn owned(server: &Server, slug: &str) -> (Workshop, Caller, Caller) {
    let workshop = Workshop::open(server, slug).await;
    let owner = workshop.firm.applicant(server, OWNER).await;
    let other = workshop.firm.applicant(server, "13900000002").await;
    let (clerk, path) = (workshop.firm.staff("clerk"), format!("/v1/equipment/{}", workshop.machine));
    let version = clerk.get(&path, 200).await.version.expect("a version");
    clerk.patch(&path, version, &json!({ "owner_phone": OWNER }), 200).await;
    (workshop, owner, other)
}

#[actix_web::test]
async fn owners_see_the_use_of_their_machines_as_staff_do() {
    let server = Server::start().await;
    let (workshop, owner, other) = owned(&server, "my-use").await;
    let day = days_ago(&server, 1);
    workshop.send(&server, &a_day(&workshop, day)).await;
    let now = server.app.clock.now();
    let running: Vec<Value> = (0..10).map(|minute| workshop.reading(now - Duration::minutes(minute), 880.0)).collect();
    workshop.send(&server, &running).await;
    let (staffs, mine) =
        (format!("/v1/equipment/{}", workshop.machine), format!("/v1/my/equipment/{}", workshop.machine));
    let live = owner.get(&format!("{mine}/state"), 200).await;
    assert_eq!((live.text("/state"), &live.body["power_w"]), ("working".into(), &json!(880.0)));
    assert_eq!(owner.get("/v1/my/equipment-states", 200).await.body["items"], json!([live.body]));
    assert_eq!(other.get("/v1/my/equipment-states", 200).await.body["items"], json!([]));
    workshop.count(&server).await;
    let paths = [
        format!("/days?from={day}&to={day}"),
        "/days?thresholds=standard".to_owned(),
        format!("/days/{day}"),
        format!("/heat-map?from={day}&to={day}"),
    ];
    for path in &paths {
        let seen = owner.get(&format!("{mine}{path}"), 200).await;
        assert_eq!(seen.body, workshop.reader().get(&format!("{staffs}{path}"), 200).await.body, "{path}");
    }
    let seen = owner.get(&format!("{mine}/days/{day}"), 200).await;
    assert_eq!(seen.body["seconds"]["working"], 180 * 60 + 120 + 240 * 60, "{:#}", seen.body);
    assert_eq!(seen.body["bands"].as_array().map(Vec::len), Some(6));
    owner.get(&format!("{mine}/days/1999-12-31"), 404).await;
    owner.get(&format!("{mine}/days?to=1999-12-31"), 400).await;
    for path in paths.iter().map(String::as_str).chain(["/state"]) {
        other.get(&format!("{mine}{path}"), 404).await;
        workshop.reader().get(&format!("{mine}{path}"), 403).await;
        owner.get(&format!("{staffs}{path}"), 403).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn owners_see_to_their_alarms_and_close_none() {
    let server = Server::start().await;
    let (workshop, owner, other) = owned(&server, "my-alarms").await;
    let chief = workshop.firm.staff("post_guarantee");
    let rule = json!({ "kind": "idle_too_long", "minutes": 60, "clear_after_minutes": 10, "severity": "notice",
        "ways": ["in_app", "url"], "url": "https://hooks.example.com/zhidan" });
    let rule = json!({ "equipment": workshop.machine, "rule": rule });
    let rule = chief.post("/v1/alarm-rules", &rule, 201).await.text("/id");
    let id = db_add_alarm(&server, &workshop.firm, &rule, &workshop.machine).await;
    let (path, staffs) = (format!("/v1/my/alarms/{id}"), format!("/v1/alarms/{id}"));
    let list = owner.get(&format!("/v1/my/alarms?equipment={}&state=open", workshop.machine), 200).await;
    assert_eq!((list.text("/items/0/id"), list.text("/items/0/kind_label")), (id.clone(), "待机过久".into()));
    let text = list.body.to_string();
    assert!(!text.contains("hooks.example.com") && !text.contains("alr_"), "{text}");
    assert_eq!(owner.get("/v1/my/equipment", 200).await.body["items"][0]["alarms"], 1);
    let far = |days: i64| json!({ "until": said(server.app.clock.now() + Duration::days(days)) });
    owner.act(&format!("{path}/mute"), 1, &far(31), 422).await;
    let muted = owner.act(&format!("{path}/mute"), 1, &far(1), 200).await;
    assert!(muted.body["muted_until"].is_string() && muted.body.get("rule").is_none(), "{:#}", muted.body);
    assert_eq!(owner.act(&format!("{path}/acknowledge"), 1, &json!({}), 409).await.code(), "stale");
    let seen = owner.act(&format!("{path}/acknowledge"), 2, &json!({}), 200).await;
    assert_eq!(seen.text("/state"), "acknowledged");
    let again = owner.act(&format!("{path}/acknowledge"), 3, &json!({}), 409).await;
    assert_eq!(again.code(), "alarm_already_acknowledged");
    for who in [&owner, &other] {
        who.act(&format!("{staffs}/clear"), 3, &json!({}), 403).await;
        who.act(&format!("{path}/clear"), 3, &json!({}), 404).await;
        who.get("/v1/alarm-rules", 403).await;
    }
    // another's do not exist
    assert_eq!(other.get("/v1/my/alarms", 200).await.body["items"], json!([]));
    assert_eq!(other.get(&format!("/v1/my/alarms?equipment={}", workshop.machine), 200).await.body["items"], json!([]));
    other.get(&path, 404).await;
    other.act(&format!("{path}/acknowledge"), 3, &json!({}), 404).await;
    other.act(&format!("{path}/mute"), 3, &far(1), 404).await;
    chief.get(&path, 403).await;
    // staff see that the owner saw it; how it stands with the firm, and whom the firm has told, is the firm's
    let shown = chief.get(&staffs, 200).await;
    assert_eq!((shown.text("/state"), shown.text("/rule"), shown.version), ("open".into(), rule, Some(3)));
    let of_firm = (&shown.body["acknowledged_at"], &shown.body["muted_until"]);
    assert_eq!(of_firm, (&Value::Null, &Value::Null), "{:#}", shown.body);
    assert_eq!(shown.body["owner_seen_at"], seen.body["acknowledged_at"]);
    for (who, path, state) in [(&chief, "/v1/alarms", "open"), (&owner, "/v1/my/alarms", "acknowledged")] {
        for (asked, count) in [("open", usize::from(state == "open")), ("acknowledged", usize::from(state != "open"))] {
            let page = who.get(&format!("{path}?equipment={}&state={asked}", workshop.machine), 200).await;
            assert_eq!(page.body["items"].as_array().map(Vec::len), Some(count), "{path} {asked}");
        }
    }
    assert_eq!(chief.act(&format!("{staffs}/clear"), 3, &json!({}), 409).await.code(), "alarm_not_acknowledged");
    chief.act(&format!("{staffs}/acknowledge"), 3, &json!({}), 200).await;
    chief.act(&format!("{staffs}/clear"), 4, &json!({}), 200).await;
    assert_eq!(owner.get(&path, 200).await.text("/state"), "cleared");
    assert_eq!(owner.act(&format!("{path}/mute"), 5, &far(1), 409).await.code(), "alarm_already_cleared");
    assert_eq!(owner.get("/v1/my/equipment", 200).await.body["items"][0]["alarms"], 0);
    server.stop().await;
}

#[actix_web::test]
async fn whoever_owns_a_machine_next_has_seen_none_of_its_alarms() {
    let server = Server::start().await;
    let (workshop, owner, other) = owned(&server, "next-owner").await;
    let chief = workshop.firm.staff("post_guarantee");
    let rule = json!({ "kind": "idle_too_long", "minutes": 60, "clear_after_minutes": 10, "severity": "notice" });
    let rule = json!({ "equipment": workshop.machine, "rule": rule });
    let rule = chief.post("/v1/alarm-rules", &rule, 201).await.text("/id");
    let id = db_add_alarm(&server, &workshop.firm, &rule, &workshop.machine).await;
    let (path, staffs) = (format!("/v1/my/alarms/{id}"), format!("/v1/alarms/{id}"));
    let until = json!({ "until": said(server.app.clock.now() + Duration::days(1)) });
    owner.act(&format!("{path}/mute"), 1, &until, 200).await;
    owner.act(&format!("{path}/acknowledge"), 2, &json!({}), 200).await;
    chief.act(&format!("{staffs}/acknowledge"), 3, &json!({}), 200).await;
    let (clerk, machine) = (workshop.firm.staff("clerk"), format!("/v1/equipment/{}", workshop.machine));
    let version = clerk.get(&machine, 200).await.version.expect("a version");
    clerk.patch(&machine, version, &json!({ "owner_phone": "13900000002" }), 200).await;
    owner.get(&path, 404).await;
    let seen = other.get(&path, 200).await;
    assert_eq!((seen.text("/state"), &seen.body["muted_until"]), ("open".into(), &Value::Null), "{:#}", seen.body);
    // what the firm did stays
    let shown = chief.get(&staffs, 200).await;
    assert_eq!((shown.text("/state"), &shown.body["owner_seen_at"]), ("acknowledged".into(), &Value::Null));
    let version = seen.version.expect("a version");
    other.act(&format!("{path}/acknowledge"), version, &json!({}), 200).await;
    server.stop().await;
}
