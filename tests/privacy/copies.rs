//! A copy of one's own data: all of it, for oneself alone, for a week.

use api::platform::outside::storage::{Bucket, ObjectKey, StorageError};
use chrono::Duration;
use domain::id::{Id, kind};
use serde_json::{Value, json};

use super::{Farmer, parts};
use crate::support::{Firm, Server, db_count, read_file, sample_sources};

/// Whether the storage holds a copy.
async fn is_stored(server: &Server, firm: &Firm, copy: &str) -> bool {
    let id = Id::<kind::DataExport>::parse(copy).expect("an id").uuid();
    match server.app.storage.head(Bucket::Documents, &ObjectKey::new(firm.tenant, id, 1)).await {
        Ok(_) => true,
        Err(StorageError::NotFound) => false,
        Err(other) => panic!("{other}"),
    }
}

#[actix_web::test]
async fn a_copy_holds_all_that_is_kept_of_somebody_and_nothing_of_others() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "copies").await;
    let (farmer, other) = (Farmer::applies(&server, &firm).await, Farmer::applies(&server, &firm).await);
    let made = farmer.caller.post("/v1/my/data-exports", &json!({}), 201).await;
    let copy = format!("/v1/my/data-exports/{}", made.text("/id"));
    assert_eq!(made.text("/state"), "queued");
    assert_eq!(farmer.caller.post(&format!("{copy}/download"), &json!({}), 409).await.code(), "file_not_ready");
    server.work().await;
    let ready = farmer.caller.get(&copy, 200).await;
    assert_eq!((ready.text("/state"), &ready.body["files"]), ("ready".to_owned(), &json!(2)));
    let (status, archive) = read_file(&farmer.caller.post(&format!("{copy}/download"), &json!({}), 200).await).await;
    assert_eq!(status, 200);
    assert_eq!(ready.body["bytes"], json!(archive.len()));
    let parts = parts(archive);
    let data: Value = serde_json::from_slice(&parts["data.json"]).expect("JSON");
    let text = data.to_string();
    for (what, canary) in farmer.mint.all() {
        assert!(text.contains(&canary), "{what} is not in the copy");
    }
    assert!(!text.contains("unopened"), "{data:#}");
    for (what, canary) in other.mint.all() {
        assert!(!text.contains(&canary), "{what} of another");
    }
    // what the firm's people are called inside is theirs
    let officer = Id::<kind::Staff>::parse(&firm.staff_id("investigator")).expect("an id").uuid().to_string();
    assert!(!text.contains(&officer) && !text.contains("investigator_id"));
    for kind in data["data"].as_array().expect("kinds of data") {
        assert!(kind["ground"]["zh"].is_string() && kind["purpose"]["en"].is_string(), "{kind:#}");
    }
    let files: Vec<_> = parts.iter().filter(|(name, _)| name.starts_with("files/")).collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|(_, bytes)| bytes.as_slice() == api::demonstration::SAMPLE_PDF));
    for caller in [&other.caller, &firm.applicant(&server, "13900000401").await] {
        caller.get(&copy, 404).await;
        caller.post(&format!("{copy}/download"), &json!({}), 404).await;
        assert_eq!(caller.get("/v1/my/data-exports", 200).await.body["items"], json!([]));
    }
    assert_eq!(db_count(&server, &firm, "audit_entries WHERE action = 'data_export.download'").await, 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_copy_goes_after_a_week_and_there_are_never_more_than_three() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "weeks").await;
    let phone = "13900000402";
    let applicant = firm.applicant(&server, phone).await;
    let first = applicant.post("/v1/my/data-exports", &json!({}), 201).await.text("/id");
    for _ in 0..2 {
        applicant.post("/v1/my/data-exports", &json!({}), 201).await;
    }
    assert_eq!(applicant.post("/v1/my/data-exports", &json!({}), 422).await.code(), "too_many_items");
    server.work().await;
    assert!(is_stored(&server, &firm, &first).await);
    server.app.clock.advance(Duration::days(7) + Duration::minutes(1));
    let applicant = firm.applicant(&server, phone).await;
    let copy = format!("/v1/my/data-exports/{first}");
    assert_eq!(applicant.get(&copy, 200).await.text("/state"), "expired");
    assert_eq!(applicant.post(&format!("{copy}/download"), &json!({}), 409).await.code(), "already_ended");
    assert_eq!(api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE[..1]).await.expect("a plan"), 1);
    server.work().await;
    assert!(!is_stored(&server, &firm, &first).await);
    applicant.post("/v1/my/data-exports", &json!({}), 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn what_was_collected_of_an_enterprise_is_in_no_copy_of_whoever_applied_for_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "representative").await;
    sample_sources(&server, &firm);
    let applicant = firm.applicant(&server, "13900000402").await;
    firm.submitted(&server, &applicant, 0).await;
    server.work().await;
    assert!(db_count(&server, &firm, "invoices").await > 0);
    let copy = applicant.post("/v1/my/data-exports", &json!({}), 201).await.text("/id");
    server.work().await;
    let link = applicant.post(&format!("/v1/my/data-exports/{copy}/download"), &json!({}), 200).await;
    let parts = parts(read_file(&link).await.1);
    let data: Value = serde_json::from_slice(&parts["data.json"]).expect("JSON");
    let kinds = data["data"].as_array().expect("kinds of data");
    assert!(kinds.iter().any(|kind| kind["class"] == "applications"));
    assert!(kinds.iter().all(|kind| kind["class"] != "collected"), "{data:#}");
    server.stop().await;
}
