//! One enterprise, one product, one open application: a second is not forbidden, but said. And a submitted application
//! keeps the product that its officer and score belong to.

use serde_json::{Value, json};

use crate::support::{Firm, Server};

#[actix_web::test]
async fn a_second_open_application_of_the_same_enterprise_is_said() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "again").await;
    let applicant = firm.applicant(&server, "13900000163").await;
    let first = firm.submitted(&server, &applicant, 0).await;
    let number = applicant.get(&format!("/v1/my/applications/{first}"), 200).await.text("/number");
    let sentence = format!("该企业已有在办申请{number}，请勿重复申请");
    let (draft, _) = firm.draft(&server, &applicant, 0).await;
    assert_eq!(applicant.get(&format!("/v1/my/applications/{draft}"), 200).await.text("/also_open"), sentence);
    // An unsent draft is nobody's duplicate, and neither is another enterprise's application.
    let seen = applicant.get(&format!("/v1/my/applications/{first}"), 200).await;
    assert_eq!(seen.body["also_open"], Value::Null);
    let (other, _) = firm.draft(&server, &applicant, 1).await;
    assert_eq!(applicant.get(&format!("/v1/my/applications/{other}"), 200).await.body["also_open"], Value::Null);
    // Somebody else who types the code learns nothing; the officer sees both.
    let stranger = firm.applicant(&server, "13900000164").await;
    let second = firm.submitted(&server, &stranger, 0).await;
    let seen = stranger.get(&format!("/v1/my/applications/{second}"), 200).await;
    assert_eq!(seen.body["also_open"], Value::Null);
    let officer = firm.staff("investigator");
    assert_eq!(officer.get(&format!("/v1/applications/{second}"), 200).await.text("/also_open"), sentence);
    // Once the first is over there is none.
    let version = applicant.get(&format!("/v1/my/applications/{first}"), 200).await.version.expect("a version");
    applicant.act(&format!("/v1/my/applications/{first}/withdraw"), version, &json!({}), 200).await;
    assert_eq!(officer.get(&format!("/v1/applications/{second}"), 200).await.body["also_open"], Value::Null);
    server.stop().await;
}

#[actix_web::test]
async fn a_returned_application_keeps_its_product() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "kept").await;
    let applicant = firm.applicant(&server, "13900000165").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let items = json!({ "items": [{ "item": "/bank", "reason": "请核对" }] });
    firm.staff("investigator").step(&id, "return", &items, 200).await;
    let seen = applicant.get(&mine, 200).await;
    let (version, same) = (seen.version.expect("a version"), seen.text("/product/id"));
    let other = firm.product(&server, "equipment_finance").await;
    for product in [json!(other), Value::Null] {
        let refused = applicant.patch(&mine, version, &json!({ "product_id": product }), 422).await;
        assert_eq!(refused.text("/errors/0/code"), "product_fixed");
    }
    applicant.patch(&mine, version, &json!({ "product_id": same, "bank": "另一示例银行" }), 200).await;
    server.stop().await;
}
