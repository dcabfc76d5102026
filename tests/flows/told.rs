//! What an applicant is told of a decision is what was decided.

use serde_json::{Value, json};

use crate::support::{Caller, Firm, Server};

/// The inbox message of an event, the newest first.
async fn told(applicant: &Caller, title: &str) -> String {
    let inbox = applicant.get("/v1/my/inbox", 200).await;
    let items = inbox.body["items"].as_array().expect("messages");
    let found = items.iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("{title} in {items:#?}"));
    found["text"].as_str().unwrap_or_default().to_owned()
}

async fn approved(firm: &Firm, id: &str, amount_fen: i64, conditions: Value) {
    let advice = json!({ "advice": "grant", "opinion": "经营正常", "amount_fen": amount_fen, "term_months": 24 });
    firm.staff("investigator").step(id, "recommend", &advice, 200).await;
    firm.staff("reviewer").step(id, "review", &json!({ "opinion": "同意" }), 200).await;
    let terms = json!({ "amount_fen": amount_fen, "term_months": 24, "conditions": conditions });
    firm.staff("executive").step(id, "approve", &terms, 200).await;
}

#[actix_web::test]
async fn an_approval_names_the_exact_amount_the_term_and_the_conditions() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "exactly").await;
    let applicant = firm.applicant(&server, "13900000155").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    approved(&firm, &id, 55_555_555, json!(["追加实际控制人连带责任保证"])).await;
    let text = told(&applicant, "申请已通过审批").await;
    for line in ["批准金额：555,555.55元", "期限：24个月", "附带条件1项，请在申请详情中查看。"]
    {
        assert!(text.lines().any(|one| one == line), "{line} in {text}");
    }
    let id = firm.submitted(&server, &applicant, 0).await;
    approved(&firm, &id, 50_000_000, json!([])).await;
    let text = told(&applicant, "申请已通过审批").await;
    assert!(text.contains("批准金额：50万元\n期限：24个月\n签订合同"), "{text}");
    server.stop().await;
}
