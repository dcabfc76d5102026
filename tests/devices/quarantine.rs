//! What could not be counted: seen, mapped, replayed, dismissed; once however often it comes, sealed, and never lost silently.

use chrono::{Duration, Utc};
use serde_json::{Value, json};

use super::support::{Plant, Source, fates, message, reading};
use crate::limits::support::literal;
use crate::support::{Firm, Server, db_count, db_try, on_postgres};

fn list(body: &Value, name: &str) -> Value {
    let items = body["items"].as_array().unwrap_or_else(|| panic!("no rows: {body:#}"));
    items.iter().map(|item| item[name].clone()).collect()
}

#[actix_web::test]
async fn a_device_that_nobody_knew_is_mapped_and_its_readings_counted() {
    let server = Server::start().await;
    let plant = Plant::with(&server, Firm::create(&server, "mapped").await, "own", "hmac").await;
    let now = Utc::now();
    let of = |device: &str, count: i64| -> Vec<Value> {
        (0..count).map(|step| reading(device, now - Duration::minutes(step), step as f64)).collect()
    };
    let all = message(&[of("lathe", 30), of("milking", 3)].concat());
    plant.send(&all, 200).await;
    plant.send(&all, 200).await;
    let groups = plant.admin.get("/v1/quarantined-devices", 200).await;
    assert_eq!(
        (list(&groups.body, "device"), list(&groups.body, "readings")),
        (json!(["lathe", "milking"]), json!([30, 3]))
    );
    assert_eq!(groups.body["complete"], true);
    let first = plant.admin.get("/v1/quarantined-devices?limit=1", 200).await;
    assert_eq!((list(&first.body, "device"), first.body["complete"].clone()), (json!(["lathe"]), json!(false)));
    let span = (groups.text("/items/0/first_at"), groups.text("/items/0/last_at"));
    assert!(span.0 < span.1);
    let page = plant.admin.get("/v1/quarantined-readings?device=lathe&state=open&limit=20", 200).await;
    let rest = format!("/v1/quarantined-readings?device=lathe&state=open&limit=20&cursor={}", page.text("/next"));
    assert_eq!(list(&plant.admin.get(&rest, 200).await.body, "id").as_array().map(Vec::len), Some(10));
    assert_eq!(page.body["items"][0]["raw"], Value::Null);

    let place = json!({ "source": plant.source.id, "device": "lathe", "channel": 0 });
    let refused = plant.admin.post("/v1/quarantined-readings/replay", &place, 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/device");
    plant.socket("lathe", 0).await;
    server.work().await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 30);
    assert_eq!(db_count(&server, &plant.firm, "quarantined_readings WHERE state = 'replayed'").await, 30);
    let groups = plant.admin.get("/v1/quarantined-devices", 200).await;
    assert_eq!(list(&groups.body, "device"), json!(["milking"]));
    // redelivered once more, all are there; a replay that is asked for again finds nothing more
    assert_eq!(plant.send(&all, 200).await.body["duplicates"], 30);
    assert_eq!(plant.admin.post("/v1/quarantined-readings/replay", &place, 202).await.body["rows"], 0);
    server.work().await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 30);
    server.stop().await;
}

#[actix_web::test]
async fn what_lies_far_off_is_counted_when_somebody_says_so_and_not_before_its_time() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "faroff").await;
    plant.socket("lathe", 0).await;
    let now = Utc::now();
    let sent = message(&[
        reading("lathe", now - Duration::days(500), 1.0),
        reading("lathe", now + Duration::minutes(30), 2.0),
        json!({ "device": "lathe", "at": "soon" }),
    ]);
    assert_eq!(
        fates(&plant.send(&sent, 200).await.body),
        ["quarantined too_old", "quarantined future", "quarantined time_unreadable"]
    );
    let replay = async |plant: &Plant, expected: i64| {
        let place = json!({ "source": plant.source.id, "device": "lathe", "channel": 0 });
        let told = plant.admin.post("/v1/quarantined-readings/replay", &place, 202).await;
        assert_eq!(told.body["rows"], expected);
        server.work().await;
        db_count(&server, &plant.firm, "readings").await
    };
    assert_eq!(replay(&plant, 2).await, 1);
    server.app.clock.advance(Duration::minutes(25));
    let token = plant.firm.log_in(&server, "administrator", 200).await.text("/access_token");
    let plant = Plant { admin: server.with_token(&token), ..plant };
    assert_eq!(replay(&plant, 1).await, 2);
    let left = plant.admin.get("/v1/quarantined-readings?state=open", 200).await;
    assert_eq!(list(&left.body, "reason"), json!(["bad_item"]));
    server.stop().await;
}

