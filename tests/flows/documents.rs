//! Documents: presigned to quarantine, inspected, readable by those who may, tried again where interrupted.

use serde_json::json;

use crate::support::{Firm, Server, put_file, upload};

const PNG_START: &[u8] = b"\x89PNG\r\n\x1a\nnot really a picture";

#[actix_web::test]
async fn what_is_not_what_it_claims_never_becomes_readable() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "files").await;
    let applicant = firm.applicant(&server, "13900000031").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let item = first_item(&applicant, &mine).await;
    let body =
        json!({ "item_key": item, "file_name": "照片.png", "media_type": "image/png", "bytes": PNG_START.len() });
    let started = applicant.post(&format!("{mine}/documents"), &body, 201).await;
    let document = started.text("/document/id");
    let path = format!("{mine}/documents/{document}");
    // Not uploaded yet: nothing to finish, nothing to read.
    assert_eq!(applicant.post(&format!("{path}/finish"), &json!({}), 409).await.code(), "file_not_uploaded");
    assert_eq!(applicant.get(&format!("{path}/download"), 409).await.code(), "file_not_ready");
    put_file(&started, PNG_START).await;
    let done = applicant.post(&format!("{path}/finish"), &json!({}), 200).await;
    assert_eq!(done.text("/state"), "rejected");
    assert!(!done.text("/refusal/message").is_empty());
    applicant.get(&format!("{path}/download"), 409).await;
    let unknown =
        json!({ "item_key": "no-such-item", "file_name": "a.pdf", "media_type": "application/pdf", "bytes": 10 });
    applicant.post(&format!("{mine}/documents"), &unknown, 422).await;
    server.stop().await;
}

#[actix_web::test]
async fn an_interrupted_upload_is_begun_again_and_a_finished_one_is_read_back() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "again").await;
    let applicant = firm.applicant(&server, "13900000032").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let item = first_item(&applicant, &mine).await;
    let pdf = api::demonstration::SAMPLE_PDF;
    let body =
        json!({ "item_key": item, "file_name": "营业执照.pdf", "media_type": "application/pdf", "bytes": pdf.len() });
    let started = applicant.post(&format!("{mine}/documents"), &body, 201).await;
    let path = format!("{mine}/documents/{}", started.text("/document/id"));
    let restarted = applicant.post(&format!("{path}/restart"), &json!({}), 200).await;
    put_file(&restarted, pdf).await;
    let done = applicant.post(&format!("{path}/finish"), &json!({}), 200).await;
    assert_eq!(done.text("/state"), "ready");
    let link = applicant.get(&format!("{path}/download"), 200).await;
    let read = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client")
        .get(link.text("/url"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(read.bytes().await.expect("the file"), pdf);
    // The next upload for the same item is its next version.
    let next = upload(&applicant, &id, &item).await;
    assert_eq!(next.body["version_no"], 2);
    let other = firm.applicant(&server, "13900000033").await;
    other.get(&format!("{path}/download"), 404).await;
    server.stop().await;
}

async fn first_item(applicant: &crate::support::Caller, mine: &str) -> String {
    let seen = applicant.get(mine, 200).await;
    let missing = seen.body["missing"].as_array().expect("what is missing");
    let place = missing.iter().filter_map(|m| m["place"].as_str()).find(|p| p.starts_with('#')).expect("an item");
    place.trim_start_matches('#').to_owned()
}
