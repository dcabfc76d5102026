//! An application from the first field to its submission, and back where it was returned.

use serde_json::json;

use crate::support::{Firm, Server, consent_by, sample_sources};

#[actix_web::test]
async fn a_draft_is_kept_field_by_field_and_is_there_on_another_phone() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "drafts").await;
    let applicant = firm.applicant(&server, "13900000041").await;
    let product = firm.product(&server, "loan_enterprise").await;
    let made = applicant
        .post("/v1/my/applications", &json!({ "product_id": product, "subject_kind": "enterprise" }), 201)
        .await;
    let mine = format!("/v1/my/applications/{}", made.text("/id"));
    let mut version = made.version.expect("a version");
    for field in
        [json!({ "amount_fen": 30_000_000 }), json!({ "term_months": 12 }), json!({ "contact": { "name": "张示例" } })]
    {
        version = applicant.patch(&mine, version, &field, 200).await.version.expect("a version");
    }
    for (field, pointer) in [
        (json!({ "contact": { "phone": "12345" } }), "/contact/phone"),
        (json!({ "amount_fen": "many" }), "/amount_fen"),
        (json!({ "region": "999999" }), "/region"),
        (json!({ "industry": "XX" }), "/industry"),
        (json!({ "subject": { "credit_code": "9133010099DEM0013X" } }), "/subject/credit_code"),
        (json!({ "state": "approved" }), "/state"),
    ] {
        let refused = applicant.patch(&mine, version, &field, 422).await;
        assert_eq!(refused.text("/errors/0/pointer"), pointer);
        assert!(!refused.text("/errors/0/message").is_empty());
    }
    server.app.clock.advance(chrono::Duration::minutes(2));
    let other_phone = firm.applicant(&server, "13900000041").await;
    let seen = other_phone.get(&mine, 200).await;
    assert_eq!(seen.body["form"]["amount_fen"], 30_000_000);
    assert_eq!(seen.body["form"]["contact"]["name"], "张示例");
    assert_eq!(applicant.patch(&mine, version - 1, &json!({ "term_months": 6 }), 409).await.code(), "stale");
    let stranger = firm.applicant(&server, "13900000042").await;
    stranger.get(&mine, 404).await;
    server.stop().await;
}

#[actix_web::test]
async fn everything_missing_is_said_at_once_and_consent_is_needed() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "missing").await;
    sample_sources(&server, &firm);
    let applicant = firm.applicant(&server, "13900000043").await;
    let (id, version) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let refused = applicant.act(&format!("{mine}/submit"), version, &json!({}), 422).await;
    assert_eq!(refused.code(), "incomplete");
    let named: Vec<_> =
        refused.body["errors"].as_array().expect("items").iter().filter_map(|e| e["pointer"].as_str()).collect();
    assert!(named.iter().filter(|p| p.starts_with('#')).count() >= 2, "{named:?}");
    let licence =
        refused.body["errors"].as_array().expect("items").iter().find(|e| e["pointer"] == "#business_licence");
    let message = licence.and_then(|e| e["message"].as_str()).unwrap_or_default();
    assert!(message.starts_with("请上传“营业执照”。上传正本或副本"), "{message}");
    firm.upload_all(&applicant, &id).await;
    let seen = applicant.get(&mine, 200).await;
    applicant.act(&format!("{mine}/submit"), seen.version.expect("a version"), &json!({}), 422).await;
    firm.consent(&applicant, &id).await;
    let seen = applicant.get(&mine, 200).await;
    let sent = applicant.act(&format!("{mine}/submit"), seen.version.expect("a version"), &json!({}), 200).await;
    let locked = applicant.patch(&mine, sent.version.expect("a version"), &json!({ "term_months": 6 }), 409).await;
    assert_eq!(locked.code(), "record_locked");
    server.stop().await;
}

#[actix_web::test]
async fn an_agent_without_proof_cannot_consent_for_the_enterprise() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "agents").await;
    let applicant = firm.applicant(&server, "13900000044").await;
    let (id, version) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    applicant.patch(&mine, version, &json!({ "subject": { "capacity": "agent" } }), 200).await;
    let agent = consent_by("agent", "示例经办");
    let refused = applicant.post(&format!("{mine}/authorisations"), &agent, 403).await;
    assert_eq!(refused.code(), "not_entitled");
    firm.upload_all(&applicant, &id).await;
    applicant.post(&format!("{mine}/authorisations"), &agent, 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn however_many_drafts_are_begun_at_once_no_more_than_the_limit_are_kept() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "manydrafts").await;
    let applicant = firm.applicant(&server, "13900000049").await;
    let product = firm.product(&server, "loan_enterprise").await;
    let body = json!({ "product_id": product, "subject_kind": "enterprise" });
    let starts = (0..50).map(|i| {
        let request = applicant.request(reqwest::Method::POST, "/v1/my/applications").json(&body);
        async move { request.header("Idempotency-Key", format!("draft-{i}")).send().await.expect("an answer").status() }
    });
    let statuses = futures_util::future::join_all(starts).await;
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 201).count(), 20, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 422).count(), 30, "{statuses:?}");
    let kept = applicant.get("/v1/my/applications?limit=100", 200).await;
    assert_eq!(kept.body["items"].as_array().map(Vec::len), Some(20));
    server.stop().await;
}

#[actix_web::test]
async fn a_client_that_cannot_send_patch_saves_through_the_second_door() {
    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "doors").await;
    let applicant = firm.applicant(&server, "13900000049").await;
    let product = firm.product(&server, "loan_enterprise").await;
    let start = json!({ "product_id": product, "subject_kind": "enterprise" });
    let made = applicant.post("/v1/my/applications", &start, 201).await;
    let mine = format!("/v1/my/applications/{}", made.text("/id"));
    let version = made.version.expect("a version");
    let save = |version: i64, field: serde_json::Value| {
        let request = applicant.request(reqwest::Method::POST, &format!("{mine}/form"));
        request.header("If-Match", format!("\"{version}\"")).json(&field)
    };
    let saved = applicant.send(save(version, json!({ "term_months": 12, "bank": "示例银行" })), 200).await;
    assert_eq!(saved.version, Some(version + 1));
    // Sent again after its answer was lost, it has no second effect.
    assert_eq!(applicant.send(save(version, json!({ "term_months": 12 })), 409).await.code(), "stale");
    let cleared = applicant.send(save(version + 1, json!({ "bank": null })), 200).await;
    assert_eq!((&cleared.body["form"]["term_months"], cleared.body["form"].get("bank")), (&json!(12), None));
    let refused = applicant.send(save(version + 2, json!({ "amount_fen": "many" })), 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/amount_fen");
    server.stop().await;
}
