//! Collection under consent and the score that comes of it.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Firm, Server, sample_sources};

#[actix_web::test]
async fn a_sound_firm_goes_on_and_a_violator_is_refused_with_reasons() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "scores").await;
    let applicant = firm.applicant(&server, "13900000051").await;
    let sound = firm.submitted(&server, &applicant, 0).await;
    let violator = firm.submitted(&server, &applicant, 2).await;
    let state = async |id: &str| applicant.get(&format!("/v1/my/applications/{id}"), 200).await;
    assert_eq!(state(&sound).await.text("/state"), "investigating");
    assert_eq!(state(&violator).await.text("/state"), "refused");
    let officer = firm.staff("investigator");
    let scored = officer.get(&format!("/v1/applications/{sound}/assessments"), 200).await;
    let (total, id) = (scored.body["items"][0]["total"].as_i64().expect("a total"), scored.text("/items/0/id"));
    assert!(total >= 0);
    // Evaluated again from what is kept, it is the same.
    let again = officer.post(&format!("/v1/applications/{sound}/assessments/{id}/repeat"), &json!({}), 200).await;
    assert_eq!(again.body["same"], true, "{:#}", again.body);
    // The applicant reads reasons in words meant for them, without thresholds of the firm.
    let result = applicant.get(&format!("/v1/my/applications/{violator}/result"), 200).await;
    assert!(!result.body.to_string().contains("acceptable_total"));
    let pulls = officer.get(&format!("/v1/applications/{violator}/pulls"), 200).await;
    let complete = |p: &Value| p["outcome"] == "complete";
    assert!(pulls.body["items"].as_array().expect("pulls").iter().filter(|p| complete(p)).count() >= 5);
    server.stop().await;
}

#[actix_web::test]
async fn a_failing_source_is_asked_again_and_then_goes_to_the_officer_with_the_gap_named() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "gaps").await;
    sample_sources(&server, &firm);
    let folder = server.app.config.sources_dir.join("gaps").join("9133010099DEM0013K");
    std::fs::write(folder.join("violations.json"), b"{ this is not JSON").expect("a broken file");
    let applicant = firm.applicant(&server, "13900000052").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    firm.upload_all(&applicant, &id).await;
    firm.consent(&applicant, &id).await;
    let mine = format!("/v1/my/applications/{id}");
    let seen = applicant.get(&mine, 200).await;
    applicant.act(&format!("{mine}/submit"), seen.version.expect("a version"), &json!({}), 200).await;
    for _ in 0..5 {
        server.work().await;
        server.app.clock.advance(Duration::seconds(110));
    }
    assert_eq!(applicant.get(&mine, 200).await.text("/state"), "investigating");
    let officer = firm.staff("investigator");
    let pulls = officer.get(&format!("/v1/applications/{id}/pulls"), 200).await;
    let tries =
        pulls.body["items"].as_array().expect("pulls").iter().filter(|p| p["source"]["code"] == "violations").count();
    assert!(tries >= 3, "{tries} tries");
    // Its name is in the reader's language.
    for (language, expected) in [("zh-CN", "税务违法违章信息采集失败"), ("en", "Collecting failed: tax violations")]
    {
        let request = officer.request(reqwest::Method::GET, &format!("/v1/applications/{id}/assessments"));
        let scored = officer.send(request.header("Accept-Language", language), 200).await;
        let named: Vec<_> = scored.body["items"][0]["gaps"]
            .as_array()
            .expect("gaps")
            .iter()
            .filter_map(|g| g["text"].as_str())
            .collect();
        assert!(named.iter().any(|text| text.starts_with(expected)), "{language}: {named:?}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn after_a_revocation_nothing_more_is_pulled_or_evaluated() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "revoked").await;
    sample_sources(&server, &firm);
    let applicant = firm.applicant(&server, "13900000053").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    firm.upload_all(&applicant, &id).await;
    let granted = firm.consent(&applicant, &id).await;
    let mine = format!("/v1/my/applications/{id}");
    let seen = applicant.get(&mine, 200).await;
    applicant.act(&format!("{mine}/submit"), seen.version.expect("a version"), &json!({}), 200).await;
    let consent = granted.text("/id");
    applicant.post(&format!("{mine}/authorisations/{consent}/revoke"), &json!({}), 200).await;
    for _ in 0..5 {
        server.work().await;
        server.app.clock.advance(Duration::seconds(110));
    }
    let officer = firm.staff("clerk");
    let pulls = officer.get(&format!("/v1/applications/{id}/pulls"), 200).await;
    let pulled = pulls.body["items"].as_array().expect("pulls").iter().filter(|p| p["outcome"] == "complete").count();
    assert_eq!(pulled, 0);
    let scored = officer.get(&format!("/v1/applications/{id}/assessments"), 200).await;
    assert_eq!(scored.body["items"].as_array().map(Vec::len), Some(0));
    // It does not hang: a person has it.
    assert_eq!(applicant.get(&mine, 200).await.text("/state"), "investigating");
    server.stop().await;
}

#[actix_web::test]
async fn after_a_revocation_the_score_that_came_of_it_is_not_shown_any_more() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "blanked").await;
    let applicant = firm.applicant(&server, "13900000054").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let other = firm.submitted(&server, &applicant, 1).await;
    let (mine, officer) = (format!("/v1/my/applications/{id}"), firm.staff("investigator"));
    let entry = async |id: &str| {
        let queue = officer.get("/v1/applications?limit=100", 200).await;
        let items = queue.body["items"].as_array().expect("entries").clone();
        items.into_iter().find(|entry| entry["id"] == id).expect("its entry")
    };
    let case = format!("/v1/applications/{id}");
    let before = officer.get(&case, 200).await;
    assert!(before.body["score"].is_i64() && before.body["assessment"]["total"].is_i64(), "{:#}", before.body);
    assert!(entry(&id).await["score"].is_i64());
    applicant.get(&format!("{mine}/result"), 200).await;
    let consent = officer.get(&format!("{case}/authorisations"), 200).await.text("/items/0/id");
    applicant.post(&format!("{mine}/authorisations/{consent}/revoke"), &json!({}), 200).await;
    let after = officer.get(&case, 200).await;
    let one = after.text("/assessment/id");
    let views = [
        after.body["assessment"].clone(),
        officer.get(&format!("{case}/assessments"), 200).await.body["items"][0].clone(),
        officer.get(&format!("{case}/assessments/{one}"), 200).await.body,
    ];
    for view in views {
        assert_eq!(view["blocked"], true, "{view:#}");
        for name in ["total", "outcome", "period", "operating", "transactions", "left_out"] {
            assert_eq!(view[name], Value::Null, "{name} in {view:#}");
        }
        for name in ["reasons", "risks", "indicators", "months", "gaps", "missing"] {
            assert_eq!(view[name], json!([]), "{name} in {view:#}");
        }
    }
    for shown in [after.body.clone(), entry(&id).await] {
        assert_eq!((&shown["score"], &shown["score_outcome"]), (&Value::Null, &Value::Null), "{shown:#}");
    }
    assert!(applicant.get(&format!("{mine}/result"), 404).await.body["detail"].to_string().contains("撤回"));
    // Other applications keep theirs.
    assert!(entry(&other).await["score"].is_i64());
    server.stop().await;
}
