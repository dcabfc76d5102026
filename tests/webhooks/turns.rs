//! An address that does not answer holds up no other, nor anything else that is to be done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::Hooks;
use super::sink::{Say, Sink};

#[actix_web::test]
async fn who_does_not_answer_holds_up_nobody() {
    let (mut dead, mut quick) = (Sink::open(), Sink::open());
    let hooks = Hooks::open_with("turns", &[&dead, &quick]).await;
    dead.say(&[Say::Nothing, Say::Nothing, Say::Nothing]);
    hooks.admin.post("/v1/webhook-endpoints", &json!({ "url": quick.url() }), 201).await;
    let stop = Arc::new(AtomicBool::new(false));
    let worker = api::server::start_worker(&hooks.server.app, &stop);
    hooks.something_happens().await;
    let ours = dead.next().await.id();
    assert_eq!(quick.next().await.id(), ours);
    // while the dead one is waited for, all else goes on: what happens, and what a job makes of an alarm or a code
    hooks.something_happens().await;
    let second = quick.next().await.id();
    assert_ne!(second, ours);
    let waiting = hooks.deliveries().await;
    assert!(waiting.iter().all(|one| one["state"] == "queued" && one["attempts"] == 0), "{waiting:#?}");
    // what is in hand is finished: the answer that never comes is waited for as long as it may take, and no longer
    stop.store(true, Ordering::Relaxed);
    hooks.server.app.jobs_wake.notify_waiters();
    worker.await.expect("the worker ends");
    let shown = hooks.deliveries().await;
    let tried: Vec<_> = shown.iter().filter(|one| one["attempts"] == 1).collect();
    assert!(!tried.is_empty(), "{shown:#?}");
    for one in tried {
        assert_eq!((&one["last_failure"], &one["state"]), (&json!("timeout"), &json!("queued")), "{one:#}");
        assert!(one["last_ms"].as_i64().is_some_and(|ms| (15_000..20_000).contains(&ms)), "{one:#}");
    }
    hooks.server.stop().await;
}
