//! Documents: presigned to quarantine, inspected, readable by those who may, tried again where interrupted.

use serde_json::json;

use crate::support::{Firm, Server, is_stored, put_file, read_file, upload};

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
async fn a_file_that_does_not_fit_its_item_is_told_what_the_item_takes() {
    let server = Server::start_with(&[("ZHIDAN_DOCUMENTS__BYTES_MAX", "4096")]).await;
    let firm = Firm::create(&server, "takes").await;
    let applicant = firm.applicant(&server, "13900000037").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let (zh, en) = ("“营业执照”可上传PDF、JPG、PNG、HEIC文件", "“Business licence” takes PDF, JPG, PNG, HEIC");
    let body = |media_type: &str, bytes: usize| json!({ "item_key": "business_licence", "file_name": "营业执照", "media_type": media_type, "bytes": bytes });
    for body in [body("application/zip", 10), body("application/pdf", 0), body("application/pdf", 10_000_000)] {
        let refused = applicant.post(&format!("{mine}/documents"), &body, 422).await;
        assert_eq!(
            (refused.code().as_str(), refused.body["errors"].as_array().map(Vec::len)),
            ("file_refused", Some(1))
        );
        assert!(refused.text("/errors/0/message").contains(zh), "{:#}", refused.body);
        let key = uuid::Uuid::now_v7().to_string();
        let english = applicant.request(reqwest::Method::POST, &format!("{mine}/documents"));
        let english = english.header("Idempotency-Key", key).header("Accept-Language", "en").json(&body);
        let refused = applicant.send(english, 422).await;
        assert!(refused.text("/errors/0/message").contains(en), "{:#}", refused.body);
    }
    // What arrived is another type than was said, or one that nobody knows.
    for (content, code) in [(api::demonstration::SAMPLE_PDF, "type_mismatch"), (b"GIF89a and so on", "unknown_type")] {
        let started = applicant.post(&format!("{mine}/documents"), &body("image/png", content.len()), 201).await;
        put_file(&started, content.to_vec()).await;
        let path = format!("{mine}/documents/{}/finish", started.text("/document/id"));
        let done = applicant.post(&path, &json!({}), 200).await;
        assert_eq!(done.text("/refusal/code"), code);
        let (message, message_en) = (done.text("/refusal/message"), done.text("/refusal/message_en"));
        assert!(message.contains(zh) && message_en.contains(en), "{message} {message_en}");
        let listed = applicant.get(&format!("{mine}/documents"), 200).await.body["items"].clone();
        let listed = listed.as_array().expect("documents").iter().any(|one| one["refusal"] == done.body["refusal"]);
        assert!(listed, "the list says it too");
    }
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
    assert_eq!(read_file(&link).await, (200, pdf.to_vec()));
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

#[actix_web::test]
async fn what_was_submitted_is_kept_for_the_officer_and_what_was_not_is_deleted() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "kept").await;
    let applicant = firm.applicant(&server, "13900000034").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let (mine, case) = (format!("/v1/my/applications/{id}"), format!("/v1/applications/{id}"));
    let officer = firm.staff("investigator");
    let seen = officer.get(&case, 200).await;
    let items = json!({ "items": [{ "item": "/contact/phone", "reason": "电话无法接通" }] });
    officer.act(&format!("{case}/return"), seen.version.expect("a version"), &items, 200).await;
    let submitted = applicant.get(&format!("{mine}/documents"), 200).await;
    let (old, item) = (submitted.text("/items/0/id"), submitted.text("/items/0/item_key"));
    let unseen = upload(&applicant, &id, &item).await.text("/id");
    for document in [&old, &unseen] {
        let path = format!("{mine}/documents/{document}");
        applicant.send(applicant.request(reqwest::Method::DELETE, &path), 204).await;
        applicant.get(&format!("{path}/download"), 409).await;
    }
    // Beyond the clean-up that every upload plans, too.
    for _ in 0..2 {
        server.work().await;
        server.app.clock.advance(chrono::Duration::hours(25));
    }
    let session = firm.log_in(&server, "investigator", 200).await;
    let officer = server.with_token(&session.text("/access_token"));
    let link = officer.get(&format!("{case}/documents/{old}/download"), 200).await;
    assert_eq!(read_file(&link).await, (200, api::demonstration::SAMPLE_PDF.to_vec()));
    assert_eq!(officer.get(&format!("{case}/documents/{unseen}/download"), 409).await.code(), "file_not_ready");
    let listed = officer.get(&format!("{case}/documents"), 200).await;
    let of =
        |id: &str| listed.body["items"].as_array().expect("items").iter().find(|d| d["id"] == *id).expect("it").clone();
    assert_eq!((&of(&old)["state"], of(&old)["sha256"].is_string()), (&json!("removed"), true));
    assert_eq!((&of(&unseen)["state"], of(&unseen)["sha256"].is_string()), (&json!("removed"), false));
    assert!(is_stored(&server, &firm, &old, 1).await && !is_stored(&server, &firm, &unseen, 2).await);
    server.stop().await;
}

