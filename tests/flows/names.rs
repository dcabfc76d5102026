//! The name of one enterprise never goes with the credit code of another: the form takes the record's, what does not fit
//! is named as missing, and a registration with another name is looked at by a person.

use api::demonstration::sources::FIRMS;
use serde_json::{Value, json};

use crate::support::{Answer, Firm, Server, sample_sources};

/// Puts the first two demonstration firms into the records, the second elsewhere.
async fn recorded(firm: &Firm) {
    for (firm_of, region) in FIRMS.iter().zip(["330106", "330102"]) {
        let body = json!({
            "credit_code": firm_of.credit_code, "full_name": firm_of.name, "region": region,
            "industry": firm_of.industry,
        });
        firm.staff("clerk").post("/v1/enterprises", &body, 201).await;
    }
}

fn of(answer: &Answer) -> [Value; 4] {
    ["/form/subject/full_name", "/form/subject/credit_code", "/form/region", "/form/industry"]
        .map(|pointer| answer.body.pointer(pointer).cloned().unwrap_or_default())
}

#[actix_web::test]
async fn correcting_the_code_takes_the_other_record_with_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "corrected").await;
    recorded(&firm).await;
    let applicant = firm.applicant(&server, "13900000152").await;
    let product = firm.product(&server, "loan_enterprise").await;
    let made = applicant.post("/v1/my/applications", &json!({ "product_id": product }), 201).await;
    let mine = format!("/v1/my/applications/{}", made.text("/id"));
    let mut version = made.version.expect("a version");
    let mut patch = async |change: Value| {
        let saved = applicant.patch(&mine, version, &change, 200).await;
        version = saved.version.expect("a version");
        saved
    };
    let [first, second] = [&FIRMS[0], &FIRMS[1]];
    let typed = patch(json!({ "subject": { "credit_code": first.credit_code } })).await;
    assert_eq!(of(&typed), [json!(first.name), json!(first.credit_code), json!("330106"), json!(first.industry)]);
    let corrected = patch(json!({ "subject": { "credit_code": second.credit_code } })).await;
    assert_eq!(
        of(&corrected),
        [json!(second.name), json!(second.credit_code), json!("330102"), json!(second.industry)]
    );
    // What the applicant typed over the record is theirs and stays.
    patch(json!({ "region": "330108" })).await;
    let by_name = patch(json!({ "subject": { "full_name": first.name } })).await;
    assert_eq!(of(&by_name), [json!(first.name), json!(first.credit_code), json!("330108"), json!(first.industry)]);
    // A code that nobody has a record of takes nothing over from the one before.
    let unknown = patch(json!({ "subject": { "credit_code": "91340600MA2PBMA74B" } })).await;
    assert_eq!(of(&unknown), [Value::Null, json!("91340600MA2PBMA74B"), json!("330108"), Value::Null]);
    server.stop().await;
}

#[actix_web::test]
async fn a_name_beside_the_code_of_another_is_named_as_missing() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "beside").await;
    recorded(&firm).await;
    sample_sources(&server, &firm);
    let applicant = firm.applicant(&server, "13900000153").await;
    let (id, version) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let change = json!({ "subject": { "credit_code": FIRMS[1].credit_code, "full_name": FIRMS[0].name } });
    let saved = applicant.patch(&mine, version, &change, 200).await;
    let named = saved.body["missing"].as_array().expect("what is missing");
    let named = named.iter().find(|gap| gap["place"] == "/subject/full_name").expect("the name");
    assert_eq!(named["code"], "name_of_another_enterprise");
    assert_eq!(named["message"], "企业全称与统一社会信用代码不一致，请对照营业执照核对");
    firm.upload_all(&applicant, &id).await;
    firm.consent(&applicant, &id).await;
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    let refused = applicant.act(&format!("{mine}/submit"), version, &json!({}), 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/subject/full_name");
    // Brackets of the other width are no other name.
    let narrow = FIRMS[1].name.replace('（', "(").replace('）', ")");
    let saved = applicant.patch(&mine, version, &json!({ "subject": { "full_name": narrow } }), 200).await;
    assert_eq!(saved.body["missing"], json!([]), "{:#}", saved.body["missing"]);
    server.stop().await;
}

#[actix_web::test]
async fn a_registration_with_another_name_is_looked_at_by_a_person() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "registers").await;
    sample_sources(&server, &firm);
    let place = server.app.config.sources_dir.join("registers").join(FIRMS[0].credit_code).join("registration.json");
    let text = std::fs::read_to_string(&place).expect("the registration");
    std::fs::write(&place, text.replace(FIRMS[0].name, FIRMS[1].name)).expect("another name");
    let applicant = firm.applicant(&server, "13900000154").await;
    let id = firm.submitted_with(&server, &applicant, 0).await;
    let all = firm.staff("clerk").get(&format!("/v1/applications/{id}/assessments"), 200).await;
    assert_eq!(all.text("/items/0/outcome"), "review");
    let gaps = all.body["items"][0]["gaps"].as_array().expect("gaps");
    assert!(gaps.iter().any(|gap| gap["kind"] == "differs" && gap["blocking"] == true), "{gaps:#?}");
    let again = format!("/v1/applications/{id}/assessments/{}/repeat", all.text("/items/0/id"));
    let again = firm.staff("investigator").post(&again, &json!({}), 200).await;
    assert_eq!((&again.body["same"], &again.body["inputs_unchanged"]), (&json!(true), &json!(true)));
    server.stop().await;
}
