//! Sharing agreements: shares that add up, one who enters and another who approves, and the most exact one holds.

use chrono::{Days, NaiveDate};
use domain::time::TenantZone;
use serde_json::{Value, json};

use crate::support::{Answer, Firm, Server, db_add_customer};

const AGREEMENTS: &str = "/v1/sharing-agreements";

fn shares(bank: i64, firm: i64, reguarantor: i64, government: i64) -> Value {
    json!({ "bank_bp": bank, "firm_bp": firm, "reguarantor_bp": reguarantor, "government_bp": government })
}

fn agreement(changes: &Value) -> Value {
    let mut body = json!({
        "name": "示例协议", "shares": shares(2000, 8000, 0, 0), "valid_from": "2026-01-01", "document": "银担协字〔2026〕1号",
    });
    for (name, value) in changes.as_object().expect("changes") {
        body[name] = value.clone();
    }
    body
}

/// Enters an agreement and approves it; gives its id.
async fn enter(firm: &Firm, changes: Value) -> String {
    let id = firm.staff("finance").post(AGREEMENTS, &agreement(&changes), 201).await.text("/id");
    firm.staff("executive").act(&format!("{AGREEMENTS}/{id}/approve"), 1, &json!({}), 200).await;
    id
}

fn problem(refused: &Answer) -> (String, String) {
    assert_eq!(refused.body["errors"].as_array().map(Vec::len), Some(1), "{:#}", refused.body);
    (refused.text("/errors/0/pointer"), refused.text("/errors/0/message"))
}

#[actix_web::test]
async fn shares_that_do_not_add_up_are_refused_with_what_is_missing() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create(&server, "shares").await, Firm::create(&server, "elsewhere").await);
    let finance = firm.staff("finance");
    let foreign_bank = db_add_customer(&server, &other, "bank", "他行").await;
    let foreign_product = other.product(&server, "loan_farmer").await;
    let rows = [
        (json!({ "shares": shares(2000, 7500, 0, 0) }), "/shares", "还差500（即5.00%）"),
        (json!({ "shares": shares(2000, 8001, 0, 0) }), "/shares", "多出1（即0.01%）"),
        (json!({ "shares": shares(-1, 10_000, 0, 1) }), "/shares/bank_bp", "0至10000"),
        (json!({ "shares": shares(2000, 4000, 3000, 1000) }), "/reguarantor", "再担保机构"),
        (json!({ "valid_to": "2026-01-01" }), "/valid_to", "晚于生效日"),
        (json!({ "valid_from": "1926-01-01" }), "/valid_from", "2000至2100"),
        (json!({ "document": "" }), "/document", "请填写"),
        (json!({ "name": "" }), "/name", "请填写"),
        (json!({ "bank_id": foreign_bank }), "/bank_id", "没有这家银行"),
        (json!({ "product_id": foreign_product }), "/product_id", "没有这个产品"),
        (json!({ "product_id": "loan_farmer" }), "/product_id", "prd_"),
    ];
    for (changes, pointer, says) in rows {
        let refused = finance.post(AGREEMENTS, &agreement(&changes), 422).await;
        let (at, message) = problem(&refused);
        assert!(at == pointer && message.contains(says), "{changes}: {at} {message}");
    }
    assert_eq!(finance.get(AGREEMENTS, 200).await.body["items"], json!([]));
    let own = firm.product(&server, "loan_farmer").await;
    let asked = format!("{AGREEMENTS}/in-force?product_id={own}&bank_id={foreign_bank}");
    assert_eq!(finance.get(&asked, 400).await.text("/errors/0/pointer"), "?bank_id");
    server.stop().await;
}

