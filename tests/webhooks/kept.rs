//! What is kept of an address and of what it was told: secrets once, deliveries to be found and sent again.

use chrono::Duration;
use serde_json::json;

use super::sink::{Call, Say, Sink};
use super::{Hooks, instant};
use crate::support::db_count;

#[actix_web::test]
async fn two_secrets_sign_for_a_day_and_each_is_shown_once() {
    let mut sink = Sink::open();
    let mut hooks = Hooks::open("rotated", &sink).await;
    assert!(hooks.secret.starts_with("whsec_"));
    let turned = hooks.act("/rotate-secret", 200).await;
    let (old, new) = (hooks.secret.clone(), turned.text("/secret"));
    assert_ne!(old, new);
    let until = instant(&turned.body["endpoint"]["previous_secret_until"]) - hooks.server.app.clock.now();
    assert!((Duration::hours(23)..=Duration::hours(24)).contains(&until), "{until}");
    hooks.tried().await;
    hooks.server.work().await;
    let call = sink.calls().remove(0);
    assert_eq!(call.headers["webhook-signature"].split(' ').count(), 2);
    assert!(call.is_signed_now_by(&old) && call.is_signed_now_by(&new));
    hooks.later(Duration::hours(24)).await;
    hooks.tried().await;
    hooks.server.work().await;
    let call = sink.calls().remove(0);
    assert!(!call.is_signed_by(&old) && call.is_signed_by(&new));
    assert!(hooks.now().await.body["previous_secret_until"].is_null());
    // of two changes one after the other only the last but one goes on
    let third = hooks.act("/rotate-secret", 200).await.text("/secret");
    let fourth = hooks.act("/rotate-secret", 200).await.text("/secret");
    hooks.tried().await;
    hooks.server.work().await;
    let call = sink.calls().remove(0);
    assert_eq!([&new, &third, &fourth].map(|secret| call.is_signed_by(secret)), [false, true, true]);
    let shown = [hooks.now().await.body, hooks.admin.get("/v1/webhook-endpoints", 200).await.body];
    assert!(shown.iter().all(|body| !body.to_string().contains("whsec_")), "{shown:#?}");
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_secret_is_not_given_twice_under_one_key() {
    let sink = Sink::open();
    let hooks = Hooks::open("once", &sink).await;
    let body = json!({ "url": sink.url() });
    let request = || {
        let request = hooks.admin.request(reqwest::Method::POST, "/v1/webhook-endpoints");
        request.header("Idempotency-Key", "the-same").json(&body)
    };
    hooks.admin.send(request(), 201).await;
    assert_eq!(hooks.admin.send(request(), 422).await.code(), "idempotency_key_reused");
    assert_eq!(db_count(&hooks.server, &hooks.firm, "webhook_endpoints").await, 2);
    hooks.server.stop().await;
}

#[actix_web::test]
async fn one_message_is_sent_again_and_found_by_what_it_is() {
    let mut sink = Sink::open();
    let hooks = Hooks::open("resent", &sink).await;
    sink.say(&[Say::Status(200, "", "ok"), Say::Status(500, "", ""), Say::Status(204, "", "")]);
    hooks.tried().await;
    hooks.server.work().await;
    let first = sink.calls().remove(0);
    let taken = hooks.deliveries().await.remove(0);
    assert_eq!(taken["excerpt"], "ok");
    let resend = hooks.path(&format!("/deliveries/{}/resend", taken["id"].as_str().expect("an id")));
    let again = hooks.admin.post(&resend, &json!({}), 202).await;
    assert_eq!((again.text("/state"), again.body["attempts"].clone()), ("queued".to_owned(), json!(0)));
    hooks.admin.post(&resend, &json!({}), 409).await;
    hooks.server.work().await;
    assert_eq!(sink.calls().remove(0).id(), first.id());
    hooks.something_happens().await;
    // an address that failed rests for a second
    hooks.server.app.clock.advance(Duration::seconds(2));
    hooks.server.work().await;
    let found = async |narrow: &str| {
        let page = hooks.admin.get(&hooks.path(&format!("/deliveries?{narrow}")), 200).await;
        page.body["items"].as_array().expect("deliveries").len()
    };
    assert_eq!(hooks.deliveries().await.len(), 2);
    for (narrow, count) in [
        ("state=queued", 1),
        ("state=delivered", 1),
        ("state=queued&event=webhook.test", 1),
        ("event=equipment.scored", 1),
        ("limit=1", 1),
    ] {
        assert_eq!(found(narrow).await, count, "{narrow}");
    }
    assert_eq!(found(&format!("message={}", first.id())).await, 1);
    for wrong in ["state=gone", "event=limit.dropped", "message=whe_1", "limit=0", "cursor=x"] {
        hooks.admin.get(&hooks.path(&format!("/deliveries?{wrong}")), 400).await;
    }
    // of another address there is no such delivery
    let other =
        hooks.admin.post("/v1/webhook-endpoints", &json!({ "url": sink.url() }), 201).await.text("/endpoint/id");
    hooks.admin.post(&resend.replace(&hooks.endpoint, &other), &json!({}), 404).await;
    hooks.server.stop().await;
}

#[actix_web::test]
async fn what_happens_during_a_pause_is_sent_after_it() {
    let mut sink = Sink::open();
    let hooks = Hooks::open("paused", &sink).await;
    let version = hooks.now().await.version.expect("a version");
    let pause = hooks.path("/pause");
    let without = hooks.admin.request(reqwest::Method::POST, &pause).header("Idempotency-Key", "a").json(&json!({}));
    hooks.admin.send(without, 428).await;
    hooks.admin.act(&pause, version + 1, &json!({}), 409).await;
    hooks.act("/pause", 200).await;
    hooks.act("/pause", 409).await;
    hooks.something_happens().await;
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    assert_eq!(hooks.deliveries().await[0]["state"], "queued");
    hooks.act("/resume", 200).await;
    hooks.act("/resume", 409).await;
    hooks.server.work().await;
    assert_eq!(sink.calls().iter().map(Call::event).collect::<Vec<_>>(), ["equipment.scored"]);
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_replay_brings_what_was_missed_and_on_request_all() {
    let mut sink = Sink::open();
    let mut hooks = Hooks::open("replayed", &sink).await;
    hooks.something_happens().await;
    hooks.server.work().await;
    let first = sink.calls().remove(0);
    let begun = hooks.server.app.clock.now();
    hooks.later(Duration::minutes(10)).await;
    // an address that comes later, and what was before it
    let late = hooks.admin.post("/v1/webhook-endpoints", &json!({ "url": sink.url() }), 201).await.text("/endpoint/id");
    let replay = |endpoint: &str| format!("/v1/webhook-endpoints/{endpoint}/replay");
    let since = begun - Duration::minutes(5);
    let missed = json!({ "since": since });
    hooks.admin.post(&replay(&hooks.endpoint), &missed, 202).await;
    hooks.admin.post(&replay(&late), &missed, 202).await;
    hooks.server.work().await;
    let calls = sink.calls();
    assert_eq!(calls.iter().map(Call::id).collect::<Vec<_>>(), [first.id()], "to the late one alone");
    hooks.admin.post(&replay(&late), &missed, 202).await;
    hooks.admin.post(&replay(&late), &json!({ "since": begun + Duration::minutes(5) }), 202).await;
    hooks.server.work().await;
    assert!(sink.calls().is_empty(), "it has it, and after that nothing happened");
    let all = json!({ "since": since, "delivered_too": true });
    hooks.admin.post(&replay(&late), &all, 202).await;
    hooks.server.work().await;
    assert_eq!(sink.calls().iter().map(Call::id).collect::<Vec<_>>(), [first.id()]);
    assert_eq!(db_count(&hooks.server, &hooks.firm, "webhook_deliveries").await, 2, "one for each address");
    for since in [begun - Duration::days(31), begun + Duration::days(1)] {
        hooks.admin.post(&replay(&late), &json!({ "since": since }), 422).await;
    }
    hooks.server.stop().await;
}
