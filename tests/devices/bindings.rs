//! Sockets at machines over time: never two at once, moved without losing history, and the days concerned counted anew.

use chrono::{DateTime, Duration, Utc};
use domain::time::TenantZone;
use serde_json::{Value, json};

use super::machines::{ids, life, machine, pairs, problems, version};
use crate::support::{Firm, Hire, Server, db_add_socket, db_count};

/// How many business days there are from one instant to another.
fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    let zone = TenantZone::default();
    zone.date_of(to).signed_duration_since(zone.date_of(from)).num_days() + 1
}

#[actix_web::test]
async fn a_socket_moves_to_another_machine_and_history_stays() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "sockets").await;
    let clerk = firm.staff("clerk");
    let (one, two) = (machine(&server, &clerk, &json!({})).await, machine(&server, &clerk, &json!({})).await);
    let socket = db_add_socket(&server, &firm, "plug-1").await;
    let now = server.app.clock.now();
    let from = now - Duration::days(10);
    let at = |id: &str| format!("/v1/equipment/{id}/bindings");
    let bound = clerk.post(&at(&one), &json!({ "socket": socket, "from": from }), 201).await;
    assert_eq!((bound.text("/socket/device"), bound.text("/equipment")), ("plug-1".into(), one.clone()));
    assert_eq!((bound.body["to"].clone(), bound.text("/by/id")), (Value::Null, firm.staff_id("clerk")));
    assert_eq!(db_count(&server, &firm, "dirty_days").await, days(from, now));
    let shown = clerk.get(&format!("/v1/equipment/{one}"), 200).await;
    assert_eq!(shown.text("/binding/id"), bound.text("/id"));
    assert_eq!(shown.body["allowed_actions"], json!(["change", "offer", "retire"]));
    // not in two places, and not two in one place
    let elsewhere = clerk.post(&at(&two), &json!({ "socket": socket }), 409).await;
    assert_eq!(elsewhere.code(), "binding_overlaps");
    assert!(elsewhere.text("/detail").contains("SB"), "{:#}", elsewhere.body);
    let second = db_add_socket(&server, &firm, "plug-2").await;
    let full = clerk.post(&at(&one), &json!({ "socket": second }), 409).await;
    assert!(full.code() == "binding_overlaps" && full.text("/detail").contains("plug-1"), "{:#}", full.body);
    // ended four days ago, it was at the other machine from then on
    let path = format!("/v1/bindings/{}/end", bound.text("/id"));
    let moved = now - Duration::days(4);
    let end = json!({ "at": moved, "reason": "移至二号" });
    assert_eq!(clerk.act(&path, 2, &end, 409).await.code(), "stale");
    let ended = clerk.act(&path, 1, &end, 200).await;
    assert_eq!(ended.text("/to").parse::<DateTime<Utc>>().expect("an instant"), moved);
    assert_eq!(clerk.act(&path, 2, &end, 409).await.code(), "already_ended");
    let early = clerk.post(&at(&two), &json!({ "socket": socket, "from": moved - Duration::seconds(1) }), 409).await;
    assert_eq!(early.code(), "binding_overlaps");
    clerk.post(&at(&two), &json!({ "socket": socket, "from": moved }), 201).await;
    // before it was there, another was, for a time that is over
    let (before, until) = (from - Duration::days(3), from);
    let past = json!({ "socket": second, "from": before, "to": until });
    clerk.post(&at(&one), &past, 201).await;
    assert_eq!(clerk.post(&at(&one), &past, 409).await.code(), "binding_overlaps");
    let listed = clerk.get(&at(&one), 200).await;
    let devices: Vec<_> =
        listed.body["items"].as_array().expect("rows").iter().map(|row| row["socket"]["device"].clone()).collect();
    assert_eq!(devices, [json!("plug-1"), json!("plug-2")]);
    assert_eq!(life(&clerk, &one).await, ["registered", "socket_bound", "socket_unbound", "socket_bound"]);
    let told = clerk.get(&format!("/v1/equipment/{one}/life"), 200).await;
    assert_eq!((told.text("/items/1/subject"), told.text("/items/2/reason")), (bound.text("/id"), "移至二号".into()));
    assert!(told.text("/items/1/text").starts_with("绑定智能插座：plug-1，自20"), "{}", told.text("/items/1/text"));
    server.stop().await;
}

