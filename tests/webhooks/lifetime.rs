//! How long things are kept: deliveries and messages for a month, an address until it is deleted, a secret until it no longer
//! signs.

use chrono::Duration;
use serde_json::json;

use super::Hooks;
use super::sink::Sink;
use crate::support::{db_count, db_try};

async fn purged(hooks: &Hooks) {
    api::platform::jobs::plan(&hooks.server.app, &api::jobs::SCHEDULE).await.expect("planned");
    hooks.server.work().await;
}

#[actix_web::test]
async fn what_was_told_goes_after_a_month() {
    let sink = Sink::open();
    let mut hooks = Hooks::open("month", &sink).await;
    hooks.tried().await;
    hooks.act("/rotate-secret", 200).await;
    hooks.server.work().await;
    hooks.later(Duration::days(29)).await;
    purged(&hooks).await;
    let rows = async |hooks: &Hooks| {
        let count = |table: &'static str| db_count(&hooks.server, &hooks.firm, table);
        [
            count("webhook_deliveries").await,
            count("webhook_messages").await,
            count("webhook_endpoints").await,
            count("webhook_endpoints WHERE previous_sealed IS NOT NULL").await,
        ]
    };
    assert_eq!(rows(&hooks).await, [1, 1, 1, 0], "the old secret went when it no longer signed");
    hooks.later(Duration::days(2)).await;
    purged(&hooks).await;
    assert_eq!(rows(&hooks).await, [0, 0, 1, 0]);
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_deleted_address_is_told_nothing_and_leaves_nothing() {
    let mut sink = Sink::open();
    let mut hooks = Hooks::open("deleted", &sink).await;
    hooks.tried().await;
    let path = hooks.path("");
    hooks.admin.delete(&path, 7, 409).await;
    hooks.admin.delete(&path, 1, 204).await;
    hooks.admin.get(&path, 404).await;
    hooks.admin.get(&hooks.path("/deliveries"), 404).await;
    hooks.admin.post(&hooks.path("/test"), &json!({}), 404).await;
    hooks.admin.delete(&path, 2, 404).await;
    hooks.server.work().await;
    hooks.something_happens().await;
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    let empty = "webhook_endpoints WHERE length(secret_sealed) = 0 AND length(url_sealed) = 0";
    assert_eq!(db_count(&hooks.server, &hooks.firm, empty).await, 1);
    let listed = hooks.admin.get("/v1/webhook-endpoints", 200).await;
    assert_eq!(listed.body["items"], json!([]));
    hooks.later(Duration::days(1)).await;
    purged(&hooks).await;
    for table in ["webhook_endpoints", "webhook_deliveries"] {
        assert_eq!(db_count(&hooks.server, &hooks.firm, table).await, 0, "{table}");
    }
    hooks.server.stop().await;
}

#[actix_web::test]
async fn the_database_judges_what_can_be() {
    let sink = Sink::open();
    let hooks = Hooks::open("judged", &sink).await;
    hooks.tried().await;
    for (sql, constraint) in [
        ("UPDATE webhook_endpoints SET state = 'sleepy'", "webhook_endpoints_state_check"),
        ("UPDATE webhook_endpoints SET state = 'disabled'", "webhook_endpoints_disabled_check"),
        ("UPDATE webhook_endpoints SET reason = 'gone'", "webhook_endpoints_reason_check"),
        ("UPDATE webhook_endpoints SET failures = 1", "webhook_endpoints_failures_check"),
        ("UPDATE webhook_deliveries SET state = 'delivered'", "webhook_deliveries_"),
        ("UPDATE webhook_deliveries SET attempts = -1", "webhook_deliveries_attempts_check"),
        ("UPDATE webhook_deliveries SET last_failure = 'mood'", "webhook_deliveries_failure_check"),
        (
            "INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, message_id, event, state, attempts, next_at, created_at) \
             SELECT tenant_id, message_id, endpoint_id, message_id, event, state, attempts, next_at, created_at FROM webhook_deliveries",
            "webhook_deliveries",
        ),
    ] {
        let error = db_try(&hooks.server, &hooks.firm, sql).await.expect_err(sql);
        assert!(error.contains(constraint), "{sql}: {error}");
    }
    hooks.server.stop().await;
}
