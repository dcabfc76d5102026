//! Policies are written by staff, read and matched by everybody.

use serde_json::json;

use crate::support::{Firm, Server};

#[actix_web::test]
async fn what_is_published_is_read_and_matched_without_a_log_in() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "policies").await;
    let (admin, anyone) = (firm.staff("administrator"), server.anyone());
    let policy = |title: &str, conditions: serde_json::Value| json!({ "title": title, "body": "正文", "source": "示例来源", "conditions": conditions });
    let farmers =
        policy("农户贴息（示例）", json!({ "guarantee_kinds": ["loan_farmer"], "applicant_kinds": ["farmer"] }));
    let firms = policy(
        "小微降费（示例）",
        json!({ "guarantee_kinds": ["loan_enterprise"], "applicant_kinds": ["small_enterprise"] }),
    );
    let mut ids = vec![];
    for body in [&farmers, &firms] {
        let made = admin.post("/v1/policies", body, 201).await;
        ids.push((made.text("/id"), made.version.expect("a version")));
    }
    let list = "/v1/t/policies/policies";
    assert_eq!(anyone.get(list, 200).await.body["items"].as_array().map(Vec::len), Some(0), "drafts are not shown");
    for (id, version) in &ids {
        admin.act(&format!("/v1/policies/{id}/publish"), *version, &json!({}), 200).await;
    }
    assert_eq!(anyone.get(list, 200).await.body["items"].as_array().map(Vec::len), Some(2));
    let query = json!({ "guarantee_kind": "loan_farmer", "applicant_kind": "farmer" });
    let matched = anyone.post("/v1/t/policies/policy-matches", &query, 200).await;
    let items = matched.body["items"].as_array().expect("matches");
    assert_eq!((items[0]["policy_id"].as_str(), items[0]["fits"].as_str()), (Some(ids[0].0.as_str()), Some("yes")));
    assert_eq!(items[1]["fits"], "no");
    assert!(!items[1]["reasons"].as_array().expect("reasons").is_empty());
    server.stop().await;
}

#[actix_web::test]
async fn a_term_is_written_changed_and_taken_away() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "terms").await;
    let admin = firm.staff("administrator");
    let made = admin.post("/v1/glossary", &json!({ "term": "解保", "meaning": "解除担保责任" }), 201).await;
    let path = format!("/v1/glossary/{}", made.text("/id"));
    let twice = admin.post("/v1/glossary", &json!({ "term": "解保", "meaning": "重复" }), 409).await;
    assert_eq!(twice.code(), "name_taken");
    let version = made.version.expect("a version");
    let changed = admin.put(&path, version, &json!({ "term": "解保", "meaning": "债务清偿后解除担保责任" }), 200).await;
    admin.delete(&path, version, 409).await;
    admin.delete(&path, changed.version.expect("a version"), 204).await;
    admin.get(&path, 404).await;
    server.stop().await;
}

#[actix_web::test]
async fn nothing_is_published_or_withdrawn_but_the_version_that_was_read() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "seen").await;
    let (admin, nothing) = (firm.staff("administrator"), json!({}));
    let policy = json!({ "title": "示例政策", "body": "正文", "source": "示例来源", "conditions": {} });
    let article = json!({ "title": "示例文章", "summary": "摘要", "body": "正文" });
    for (list, body) in [("/v1/policies", policy), ("/v1/articles", article)] {
        let made = admin.post(list, &body, 201).await;
        let (path, read) = (format!("{list}/{}", made.text("/id")), made.version.expect("a version"));
        // Somebody else reworded it meanwhile.
        let reworded = admin.put(&path, read, &body, 200).await.version.expect("a version");
        for (verb, state) in [("publish", "published"), ("withdraw", "withdrawn")] {
            let act = format!("{path}/{verb}");
            assert_eq!(admin.post(&act, &nothing, 428).await.code(), "precondition_required");
            let stale = admin.act(&act, read, &nothing, 409).await;
            assert_eq!(
                (stale.code().as_str(), stale.text("/current/etag")),
                ("stale", format!("\"{}\"", version(&admin, &path).await))
            );
            let done = admin.act(&act, version(&admin, &path).await, &nothing, 200).await;
            assert_eq!(done.text("/status"), state);
            assert!(done.version.is_some_and(|now| now > reworded));
        }
    }
    server.stop().await;
}

async fn version(caller: &crate::support::Caller, path: &str) -> i64 {
    caller.get(path, 200).await.version.expect("an ETag")
}
