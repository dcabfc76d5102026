//! Progress, result and timeline say how an application stands now, and nothing that is not so.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server, consent_by};

/// The statuses of the steps in order.
fn statuses(seen: &Answer) -> Vec<String> {
    let steps = seen.body["progress"]["steps"].as_array().expect("steps");
    steps.iter().map(|step| step["status"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn headline(applicant: &Caller, id: &str) -> String {
    applicant.get(&format!("/v1/my/applications/{id}/result"), 200).await.text("/headline")
}

/// The labels of an application's timeline as its owner reads them.
async fn labels(applicant: &Caller, id: &str) -> Vec<String> {
    let events = applicant.get(&format!("/v1/my/applications/{id}/timeline"), 200).await;
    let items = events.body["items"].as_array().expect("events").clone();
    items.iter().map(|event| event["label"].as_str().unwrap_or_default().to_owned()).collect()
}

#[actix_web::test]
async fn after_a_withdrawal_the_steps_that_were_not_done_are_skipped() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "skipped").await;
    let applicant = firm.applicant(&server, "13900000156").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    applicant.act(&format!("{mine}/withdraw"), version, &json!({}), 200).await;
    let seen = applicant.get(&mine, 200).await;
    assert_eq!(statuses(&seen), ["done", "done", "done", "skipped", "skipped", "skipped", "done"]);
    assert_eq!(headline(&applicant, &id).await, "申请已撤回，不再办理。");
    server.stop().await;
}

#[actix_web::test]
async fn a_refusal_by_score_is_told_with_its_reason_and_reads_otherwise_once_a_person_has_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "contested").await;
    let applicant = firm.applicant(&server, "13900000157").await;
    let id = firm.submitted(&server, &applicant, 2).await;
    let mine = format!("/v1/my/applications/{id}");
    let seen = applicant.get(&mine, 200).await;
    assert_eq!(seen.text("/state"), "refused");
    assert_eq!(statuses(&seen), ["done", "done", "done", "skipped", "skipped", "skipped", "done"]);
    assert!(headline(&applicant, &id).await.contains("您可以申请人工复核"));
    let notes = applicant.get(&format!("{mine}/result"), 200).await;
    let inbox = applicant.get("/v1/my/inbox", 200).await;
    let told = inbox.body["items"].as_array().expect("messages").iter();
    let told = told.clone().find(|item| item["event"] == "refused_automatically").expect("the refusal");
    let reason = format!("原因：{}", notes.text("/notes/0"));
    assert!(told["text"].as_str().is_some_and(|text| text.contains(&reason)), "{reason} in {told:#}");

    applicant.act(&format!("{mine}/human-review"), seen.version.expect("a version"), &json!({}), 200).await;
    server.work().await;
    assert_eq!(headline(&applicant, &id).await, "系统评分未达准入条件，正由工作人员人工复核。");
    firm.staff("investigator")
        .step(&id, "recommend", &json!({ "advice": "decline", "opinion": "违法记录属实" }), 200)
        .await;
    firm.staff("reviewer").step(&id, "review", &json!({ "opinion": "同意" }), 200).await;
    firm.staff("executive").step(&id, "refuse", &json!({ "reason": "违法记录较多" }), 200).await;
    assert_eq!(headline(&applicant, &id).await, "申请未获批准，原因见详情。");
    assert!(statuses(&applicant.get(&mine, 200).await).iter().all(|status| status == "done"));
    server.stop().await;
}

#[actix_web::test]
async fn a_person_who_refuses_after_a_passing_score_leaves_no_promise_standing() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "promises").await;
    let applicant = firm.applicant(&server, "13900000158").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    assert_eq!(headline(&applicant, &id).await, "您的申请已通过初步评估，将进入下一步。");
    firm.staff("investigator")
        .step(&id, "recommend", &json!({ "advice": "decline", "opinion": "用途不明" }), 200)
        .await;
    firm.staff("reviewer").step(&id, "review", &json!({ "opinion": "同意" }), 200).await;
    firm.staff("executive").step(&id, "refuse", &json!({ "reason": "用途不明" }), 200).await;
    assert_eq!(headline(&applicant, &id).await, "申请未获批准，原因见详情。");
    server.stop().await;
}

#[actix_web::test]
async fn sources_that_have_nothing_are_named_as_asked_and_empty() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "empty").await;
    let applicant = firm.applicant(&server, "13900000159").await;
    // the registration names nobody here, so the firm's own record has to
    let known = &api::demonstration::sources::FIRMS[0];
    let record = json!({
        "credit_code": known.credit_code, "full_name": known.name, "legal_representative": known.legal_representative,
    });
    firm.staff("clerk").post("/v1/enterprises", &record, 201).await;
    let folder = server.app.config.sources_dir.join("empty").join(known.credit_code);
    std::fs::create_dir_all(folder).expect("a folder without files");
    let id = firm.submitted_with(&server, &applicant, 0).await;
    let all = labels(&applicant, &id).await;
    let said = all.iter().find(|label| label.starts_with("授权数据已查询，未取得：税务登记信息、"));
    assert!(said.is_some_and(|label| label.ends_with("销项发票")), "{all:?}");
    assert!(!all.iter().any(|label| label.contains("采集完成")), "{all:?}");
    // Where every source answers with something, it is collected.
    let id = firm.submitted(&server, &applicant, 0).await;
    assert!(labels(&applicant, &id).await.iter().any(|label| label == "授权数据已采集完成"));
    server.stop().await;
}

#[actix_web::test]
async fn granting_what_is_granted_is_no_new_event() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "granted").await;
    let applicant = firm.applicant(&server, "13900000168").await;
    let (id, _) = firm.draft(&server, &applicant, 0).await;
    let first = firm.consent(&applicant, &id).await.text("/id");
    assert_eq!(firm.consent(&applicant, &id).await.text("/id"), first);
    let granted = async || labels(&applicant, &id).await.iter().filter(|label| *label == "您完成了数据授权").count();
    assert_eq!(granted().await, 1);
    // Another authorisation is another event.
    let mut less = consent_by("legal_representative", "示例法人甲");
    less["sources"] = json!(["registration"]);
    applicant.post(&format!("/v1/my/applications/{id}/authorisations"), &less, 201).await;
    assert_eq!(granted().await, 2);
    server.stop().await;
}

#[actix_web::test]
async fn after_a_revocation_nothing_is_collected_again_until_it_is_granted_anew() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "anew").await;
    let applicant = firm.applicant(&server, "13900000160").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let officer = firm.staff("investigator");
    let why: Value = json!({ "reason": "数据源已恢复" });
    let consent = applicant.get(&format!("{mine}/authorisations"), 200).await.text("/items/0/id");
    applicant.post(&format!("{mine}/authorisations/{consent}/revoke"), &json!({}), 200).await;
    for (action, body) in
        [("recollect", why.clone()), ("send-back", json!({ "to": "collecting", "reason": "重新采集" }))]
    {
        let refused = officer.step(&id, action, &body, 409).await;
        assert_eq!(refused.code(), "consent_ended", "{action}");
        assert_eq!(refused.text("/detail"), "申请人已撤回授权，请先退回申请人重新授权。");
    }
    assert_eq!(applicant.get(&mine, 200).await.text("/state"), "investigating");
    firm.consent(&applicant, &id).await;
    officer.step(&id, "recollect", &why, 200).await;
    server.stop().await;
}