#[actix_web::test]
async fn what_does_not_count_is_dismissed_and_does_not_come_back() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "dismissed").await;
    let now = Utc::now();
    let sent = message(&[
        reading("neighbour", now, 1.0),
        reading("neighbour", now - Duration::minutes(1), 1.0),
        json!({ "device": "neighbour", "at": now, "channel": 1, "power_w": 1 }),
        reading("lathe", now, 1.0),
    ]);
    plant.send(&sent, 200).await;
    let all = plant.admin.get("/v1/quarantined-readings?device=lathe", 200).await;
    let path = format!("/v1/quarantined-readings/{}/dismiss", all.text("/items/0/id"));
    plant.admin.post(&path, &json!({}), 200).await;
    assert_eq!(plant.admin.post(&path, &json!({}), 409).await.code(), "already_decided");
    let dismiss = async |body: Value, expected: u16| {
        let told = plant.admin.post("/v1/quarantined-readings/dismiss", &body, expected).await;
        if expected == 200 { told.body["rows"].clone() } else { told.body["errors"][0]["pointer"].clone() }
    };
    let source = &plant.source.id;
    assert_eq!(dismiss(json!({ "source": source, "channel": 1 }), 422).await, "/device");
    assert_eq!(dismiss(json!({ "source": source, "device": "neighbour", "channel": 1 }), 200).await, 1);
    assert_eq!(dismiss(json!({ "source": source, "device": "neighbour" }), 200).await, 2);
    assert_eq!(dismiss(json!({ "source": source }), 200).await, 0);
    plant.send(&sent, 200).await;
    assert_eq!(db_count(&server, &plant.firm, "quarantined_readings").await, 4);
    let open = plant.admin.get("/v1/quarantined-readings?state=open", 200).await;
    assert_eq!(open.body["items"], json!([]));
    // nor is it counted when a socket comes
    plant.socket("neighbour", 0).await;
    server.work().await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 0);
    server.stop().await;
}

#[actix_web::test]
async fn what_was_sent_is_shown_to_those_who_may_and_is_nowhere_in_clear() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "sealed").await;
    let bad = json!({ "device": "lathe", "at": Utc::now(), "power_w": "canary-4711" });
    plant.send(&message(&[bad]), 200).await;
    let seen = plant.admin.get("/v1/quarantined-readings", 200).await;
    assert!(seen.text("/items/0/raw").contains("canary-4711"));
    assert_eq!(seen.text("/items/0/message"), "数值应为数字");
    let whole = if on_postgres() { "CAST(quarantined_readings AS TEXT)" } else { "CAST(raw_sealed AS TEXT)" };
    let like = format!("quarantined_readings WHERE {whole} LIKE '%canary%'");
    assert_eq!(db_count(&server, &plant.firm, &like).await, 0);
    server.stop().await;
}

/// Fills the quarantine of a source up to `rows`, behind the API, which would take its time.
pub async fn db_fill(server: &Server, plant: &Plant, source: &Source, rows: u32) {
    let source = domain::id::Id::<domain::id::kind::Source>::parse(&source.id).expect("an id").uuid();
    let (tenant, source, now) = (literal(plant.firm.tenant), literal(source), Utc::now().to_rfc3339());
    let (id, fingerprint) = if on_postgres() {
        ("gen_random_uuid()", "decode(md5(i::text), 'hex')")
    } else {
        ("randomblob(16)", "randomblob(16)")
    };
    let sql = format!(
        "INSERT INTO quarantined_readings (tenant_id, id, source_id, fingerprint, reason, state, received_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
         SELECT {tenant}, {id}, {source}, {fingerprint}, 'unreadable', 'open', '{now}' FROM n"
    );
    db_try(server, &plant.firm, &sql).await.expect("the rows");
}

#[actix_web::test]
async fn where_the_quarantine_is_full_the_sender_is_told_and_what_can_be_is_kept() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "full").await;
    plant.socket("lathe", 0).await;
    db_fill(&server, &plant, &plant.source, 99_999).await;
    let now = Utc::now();
    let sent = message(&[reading("lathe", now, 1.0), reading("milking", now, 1.0)]);
    assert_eq!(fates(&plant.send(&sent, 200).await.body), ["stored", "quarantined unknown_device"]);
    let more = message(&[
        reading("lathe", now - Duration::minutes(1), 1.0),
        reading("milking", now, 1.0),
        reading("milking", now - Duration::minutes(1), 1.0),
    ]);
    for _ in 0..2 {
        let full = plant.send(&more, 503).await;
        assert_eq!((full.code(), full.text("/errors/0/pointer")), ("quarantine_full".into(), "/items/2".into()));
        assert!(
            full.body["errors"].as_array().is_some_and(|errors| errors.len() == 1)
                && full.headers.contains_key("retry-after")
        );
        assert_eq!(db_count(&server, &plant.firm, "readings").await, 2, "what can be kept is");
    }
    // room again, and the same message is whole
    plant.admin.post("/v1/quarantined-readings/dismiss", &json!({ "source": plant.source.id }), 200).await;
    assert_eq!(
        fates(&plant.send(&more, 200).await.body),
        ["duplicate", "quarantined unknown_device", "quarantined unknown_device"]
    );
    server.stop().await;
}
