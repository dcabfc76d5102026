//! What is spent is removed by a job that plans itself, once a day; what still counts stays.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use api::platform::jobs::{Recurring, Worker, plan};
use chrono::Duration;
use serde_json::json;

use crate::support::{Caller, Firm, Server, db_add_revocations, db_count, upload};

/// The purge, without what else comes back by itself.
fn purge() -> &'static [Recurring] {
    &api::jobs::SCHEDULE[..1]
}

const PURGES: &str = "jobs WHERE kind = 'platform.purge'";

/// Leaves one of everything that is spent some day.
async fn spend(server: &Server, firm: &Firm) {
    let applicant = firm.applicant(server, "13900000081").await;
    let (id, version) = firm.draft(server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let seen = applicant.get(&mine, 200).await;
    let missing = seen.body["missing"].as_array().expect("what is missing");
    let place = missing.iter().filter_map(|m| m["place"].as_str()).find(|p| p.starts_with('#')).expect("an item");
    upload(&applicant, &id, place.trim_start_matches('#')).await;
    applicant.delete(&mine, version, 204).await;
    applicant.send(applicant.request(reqwest::Method::DELETE, "/v1/session"), 204).await;
    server.work().await;
}

#[actix_web::test]
async fn what_is_spent_goes_in_its_time_and_what_must_stay_stays() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "spent").await;
    spend(&server, &firm).await;
    let names = "documents WHERE length(file_name_sealed) > 0";
    let done = "jobs WHERE state = 'done' AND kind <> 'platform.purge'";
    let spent = ["revocations", "idempotency_keys", "sms_codes", "sessions", done, "one_time_links", names];
    let kept =
        ["audit_entries", "acceptances", "staff", "applicants", "applications", "application_events", "documents"];
    let mut before = vec![];
    for table in kept {
        before.push(db_count(&server, &firm, table).await);
    }
    // How many of `spent` are gone at each age, in their order; every purge is on another day than the one before.
    let hours = [(0, 0), (24, 2), (48, 3), (167, 3), (193, 5), (239, 5), (265, 6), (719, 6), (745, 7)];
    let mut passed = 0;
    for (age, gone) in hours {
        server.app.clock.advance(Duration::hours(age - passed) + Duration::minutes(1));
        passed = age;
        assert_eq!(plan(&server.app, purge()).await.expect("a plan"), 1, "at {age} h");
        server.work().await;
        for (index, table) in spent.iter().enumerate() {
            let count = db_count(&server, &firm, table).await;
            assert_eq!(count == 0, index < gone, "{table} at {age} h: {count}");
        }
    }
    for (table, count) in kept.iter().zip(before) {
        assert_eq!(db_count(&server, &firm, table).await, count, "{table}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn however_many_plan_it_a_day_has_one_purge() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "planned").await;
    let replicas = (0..8).map(|_| plan(&server.app, &api::jobs::SCHEDULE));
    let added: u32 = futures_util::future::join_all(replicas).await.into_iter().map(|n| n.expect("a plan")).sum();
    assert_eq!(added as usize, api::jobs::SCHEDULE.len());
    assert_eq!(db_count(&server, &firm, PURGES).await, 1);
    // A worker does it by itself, and having done it does not do it again on the same day.
    let mut worker =
        Worker::new(server.app.clone(), api::jobs::run, &api::jobs::SCHEDULE, Arc::new(AtomicBool::new(false)));
    for (days, purges) in [(0, 1), (0, 1), (1, 2), (1, 3)] {
        server.app.clock.advance(Duration::days(days));
        while worker.turn().await.expect("a turn") {}
        assert_eq!(db_count(&server, &firm, PURGES).await, purges);
        assert_eq!(db_count(&server, &firm, "jobs WHERE state <> 'done'").await, 0);
    }
    server.stop().await;
}

#[actix_web::test]
async fn more_than_one_job_may_remove_goes_on_in_another() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "many").await;
    // One job removes at most 20 batches of 500 rows of a kind.
    db_add_revocations(&server, &firm, 10_300).await;
    server.app.clock.advance(Duration::hours(1));
    plan(&server.app, &api::jobs::SCHEDULE).await.expect("a plan");
    server.work().await;
    assert_eq!(db_count(&server, &firm, "revocations").await, 0);
    assert_eq!(db_count(&server, &firm, PURGES).await, 2);
    server.stop().await;
}

#[actix_web::test]
async fn a_key_older_than_a_day_counts_as_new_before_it_is_purged() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "oldkeys").await;
    let ask = |caller: &Caller, name: &str| {
        let body = json!({ "name": name });
        caller.request(reqwest::Method::POST, "/v1/departments").header("Idempotency-Key", "once").json(&body)
    };
    let admin = firm.staff("administrator");
    admin.send(ask(&admin, "第一部"), 201).await;
    server.app.clock.advance(Duration::hours(23));
    let admin = server.with_token(&firm.log_in(&server, "administrator", 200).await.text("/access_token"));
    assert_eq!(admin.send(ask(&admin, "第二部"), 422).await.code(), "idempotency_key_reused");
    server.app.clock.advance(Duration::hours(2));
    let admin = server.with_token(&firm.log_in(&server, "administrator", 200).await.text("/access_token"));
    let made = admin.send(ask(&admin, "第二部"), 201).await;
    // And now it is this request's key.
    assert_eq!(admin.send(ask(&admin, "第二部"), 201).await.body, made.body);
    assert_eq!(admin.send(ask(&admin, "第三部"), 422).await.code(), "idempotency_key_reused");
    server.stop().await;
}
