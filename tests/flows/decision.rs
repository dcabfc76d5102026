//! From the officer's desk to the decision, and what the applicant sees of it.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server};

async fn act(who: &Caller, id: &str, action: &str, body: &Value, expected: u16) -> Answer {
    let case = format!("/v1/applications/{id}");
    let seen = who.get(&case, 200).await;
    who.act(&format!("{case}/{action}"), seen.version.expect("a version"), body, expected).await
}

#[actix_web::test]
async fn returned_mended_reviewed_approved_with_nothing_lost() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "story").await;
    let applicant = firm.applicant(&server, "13900000061").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let (officer, reviewer, executive) = (firm.staff("investigator"), firm.staff("reviewer"), firm.staff("executive"));
    let items = json!({ "items": [{ "item": "/contact/phone", "reason": "电话无法接通" }] });
    act(&officer, &id, "return", &items, 200).await;
    let asked = applicant.get(&format!("{mine}/return-items"), 200).await;
    assert_eq!(asked.text("/items/0/reason"), "电话无法接通");
    let seen = applicant.get(&mine, 200).await;
    assert_eq!(seen.text("/state"), "returned");
    assert_eq!(seen.body["form"]["term_months"], 12);
    let mended = applicant
        .patch(&mine, seen.version.expect("a version"), &json!({ "contact": { "phone": "13900000009" } }), 200)
        .await;
    applicant.act(&format!("{mine}/submit"), mended.version.expect("a version"), &json!({}), 200).await;
    server.work().await;
    let changes = officer.get(&format!("/v1/applications/{id}/changes"), 200).await;
    assert!(changes.body.to_string().contains("/contact/phone"), "{:#}", changes.body);
    assert!(!changes.body.to_string().contains("13900000009"), "the phone is masked");
    let advice = json!({ "advice": "grant", "opinion": "经营正常", "amount_fen": 80_000_000, "term_months": 12 });
    act(&officer, &id, "recommend", &advice, 200).await;
    // Only a reviewer reviews, and nobody approves before.
    act(&executive, &id, "approve", &json!({ "amount_fen": 80_000_000, "term_months": 12, "conditions": [] }), 409)
        .await;
    act(&reviewer, &id, "review", &json!({ "opinion": "同意" }), 200).await;
    let too_much = json!({ "amount_fen": 900_000_000_000i64, "term_months": 12, "conditions": [] });
    act(&executive, &id, "approve", &too_much, 422).await;
    let terms = json!({ "amount_fen": 80_000_000, "term_months": 12, "conditions": ["实际控制人保证"] });
    let (admin, approver) = (firm.staff("administrator"), format!("/v1/staff/{}", firm.staff_id("executive")));
    for (limit, status) in [(79_999_999, 403), (80_000_000, 200)] {
        let seen = admin.get(&approver, 200).await;
        let change = json!({ "authority_limit_fen": limit });
        admin.patch(&approver, seen.version.expect("a version"), &change, 200).await;
        act(&executive, &id, "approve", &terms, status).await;
    }
    server.work().await;
    let seen = applicant.get(&mine, 200).await;
    assert_eq!(seen.text("/state"), "approved");
    assert_eq!(seen.body["approved"]["amount_fen"], 80_000_000);
    assert_eq!(seen.body["form"]["amount_fen"], 100_000_000, "what was asked for is kept apart");
    let events = applicant.get(&format!("{mine}/timeline"), 200).await;
    assert!(events.body["items"].as_array().expect("events").len() >= 5);
    let told: Vec<_> = server.sms.sent().into_iter().filter(|(to, _)| to == "13900000061").collect();
    assert!(told.len() >= 4, "code, submitted, returned, approved: {}", told.len());
    server.stop().await;
}

