//! What an answer leads to: success, another try, a rest, the end.

use chrono::Duration;
use serde_json::json;

use super::sink::{Call, Say, Sink};
use super::{Hooks, instant};

const OK: Say = Say::Status(200, "", "ok");
const BROKEN: Say = Say::Status(500, "", "call 13800138000 or ask ann@example.com");
const GONE: Say = Say::Status(410, "", "");

#[actix_web::test]
async fn what_is_not_taken_is_sent_again_under_the_same_id() {
    let (mut sink, mut elsewhere) = (Sink::open(), Sink::open());
    let mut hooks = Hooks::open_with("again", &[&sink, &elsewhere]).await;
    let moved: &'static str = format!("Location: {}", elsewhere.url()).leak();
    sink.say(&[BROKEN, Say::Status(429, "Retry-After: 900", ""), Say::Status(302, moved, ""), OK]);
    hooks.tried().await;
    hooks.server.work().await;
    let mut ids = vec![sink.calls().remove(0).id()];
    let shown = hooks.deliveries().await.remove(0);
    let wait = instant(&shown["next_at"]) - instant(&shown["last_at"]);
    assert!((Duration::seconds(5)..Duration::seconds(7)).contains(&wait), "{wait}");
    assert_eq!(
        (&shown["state"], &shown["last_status"], &shown["last_failure"]),
        (&json!("queued"), &json!(500), &json!("status"))
    );
    assert_eq!(shown["excerpt"], "call *** or ask ***", "nothing personal of an answer is kept");
    // not before its time
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    // 429: as long as it asked, and the whole address
    hooks.works_later(Duration::seconds(7)).await;
    ids.push(sink.calls().remove(0).id());
    let shown = hooks.deliveries().await.remove(0);
    assert!(instant(&shown["next_at"]) - instant(&shown["last_at"]) >= Duration::seconds(900), "{shown:#}");
    assert!(hooks.now().await.body["rests_until"].is_string());
    hooks.tried().await;
    hooks.works_later(Duration::seconds(890)).await;
    assert!(sink.calls().is_empty(), "it asked to be left alone");
    // a redirect is not followed
    hooks.works_later(Duration::seconds(20)).await;
    let calls = sink.calls();
    assert_eq!(calls.len(), 2, "{calls:#?}");
    assert!(calls.iter().any(|call| call.id() == ids[0]));
    assert!(elsewhere.calls().is_empty());
    hooks.works_later(Duration::minutes(40)).await;
    sink.calls();
    let shown = hooks.deliveries().await;
    assert!(shown.iter().all(|one| one["state"] == "delivered"), "{shown:#?}");
    assert!(shown.iter().any(|one| one["message"] == json!(ids[0])));
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert!(hooks.now().await.body["failing_since"].is_null());
    hooks.server.stop().await;
}

#[actix_web::test]
async fn an_address_that_is_gone_is_told_no_more() {
    let mut sink = Sink::open();
    let hooks = Hooks::open("gone", &sink).await;
    sink.say(&[GONE]);
    hooks.tried().await;
    hooks.server.work().await;
    sink.calls();
    let now = hooks.now().await;
    assert_eq!((now.text("/state"), now.text("/reason")), ("disabled".to_owned(), "gone".to_owned()));
    assert_eq!(hooks.deliveries().await[0]["state"], "failed");
    let mail = hooks.server.mail.last_to("administrator@gone.example.com").expect("a mail");
    assert!(mail.subject.contains("停用") && mail.text.contains("410"), "{}", mail.text);
    hooks.something_happens().await;
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    assert_eq!(hooks.deliveries().await.len(), 1, "nothing is kept for it");
    for action in ["/test", "/replay"] {
        let since = json!({ "since": hooks.server.app.clock.now() - Duration::hours(1) });
        let body = if action == "/test" { json!({}) } else { since };
        hooks.admin.post(&hooks.path(action), &body, 409).await;
    }
    hooks.act("/resume", 200).await;
    let since = json!({ "since": hooks.server.app.clock.now() - Duration::hours(1) });
    hooks.admin.post(&hooks.path("/replay"), &since, 202).await;
    hooks.server.work().await;
    let told: Vec<_> = sink.calls().iter().map(Call::event).collect();
    assert_eq!(told, ["equipment.scored"], "what it missed, but no test");
    hooks.server.stop().await;
}

#[actix_web::test]
async fn five_days_of_failures_disable_and_the_managers_hear_of_it() {
    let mut sink = Sink::open();
    let mut hooks = Hooks::open("failing", &sink).await;
    sink.say(&vec![BROKEN; 40]);
    hooks.tried().await;
    hooks.server.work().await;
    for wait_s in domain::webhooks::schedule::WAITS_S {
        assert_eq!(hooks.deliveries().await[0]["state"], "queued");
        hooks.works_later(Duration::seconds(wait_s + wait_s / 9 + 1)).await;
    }
    let calls = sink.calls();
    assert_eq!(calls.len(), 10);
    assert!(calls.iter().all(|call| call.id() == calls[0].id() && call.is_signed_by(&hooks.secret)));
    let stamps: std::collections::BTreeSet<_> = calls.iter().map(|call| &call.headers["webhook-timestamp"]).collect();
    assert_eq!(stamps.len(), 10, "each is signed for its own time");
    let shown = hooks.deliveries().await.remove(0);
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("failed"), &json!(10)));
    let now = hooks.now().await;
    assert_eq!(now.text("/state"), "active");
    let failing = hooks.server.app.clock.now() - instant(&now.body["failing_since"]);
    assert!(failing < Duration::days(5), "{failing}");
    assert!(
        hooks
            .server
            .mail
            .last_to("administrator@failing.example.com")
            .is_none_or(|mail| !mail.subject.contains("停用"))
    );
    hooks.later(Duration::days(5) - failing + Duration::seconds(1)).await;
    hooks.tried().await;
    hooks.server.work().await;
    let now = hooks.now().await;
    assert_eq!((now.text("/state"), now.text("/reason")), ("disabled".to_owned(), "failing".to_owned()));
    let mail = hooks.server.mail.last_to("administrator@failing.example.com").expect("a mail");
    assert!(mail.subject.contains("停用") && mail.text.contains(&hooks.endpoint), "{}", mail.text);
    hooks.works_later(Duration::hours(1)).await;
    assert_eq!(sink.calls().len(), 1, "nothing more is sent");
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_success_begins_the_count_anew() {
    let mut sink = Sink::open();
    let mut hooks = Hooks::open("mended", &sink).await;
    sink.say(&[BROKEN, OK, BROKEN]);
    hooks.tried().await;
    hooks.server.work().await;
    assert!(hooks.now().await.body["failing_since"].is_string());
    hooks.works_later(Duration::seconds(7)).await;
    assert!(hooks.now().await.body["failing_since"].is_null());
    hooks.later(Duration::days(6)).await;
    hooks.tried().await;
    hooks.server.work().await;
    assert_eq!(sink.calls().len(), 3);
    assert_eq!(hooks.now().await.text("/state"), "active");
    hooks.server.stop().await;
}