#[actix_web::test]
async fn times_that_cannot_be_are_refused() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "times").await;
    let clerk = firm.staff("clerk");
    let id = machine(&server, &clerk, &json!({})).await;
    let path = format!("/v1/equipment/{id}/bindings");
    let socket = db_add_socket(&server, &firm, "plug-1").await;
    let now = server.app.clock.now();
    let rows = [
        (json!({ "socket": socket, "from": now + Duration::hours(1) }), vec![("/from", "range")]),
        (json!({ "socket": socket, "from": now - Duration::days(401) }), vec![("/from", "range")]),
        (
            json!({ "socket": "skt_01jd8m1f5ne6xa9q2t4k7v3b8c", "from": "2000-01-01T00:00:00Z" }),
            vec![("/socket", "unknown"), ("/from", "range")],
        ),
        (
            json!({ "socket": socket, "from": now - Duration::days(2), "to": now - Duration::days(2) }),
            vec![("/to", "range")],
        ),
        (
            json!({ "socket": socket, "from": now - Duration::days(2), "to": now + Duration::days(2) }),
            vec![("/to", "range")],
        ),
        (json!({ "from": now }), vec![("/socket", "required")]),
        (json!({ "socket": socket, "from": "yesterday" }), vec![("/from", "value")]),
    ];
    for (body, expected) in rows {
        assert_eq!(problems(&clerk.post(&path, &body, 422).await.body), pairs(&expected), "{body}");
    }
    let from = now - Duration::days(400) + Duration::minutes(5);
    let bound = clerk.post(&path, &json!({ "socket": socket, "from": from }), 201).await;
    assert_eq!(db_count(&server, &firm, "dirty_days").await, days(from, now));
    for at in [from, now + Duration::hours(1), from - Duration::days(9)] {
        let end = json!({ "at": at, "reason": "示例" });
        let refused = clerk.act(&format!("/v1/bindings/{}/end", bound.text("/id")), 1, &end, 422).await;
        assert_eq!(problems(&refused.body), pairs(&[("/at", "range")]), "{at}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn of_two_who_bind_the_same_socket_at_once_one_does() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "race").await;
    let clerk = firm.staff("clerk");
    let socket = db_add_socket(&server, &firm, "plug-1").await;
    let mut machines = vec![];
    for _ in 0..6 {
        machines.push(machine(&server, &clerk, &json!({})).await);
    }
    let bind = async |id: &String| {
        let request = clerk.request(reqwest::Method::POST, &format!("/v1/equipment/{id}/bindings"));
        let request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        request.json(&json!({ "socket": socket })).send().await.expect("an answer").status().as_u16()
    };
    let mut answers = futures_util::future::join_all(machines.iter().map(bind)).await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409]);
    assert_eq!(db_count(&server, &firm, "socket_bindings").await, 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_retired_machine_is_watched_by_nothing_and_bindings_are_within_the_scope() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "retired").await;
    let clerk = firm.staff("clerk");
    let branch = firm.department("示例分部", None, json!([])).await;
    let hire = Hire { login_name: "branch", role: "clerk", department: &branch, scope: "department" };
    let (outsider, _) = firm.hire(&server, &hire).await;
    let id = machine(&server, &clerk, &json!({})).await;
    let path = format!("/v1/equipment/{id}");
    let socket = db_add_socket(&server, &firm, "plug-1").await;
    let bound = clerk.post(&format!("{path}/bindings"), &json!({ "socket": socket }), 201).await.text("/id");
    let end = json!({ "reason": "示例" });
    outsider.act(&format!("/v1/bindings/{bound}/end"), 1, &end, 404).await;
    // of a machine that they do not see they are not told
    let own = machine(&server, &outsider, &json!({})).await;
    let taken = outsider.post(&format!("/v1/equipment/{own}/bindings"), &json!({ "socket": socket }), 409).await;
    assert!(taken.text("/detail").contains("其他设备"), "{:#}", taken.body);
    let retired = clerk.act(&format!("{path}/retire"), version(&clerk, &path).await, &end, 200).await;
    assert_eq!(retired.body["binding"], Value::Null);
    assert_eq!(
        clerk.post(&format!("{path}/bindings"), &json!({ "socket": socket }), 409).await.code(),
        "equipment_retired"
    );
    assert_eq!(ids(&clerk.get(&format!("{path}/bindings"), 200).await.body), [bound]);
    assert_eq!(life(&clerk, &id).await, ["registered", "socket_bound", "socket_unbound", "retired"]);
    server.stop().await;
}