#[actix_web::test]
async fn one_enters_another_approves_and_whoever_entered_takes_back() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "agreed").await;
    let (finance, executive) = (firm.staff("finance"), firm.staff("executive"));
    let bank = db_add_customer(&server, &firm, "bank", "示例银行").await;
    let changes = json!({
        "bank_id": bank, "shares": shares(2000, 4000, 3000, 1000), "reguarantor": "示例再担保", "valid_to": "2100-01-01",
    });
    let made = finance.post(AGREEMENTS, &agreement(&changes), 201).await;
    let path = format!("{AGREEMENTS}/{}", made.text("/id"));
    assert_eq!(made.body["bank"], json!({ "id": bank, "name": "示例银行" }));
    assert_eq!((made.text("/state"), &made.body["product"]), ("proposed".into(), &Value::Null));
    assert_eq!(made.body["allowed_actions"], json!(["withdraw"]));
    let ask = async || {
        let request = executive.request(reqwest::Method::POST, &format!("{path}/approve"));
        let key = uuid::Uuid::now_v7().to_string();
        let request = request.header("Idempotency-Key", key).header("If-Match", "\"1\"").json(&json!({}));
        request.send().await.expect("an answer").status().as_u16()
    };
    let (one, other) = tokio::join!(ask(), ask());
    assert_eq!(one.min(other), 200);
    assert_eq!(one.max(other), 409);
    let seen = executive.get(&path, 200).await;
    assert_eq!((seen.text("/state"), seen.version), ("approved".into(), Some(2)));
    assert_eq!(
        (seen.text("/proposed_by/id"), seen.text("/decided_by/id")),
        (firm.staff_id("finance"), firm.staff_id("executive"))
    );
    assert_eq!(seen.body["allowed_actions"], json!(["end"]));
    assert_eq!(executive.act(&format!("{path}/reject"), 2, &json!({}), 409).await.code(), "already_decided");

    let second = finance.post(AGREEMENTS, &agreement(&json!({})), 201).await.text("/id");
    let back = finance.act(&format!("{AGREEMENTS}/{second}/withdraw"), 1, &json!({}), 200).await;
    assert_eq!(back.text("/state"), "rejected");
    let third = finance.post(AGREEMENTS, &agreement(&json!({})), 201).await.text("/id");
    executive.act(&format!("{AGREEMENTS}/{third}/reject"), 1, &json!({}), 200).await;
    for (query, count) in [("", 3), ("?state=rejected", 2), ("?day=2025-12-31", 0), ("?day=2100-01-01", 2)] {
        let found = finance.get(&format!("{AGREEMENTS}{query}"), 200).await;
        assert_eq!(found.body["items"].as_array().map(Vec::len), Some(count), "{query}");
    }
    let found = finance.get(&format!("{AGREEMENTS}?bank_id={bank}&limit=1"), 200).await;
    assert_eq!((found.body["items"].as_array().map(Vec::len), &found.body["next"]), (Some(1), &Value::Null));
    let audit = firm.staff("auditor").get("/v1/audit-entries?action=agreement.approve", 200).await;
    assert!(audit.body.to_string().contains("backdated_days"), "{:#}", audit.body);
    server.stop().await;
}