#[actix_web::test]
async fn every_download_of_staff_is_kept_and_id_cards_are_for_those_who_may_see_personal_data() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "idcards").await;
    let applicant = firm.applicant(&server, "13900000036").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let case = format!("/v1/applications/{id}");
    let listed = firm.staff("clerk").get(&format!("{case}/documents"), 200).await;
    let of = |key: &str| {
        let items = listed.body["items"].as_array().expect("documents");
        items.iter().find(|one| one["item_key"] == key).expect("a document")["id"].as_str().expect("an id").to_owned()
    };
    let (card, licence) = (of("id_card"), of("business_licence"));
    let checklist = firm.staff("clerk").get(&case, 200).await.body["checklist"].clone();
    let personal = checklist.as_array().expect("items").iter().filter(|item| item["personal"] == true);
    assert_eq!(personal.map(|item| item["key"].clone()).collect::<Vec<_>>(), [json!("id_card")]);
    for (role, of_card) in
        [("clerk", 403), ("executive", 403), ("finance", 403), ("investigator", 200), ("reviewer", 200)]
    {
        let who = firm.staff(role);
        let answer = who.get(&format!("{case}/documents/{card}/download"), of_card).await;
        assert!(
            of_card == 200 || answer.code() == "forbidden" && answer.body["detail"].to_string().contains("个人信息")
        );
        who.get(&format!("{case}/documents/{licence}/download"), 200).await;
    }
    // The owner's own reading is no business of the audit chain.
    applicant.get(&format!("/v1/my{}/documents/{card}/download", case.trim_start_matches("/v1")), 200).await;
    let auditor = firm.staff("auditor");
    for (document, readers) in [
        (&card, vec!["reviewer", "investigator"]),
        (&licence, vec!["reviewer", "investigator", "finance", "executive", "clerk"]),
    ] {
        let kept = auditor.get(&format!("/v1/audit-entries?action=document.download&object={document}"), 200).await;
        let entries = kept.body["items"].as_array().expect("entries");
        let who: Vec<_> = entries.iter().map(|entry| entry["actor"].as_str().expect("an actor")).collect();
        assert_eq!(who, readers.iter().map(|role| firm.staff_id(role)).collect::<Vec<_>>());
        assert!(entries.iter().all(|entry| entry["request_id"].as_str().is_some_and(|id| id.len() >= 8)));
        assert_eq!(
            (&entries[0]["detail"]["application"], &entries[0]["detail"]["personal"]),
            (&json!(id), &json!(document == &card))
        );
    }
    server.stop().await;
}

#[actix_web::test]
async fn files_pass_as_they_are_and_are_not_counted_with_the_products_requests() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "bytes").await;
    let applicant = firm.applicant(&server, "13900000035").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let item = first_item(&applicant, &mine).await;
    let document = upload(&applicant, &id, &item).await.text("/id");
    let link = applicant.get(&format!("{mine}/documents/{document}/download"), 200).await;
    let pdf = api::demonstration::SAMPLE_PDF;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    for accepted in ["gzip", "br;q=1, *;q=0", "identity"] {
        let answer = client.get(link.text("/url")).header("Accept-Encoding", accepted).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{accepted}");
        assert!(!answer.headers().contains_key("content-encoding"), "{accepted}");
        assert_eq!(answer.headers()["content-length"], pdf.len().to_string());
        assert_eq!(answer.headers()["cache-control"], "private, no-store");
        assert_eq!(answer.bytes().await.expect("the file"), pdf);
    }
    let part = client.get(link.text("/url")).header("Range", "bytes=1-4").header("Accept-Encoding", "gzip");
    let part = part.send().await.expect("an answer");
    assert_eq!(part.status().as_u16(), 206);
    assert_eq!(part.bytes().await.expect("the part"), pdf[1..=4]);
    server.stop().await;
    let narrow = Server::start_with(&[("ZHIDAN_HTTP__RATE_PER_MINUTE", "3")]).await;
    for _ in 0..10 {
        let answer = client.get(format!("{}/zhidan-documents/none", narrow.url)).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 403, "unsigned, and in the storage's own form");
        assert!(answer.text().await.expect("a body").contains("<Code>AccessDenied</Code>"));
    }
    for status in [200, 200, 200, 429] {
        narrow.anyone().get("/health", status).await;
    }
    narrow.stop().await;
}
