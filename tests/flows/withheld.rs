//! What an applicant does not authorise is not collected, and cannot buy a better decision: a person looks at it.

use api::demonstration::sources::FIRMS;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server, consent_by, sample_sources};

/// One of the demonstration firms' applications, submitted under an authorisation of these sources; gives the staff's
/// view of its evaluation.
async fn scored(server: &Server, firm: &Firm, applicant: &Caller, sources: &Value) -> (String, Answer) {
    let (id, _) = firm.draft(server, applicant, 3).await;
    firm.upload_all(applicant, &id).await;
    let mine = format!("/v1/my/applications/{id}");
    let mut consent = consent_by("legal_representative", FIRMS[3].legal_representative);
    if !sources.is_null() {
        consent["sources"] = sources.clone();
    }
    applicant.post(&format!("{mine}/authorisations"), &consent, 201).await;
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
    server.work().await;
    let all = firm.staff("clerk").get(&format!("/v1/applications/{id}/assessments"), 200).await;
    (id, all)
}

#[actix_web::test]
async fn leaving_sources_out_never_passes_automatically() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "withheld").await;
    sample_sources(&server, &firm);
    // the firm knows who represents the enterprise, so that not even the registration has to be asked
    let known = &FIRMS[3];
    let record = json!({
        "credit_code": known.credit_code, "full_name": known.name, "legal_representative": known.legal_representative,
    });
    firm.staff("clerk").post("/v1/enterprises", &record, 201).await;
    let applicant = firm.applicant(&server, "13900000151").await;
    let (_, whole) = scored(&server, &firm, &applicant, &Value::Null).await;
    assert_eq!(whole.text("/items/0/outcome"), "review");
    let (id, part) = scored(&server, &firm, &applicant, &json!(["invoices_out"])).await;
    let total = |answer: &Answer| answer.body["items"][0]["total"].as_i64().expect("a total");
    assert!(total(&part) < total(&whole), "what is withheld still adds nothing");
    assert_eq!(part.text("/items/0/outcome"), "review");
    let reason = &part.body["items"][0]["reasons"][0];
    assert_eq!(reason["code"], "withheld");
    let zh = reason["reason_zh"].as_str().unwrap_or_default();
    assert!(zh.starts_with("申请人未授权：税务登记信息、") && zh.ends_with("，不能自动通过"), "{zh}");
    let en = reason["reason_en"].as_str().unwrap_or_default();
    assert!(en.starts_with("Not authorised by the applicant: tax registration, "), "{en}");
    let gaps = part.body["items"][0]["gaps"].as_array().expect("gaps");
    assert_eq!(gaps.iter().filter(|gap| gap["kind"] == "withheld" && gap["blocking"] == true).count(), 6);
    assert!(
        gaps.iter().all(|gap| gap["text"].as_str().is_some_and(|text| text.starts_with("申请人未授权"))),
        "{gaps:#?}"
    );
    let told = applicant.get(&format!("/v1/my/applications/{id}/result"), 200).await;
    assert_eq!(told.text("/headline"), "您未授权部分数据来源，将由工作人员核实。");
    // Evaluated again from what is kept, it is the same.
    let again = format!("/v1/applications/{id}/assessments/{}/repeat", part.text("/items/0/id"));
    let again = firm.staff("investigator").post(&again, &json!({}), 200).await;
    assert_eq!((&again.body["same"], &again.body["inputs_unchanged"]), (&json!(true), &json!(true)));
    server.stop().await;
}