#[actix_web::test]
async fn the_most_exact_agreement_holds_and_of_equals_the_one_that_began_last() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "exact").await;
    let reader = firm.staff("clerk");
    let bank = db_add_customer(&server, &firm, "bank", "示例银行").await;
    let second = db_add_customer(&server, &firm, "bank", "示例第二银行").await;
    let (farmer, enterprise) =
        (firm.product(&server, "loan_farmer").await, firm.product(&server, "loan_enterprise").await);
    let holds = async |bank: Option<&str>, product: &str, day: &str| {
        let bank = bank.map(|bank| format!("&bank_id={bank}")).unwrap_or_default();
        let seen = reader.get(&format!("{AGREEMENTS}/in-force?product_id={product}&day={day}{bank}"), 200).await;
        (seen.body["agreement_id"].as_str().unwrap_or("none").to_owned(), seen.body["shares"]["firm_bp"].as_i64())
    };
    let day = "2026-06-01";
    assert_eq!(holds(Some(&bank), &farmer, day).await, ("none".into(), Some(10_000)));
    // entered in the order in which each is more exact than those before
    let neither = enter(&firm, json!({ "shares": shares(0, 9000, 0, 1000) })).await;
    let of_product = enter(&firm, json!({ "product_id": farmer, "shares": shares(1000, 9000, 0, 0) })).await;
    let of_bank = enter(&firm, json!({ "bank_id": bank, "shares": shares(3000, 7000, 0, 0) })).await;
    let of_both =
        enter(&firm, json!({ "bank_id": bank, "product_id": farmer, "shares": shares(4000, 6000, 0, 0) })).await;
    firm.staff("finance").post(AGREEMENTS, &agreement(&json!({ "bank_id": bank, "product_id": farmer })), 201).await;
    for (bank, product, expected) in [
        (Some(bank.as_str()), &farmer, (&of_both, 6000)),
        (Some(bank.as_str()), &enterprise, (&of_bank, 7000)),
        (Some(second.as_str()), &farmer, (&of_product, 9000)),
        (None, &farmer, (&of_product, 9000)),
        (Some(second.as_str()), &enterprise, (&neither, 9000)),
        (None, &enterprise, (&neither, 9000)),
    ] {
        assert_eq!(holds(bank, product, day).await, (expected.0.clone(), Some(expected.1)), "{bank:?} {product}");
    }
    assert_eq!(holds(Some(&bank), &farmer, "2025-12-31").await.0, "none", "before any begins");
    let later = json!({ "bank_id": bank, "valid_from": "2026-03-01", "valid_to": "2026-09-01", "shares": shares(5000, 5000, 0, 0) });
    let later = enter(&firm, later).await;
    let mended = json!({ "bank_id": bank, "valid_from": "2026-03-01", "valid_to": "2026-08-01", "shares": shares(6000, 4000, 0, 0) });
    let mended = enter(&firm, mended).await;
    for (day, expected) in [
        ("2026-02-28", &of_bank),
        ("2026-03-01", &mended),
        ("2026-07-31", &mended),
        ("2026-08-01", &later),
        ("2026-08-31", &later),
        ("2026-09-01", &of_bank),
    ] {
        assert_eq!(&holds(Some(&bank), &enterprise, day).await.0, expected, "{day}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn an_agreement_ends_earlier_and_never_in_the_past() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "ends").await;
    let (finance, executive) = (firm.staff("finance"), firm.staff("executive"));
    let today = TenantZone::default().date_of(server.app.clock.now());
    let after = |days: u64| today.checked_add_days(Days::new(days)).expect("a day");
    let last = |day: NaiveDate| json!({ "last_day": day });
    let id = enter(&firm, json!({ "valid_from": "2020-01-01", "valid_to": after(30) })).await;
    let path = format!("{AGREEMENTS}/{id}/end");
    let yesterday = today.pred_opt().expect("a day");
    for (day, says) in [(yesterday, "不能早于今天"), (after(29), "只能提前终止"), (after(60), "只能提前终止")]
    {
        let (at, message) = problem(&executive.act(&path, 2, &last(day), 422).await);
        assert!(at == "/last_day" && message.contains(says), "{day}: {at} {message}");
    }
    finance.act(&path, 2, &last(after(1)), 403).await;
    assert_eq!(executive.act(&path, 1, &last(after(1)), 409).await.code(), "stale");
    let ended = executive.act(&path, 2, &last(after(1)), 200).await;
    assert_eq!((ended.text("/valid_to"), ended.version), (after(2).to_string(), Some(3)));
    assert_eq!(ended.text("/decided_by/id"), firm.staff_id("executive"), "who approved it is kept");
    server.app.clock.advance(chrono::Duration::days(2));
    // Tokens do not live for two days.
    let executive = server.with_token(&firm.log_in(&server, "executive", 200).await.text("/access_token"));
    assert_eq!(executive.act(&path, 3, &last(after(5)), 409).await.code(), "already_ended");
    let finance = server.with_token(&firm.log_in(&server, "finance", 200).await.text("/access_token"));
    let proposed = finance.post(AGREEMENTS, &agreement(&json!({})), 201).await.text("/id");
    let refused = executive.act(&format!("{AGREEMENTS}/{proposed}/end"), 1, &last(after(5)), 409).await;
    assert_eq!(refused.code(), "illegal_transition");
    let ahead = json!({ "valid_from": after(20) });
    let ahead = finance.post(AGREEMENTS, &agreement(&ahead), 201).await.text("/id");
    executive.act(&format!("{AGREEMENTS}/{ahead}/approve"), 1, &json!({}), 200).await;
    let (_, message) = problem(&executive.act(&format!("{AGREEMENTS}/{ahead}/end"), 2, &last(after(19)), 422).await);
    assert!(message.contains(&after(20).to_string()), "{message}");
    server.stop().await;
}
