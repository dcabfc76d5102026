//! A process that dies while it sends: what it had in hand is sent again, under the same id, and by one alone.

use std::rc::Rc;

use chrono::Duration;
use serde_json::json;

use super::Hooks;
use super::sink::{Call, Say, Sink};

#[actix_web::test]
async fn what_was_on_its_way_is_sent_again_when_the_lease_is_over() {
    let mut sink = Sink::open();
    let hooks = Rc::new(Hooks::open("killed", &sink).await);
    sink.say(&[Say::Nothing]);
    let queued = hooks.tried().await;
    let sending = {
        let hooks = Rc::clone(&hooks);
        actix_web::rt::spawn(async move { hooks.server.work().await })
    };
    let first = sink.next().await;
    sending.abort();
    assert!(sending.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!(hooks.deliveries().await[0]["attempts"], json!(0), "nobody has written anything down");
    // before the lease is over nobody else sends there, whatever else happens
    hooks.something_happens().await;
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    hooks.server.app.clock.advance(Duration::seconds(api::platform::jobs::LEASE_S + 1));
    hooks.server.work().await;
    let calls = sink.calls();
    assert_eq!(calls.len(), 2, "{calls:#?}");
    let again = calls.iter().find(|call| call.event() == "webhook.test").expect("the test");
    assert_eq!((again.id(), &again.body), (first.id(), &first.body));
    assert_eq!(first.id(), queued.text("/message"));
    let shown = hooks.deliveries().await;
    assert!(shown.iter().all(|one| one["state"] == "delivered" && one["attempts"] == 1), "{shown:#?}");
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    Rc::into_inner(hooks).expect("the last").server.stop().await;
}

#[actix_web::test]
async fn two_workers_send_each_message_once() {
    let mut sink = Sink::open();
    let hooks = Hooks::open("both", &sink).await;
    for _ in 0..12 {
        hooks.tried().await;
    }
    let replica = hooks.server.replica().await;
    let other = replica.app();
    let (ours, theirs) = tokio::join!(hooks.server.work(), api::platform::jobs::drain(other, api::jobs::run));
    assert!(ours + theirs.expect("the queue can be read") >= 12);
    let mut ids: Vec<_> = sink.calls().iter().map(Call::id).collect();
    ids.sort_unstable();
    assert_eq!(ids.len(), 12);
    ids.dedup();
    assert_eq!(ids.len(), 12, "none twice");
    let shown = hooks.deliveries().await;
    assert!(shown.iter().all(|one| one["state"] == "delivered" && one["attempts"] == 1), "{shown:#?}");
    replica.stop().await;
    hooks.server.stop().await;
}
