//! Sources: their secrets are shown once, names are unique, and what stands behind them is sealed.

use serde_json::{Value, json};

use super::support::Plant;
use crate::support::{Firm, Server, db_count};

#[actix_web::test]
async fn a_source_is_made_changed_and_its_secret_shown_once() {
    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "sources").await;
    let admin = firm.staff("administrator");
    let body = json!({ "name": " 车间网关 ", "format": "tasmota", "verification": "hmac" });
    let post = |key: &str| {
        admin.request(reqwest::Method::POST, "/v1/telemetry-sources").header("Idempotency-Key", key).json(&body)
    };
    let made = admin.send(post("once"), 201).await;
    let secret = made.text("/secret");
    assert_eq!(secret.len(), 43);
    assert_eq!((made.text("/source/name"), made.text("/source/zone")), ("车间网关".into(), "Asia/Shanghai".into()));
    // a repeat has no second effect and does not say it again
    let again = admin.send(post("once"), 422).await;
    assert!(again.code() == "idempotency_key_reused" && !again.body.to_string().contains(&secret));
    let path = format!("/v1/telemetry-sources/{}", made.text("/source/id"));
    for seen in [admin.get(&path, 200).await, admin.get("/v1/telemetry-sources", 200).await] {
        assert!(!seen.body.to_string().contains(&secret) && seen.body.to_string().contains("车间网关"));
    }
    assert_eq!(admin.post("/v1/telemetry-sources", &body, 409).await.code(), "name_taken");
    for (change, pointer) in [(json!({ "name": "" }), "/name"), (json!({ "zone": "Europe/Paris" }), "/zone")] {
        assert_eq!(admin.patch(&path, 1, &change, 422).await.text("/errors/0/pointer"), pointer);
    }
    assert_eq!(admin.patch(&path, 1, &json!({}), 422).await.code(), "nothing_to_change");
    let changed = admin.patch(&path, 1, &json!({ "zone": "+06:00", "active": false }), 200).await;
    assert_eq!((changed.text("/zone"), changed.version), ("+06:00".into(), Some(2)));
    assert_eq!(admin.patch(&path, 1, &json!({ "active": true }), 409).await.code(), "stale");
    for (body, pointer) in [
        (json!({ "previous_hours": 169 }), "/previous_hours"),
        (json!({ "previous_hours": 0, "secret": "short" }), "/secret"),
        (json!({ "previous_hours": 0, "secret": "a secret with blanks" }), "/secret"),
    ] {
        let refused = admin.act(&format!("{path}/rotate-secret"), 2, &body, 422).await;
        assert_eq!(refused.text("/errors/0/pointer"), pointer);
    }
    let given = json!({ "previous_hours": 1, "secret": "0123456789abcdef0123456789abcdef" });
    let rotated = admin.act(&format!("{path}/rotate-secret"), 2, &given, 200).await;
    assert!(rotated.body["source"]["previous_secret_until"].is_string());
    // in the tables it is nowhere in clear
    let like = |column: &str| format!("telemetry_sources WHERE CAST({column} AS TEXT) LIKE '%0123456789abcdef%'");
    assert_eq!(db_count(&server, &firm, &like("secret_sealed")).await, 0);
    server.stop().await;
}

#[actix_web::test]
async fn another_firm_sees_nothing_and_changes_nothing() {
    let server = Server::start().await;
    let (home, away) = (Plant::make(&server, "home").await, Plant::make(&server, "away").await);
    let socket = home.socket("lathe", 0).await;
    home.send(&json!({ "device": "milking", "at": chrono::Utc::now(), "power_w": 1 }), 200).await;
    let aside = home.admin.get("/v1/quarantined-readings", 200).await.text("/items/0/id");
    let (id, none) = (&home.source.id, json!({}));
    away.admin.get(&format!("/v1/telemetry-sources/{id}"), 404).await;
    away.admin.patch(&format!("/v1/telemetry-sources/{id}"), 1, &json!({ "active": false }), 404).await;
    let rotation = json!({ "previous_hours": 0 });
    away.admin.act(&format!("/v1/telemetry-sources/{id}/rotate-secret"), 1, &rotation, 404).await;
    away.admin.post(&format!("/v1/quarantined-readings/{aside}/dismiss"), &none, 404).await;
    away.admin.patch(&format!("/v1/sockets/{socket}"), 1, &json!({ "label": "x" }), 404).await;
    for path in ["/v1/quarantined-readings", "/v1/quarantined-devices"] {
        assert_eq!(away.admin.get(path, 200).await.body["items"], json!([]), "{path}");
    }
    let wrong = |answer: &Value| answer["errors"][0]["pointer"].clone();
    let place = json!({ "source": id, "device": "milking", "channel": 0 });
    assert_eq!(wrong(&away.admin.post("/v1/sockets", &place, 422).await.body), "/source");
    assert_eq!(wrong(&away.admin.post("/v1/quarantined-readings/replay", &place, 422).await.body), "/device");
    assert_eq!(wrong(&away.admin.post("/v1/quarantined-readings/dismiss", &place, 422).await.body), "/source");
    assert_eq!(home.admin.get("/v1/quarantined-readings?state=open", 200).await.text("/items/0/id"), aside);
    server.stop().await;
}