#[actix_web::test]
async fn of_two_simultaneous_approvals_one_wins() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "twice").await;
    let applicant = firm.applicant(&server, "13900000062").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let advice = json!({ "advice": "grant", "opinion": "经营正常", "amount_fen": 80_000_000, "term_months": 12 });
    act(&firm.staff("investigator"), &id, "recommend", &advice, 200).await;
    act(&firm.staff("reviewer"), &id, "review", &json!({ "opinion": "同意" }), 200).await;
    let executive = firm.staff("executive");
    let version = executive.get(&format!("/v1/applications/{id}"), 200).await.version.expect("a version");
    let terms = json!({ "amount_fen": 80_000_000, "term_months": 12, "conditions": [] });
    let calls = (0..8).map(|n| {
        let request = executive
            .request(reqwest::Method::POST, &format!("/v1/applications/{id}/approve"))
            .header("Idempotency-Key", format!("approval-{n}"))
            .header("If-Match", format!("\"{version}\""));
        let request = request.json(&terms);
        async move { request.send().await.expect("an answer").status().as_u16() }
    });
    let mut statuses = futures_util::future::join_all(calls).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    server.stop().await;
}

#[actix_web::test]
async fn an_automatic_refusal_can_be_brought_before_a_person() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "contest").await;
    let applicant = firm.applicant(&server, "13900000063").await;
    let id = firm.submitted(&server, &applicant, 2).await;
    let mine = format!("/v1/my/applications/{id}");
    let refused = applicant.get(&mine, 200).await;
    assert_eq!(refused.text("/state"), "refused");
    let ask = json!({ "reason": "请人工核实" });
    applicant.act(&format!("{mine}/human-review"), refused.version.expect("a version"), &ask, 200).await;
    server.work().await;
    assert_eq!(applicant.get(&mine, 200).await.text("/state"), "investigating");
    server.stop().await;
}

#[actix_web::test]
async fn personal_data_is_masked_until_somebody_says_why() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "masks").await;
    let applicant = firm.applicant(&server, "13900000064").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let case = format!("/v1/applications/{id}");
    let officer = firm.staff("investigator");
    for path in [case.clone(), format!("{case}/timeline"), "/v1/applications".to_owned(), format!("{case}/changes")] {
        let shown = officer.get(&path, 200).await.body.to_string();
        assert!(!shown.contains("13900000002") && !shown.contains("张示例"), "{path}: {shown}");
    }
    let revealed = officer.post(&format!("{case}/reveal"), &json!({ "reason": "电话核实" }), 200).await;
    assert!(revealed.body.to_string().contains("13900000002"));
    firm.staff("executive").post(&format!("{case}/reveal"), &json!({ "reason": "看看" }), 403).await;
    let log = firm.staff("auditor").get("/v1/audit-entries", 200).await.body.to_string();
    assert!(log.contains("reveal"), "{log}");
    server.stop().await;
}

#[actix_web::test]
async fn what_is_granted_lies_within_the_products_terms() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "within").await;
    let applicant = firm.applicant(&server, "13900000166").await;
    // The product takes 100,000 yuan to 10 million over 3 to 36 months; 1 million is asked for.
    let id = firm.submitted(&server, &applicant, 0).await;
    let officer = firm.staff("investigator");
    let terms = |amount_fen: i64, term_months: u16| json!({ "amount_fen": amount_fen, "term_months": term_months });
    let wrong = [
        (terms(9_999_999, 12), "/amount_fen", "amount_below_product", "不能低于产品最低金额10万元"),
        (terms(50_000_000, 2), "/term_months", "term_above_product", "期限应为3至36个月"),
        (terms(50_000_000, 37), "/term_months", "term_above_product", "期限应为3至36个月"),
    ];
    let advised = |terms: &Value| {
        let mut advice = json!({ "advice": "grant", "opinion": "经营正常" });
        advice.as_object_mut().expect("an object").extend(terms.as_object().expect("an object").clone());
        advice
    };
    for (terms, pointer, code, message) in &wrong {
        let refused = act(&officer, &id, "recommend", &advised(terms), 422).await;
        assert_eq!(
            (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
            ((*pointer).into(), (*code).into())
        );
        assert_eq!(refused.text("/errors/0/message"), *message);
    }
    act(&officer, &id, "recommend", &advised(&terms(10_000_000, 36)), 200).await;
    act(&firm.staff("reviewer"), &id, "review", &json!({ "opinion": "同意" }), 200).await;
    for (terms, pointer, ..) in &wrong {
        let refused = act(&firm.staff("executive"), &id, "approve", terms, 422).await;
        assert_eq!(refused.text("/errors/0/pointer"), *pointer);
    }
    act(&firm.staff("executive"), &id, "approve", &terms(10_000_000, 3), 200).await;
    server.stop().await;
}
