//! What is written down of clients: use by day and the requests themselves, for the client and for the firm; neither waits for it,
//! nothing of it names anybody, and it goes when it is old.

use api::platform::jobs::plan;
use chrono::Duration;
use serde_json::json;

use super::{Bank, new_client};
use crate::support::db_count;

#[actix_web::test]
async fn a_client_reads_what_it_asked_and_so_does_the_firm() {
    let bank = Bank::open("asked", &["applications.read", "customers.read"]).await;
    let client = bank.caller().await;
    let missing = "/v1/customers/cus_01jd8m1f5ne6xa9q2t4k7v3b8c";
    let first = client.get("/v1/customers?q=13811112222", 200).await;
    client.get(missing, 404).await;
    client.get("/v1/staff", 403).await;
    let named = client.request(reqwest::Method::GET, "/v1/applications").header("X-Request-Id", "their-own-name-1");
    client.send(named, 200).await;
    client.get("/v1/nowhere/13811112222", 404).await;
    assert_eq!(client.get("/v1/client/requests", 200).await.body["items"], json!([]), "nothing waits to be written");
    bank.settle().await;
    let shown = client.get("/v1/client/requests?limit=100", 200).await;
    let rows = shown.body["items"].as_array().expect("requests").clone();
    let lines: Vec<_> = rows.iter().map(|r| json!([r["method"], r["route"], r["status"], r["code"]])).collect();
    assert_eq!(
        json!(lines),
        json!([
            ["GET", "/v1/client/requests", 200, null],
            ["GET", "unmatched", 404, "not_found"],
            ["GET", "/v1/applications", 200, null],
            ["GET", "/v1/staff", 403, "forbidden"],
            ["GET", "/v1/customers/{id}", 404, "not_found"],
            ["GET", "/v1/customers", 200, null],
        ])
    );
    assert!(!shown.body.to_string().contains("13811112222"), "addresses are not kept");
    assert_eq!(rows[2]["request_id"], "their-own-name-1");
    assert_eq!(rows[5]["request_id"], first.headers["x-request-id"].to_str().expect("text"));
    assert!(rows.iter().all(|row| row["duration_ms"].as_i64().is_some_and(|ms| ms >= 0)));
    // page by page, and the same for staff
    let page = client.get("/v1/client/requests?limit=2", 200).await;
    assert_eq!(page.body["items"], json!(rows[..2]));
    let next = client.get(&format!("/v1/client/requests?limit=2&cursor={}", page.text("/next")), 200).await;
    assert_eq!(next.body["items"], json!(rows[2..4]));
    let staff = bank.admin.get(&bank.path("/requests"), 200).await;
    assert_eq!(staff.body["items"], json!(rows));
    bank.settle().await;
    let used = client.get("/v1/client/usage", 200).await;
    let day = &used.body["days"][0];
    assert_eq!(
        (&day["requests"], &day["succeeded"], &day["refused"], &day["failed"], &day["held_back"]),
        (&json!(9), &json!(6), &json!(3), &json!(0), &json!(0))
    );
    assert!(day["bytes"].as_i64().is_some_and(|bytes| bytes > 1_000));
    let staff = bank.admin.get(&bank.path("/usage"), 200).await;
    assert_eq!(staff.body["days"][0]["requests"], 9, "what came since is not yet written");
    for (query, status) in [
        ("from=2026-01-02&to=2026-01-01", 400),
        ("from=2020-01-01&to=2026-01-01", 400),
        ("from=2026-01-01&to=2026-12-31", 200),
    ] {
        bank.admin.get(&bank.path(&format!("/usage?{query}")), status).await;
    }
    bank.server.stop().await;
}

#[actix_web::test]
async fn another_clients_requests_are_not_seen() {
    let bank = Bank::open("apart", &["applications.read"]).await;
    let made = bank.admin.post("/v1/clients", &new_client("示例商户", &["applications.read"]), 201).await;
    let other = Bank { client: made.text("/client/id"), secret: made.text("/secret"), ..bank };
    let client = other.caller().await;
    client.get("/v1/applications", 200).await;
    other.settle().await;
    let all = other.admin.get("/v1/clients", 200).await;
    let first = all.text("/items/0/id");
    assert_eq!(other.admin.get(&format!("/v1/clients/{first}/requests"), 200).await.body["items"], json!([]));
    assert_eq!(other.admin.get(&format!("/v1/clients/{first}/usage"), 200).await.body["days"], json!([]));
    assert_eq!(other.admin.get(&other.path("/requests"), 200).await.body["items"].as_array().map(Vec::len), Some(1));
    other.server.stop().await;
}

#[actix_web::test]
async fn what_is_old_is_removed_and_what_was_given_stands_in_the_audit_log() {
    let bank = Bank::open("old", &["applications.read"]).await;
    let client = bank.caller().await;
    client.get("/v1/applications", 200).await;
    bank.settle().await;
    let count = async |bank: &Bank, table: &str| db_count(&bank.server, &bank.firm, table).await;
    assert_eq!((count(&bank, "client_requests").await, count(&bank, "client_days").await), (1, 1));
    let auditor = bank.firm.staff("auditor");
    let entries = auditor.get(&format!("/v1/audit-entries?object={}", bank.client), 200).await;
    let actions: Vec<_> =
        entries.body["items"].as_array().expect("entries").iter().map(|e| e["action"].clone()).collect();
    assert_eq!(json!(actions), json!(["api_client.token", "api_client.create"]));
    assert!(!entries.body.to_string().contains(&bank.secret));
    for (days, left) in [(6, (1, 1)), (2, (0, 1)), (460, (0, 0))] {
        bank.server.app.clock.advance(Duration::days(days));
        assert_eq!(plan(&bank.server.app, &api::jobs::SCHEDULE[..1]).await.expect("a plan"), 1);
        bank.server.work().await;
        assert_eq!((count(&bank, "client_requests").await, count(&bank, "client_days").await), left, "{days} days");
    }
    bank.server.stop().await;
}
