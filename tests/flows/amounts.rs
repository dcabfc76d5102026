//! Amounts in sentences are yuan that a person reads, never counts of fen.

use serde_json::json;

use crate::support::{Firm, Server};

#[actix_web::test]
async fn bounds_are_named_in_yuan() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "yuan").await;
    let applicant = firm.applicant(&server, "13900000167").await;
    let (id, version) = firm.draft(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    for (change, message) in [
        (json!({ "amount_fen": 10_000_000_000_001i64 }), "请填写0.01元至1000亿元之间的金额"),
        (json!({ "amount_fen": 0 }), "请填写0.01元至1000亿元之间的金额"),
        (json!({ "amount_fen": "many" }), "请填写大于0的金额（单位：分，整数）"),
        (json!({ "extra": { "yearly_revenue_fen": -1 } }), "不能小于0元"),
    ] {
        let refused = applicant.patch(&mine, version, &change, 422).await;
        assert_eq!(refused.text("/errors/0/message"), message, "{change}");
    }
    let saved = applicant.patch(&mine, version, &json!({ "amount_fen": 100 }), 200).await;
    let missing = saved.body["missing"].as_array().expect("what is missing");
    let amount = missing.iter().find(|gap| gap["place"] == "/amount_fen").expect("the amount");
    assert_eq!(amount["message"], "该产品可申请10万元至1000万元");
    let admin = firm.staff("administrator");
    let someone = format!("/v1/staff/{}", firm.staff_id("executive"));
    let version = admin.get(&someone, 200).await.version.expect("a version");
    let refused = admin.patch(&someone, version, &json!({ "authority_limit_fen": -1 }), 422).await;
    assert_eq!(refused.text("/errors/0/message"), "应在0至1000亿元之间");
    server.stop().await;
}
