//! What staff see of limits: lists, one limit with its tree, the ledger, what ends soon, utilisation; and that nobody sees
//! more than their scope.

use chrono::{Days, Duration};
use serde_json::{Value, json};

use crate::support::{APPROVED, Caller, Hire, LimitFirm, Server, today};

/// Texts of the rows of an answer.
fn texts(body: &Value, name: &str) -> Vec<String> {
    let items = body["items"].as_array().unwrap_or_else(|| panic!("no rows: {body:#}"));
    items.iter().map(|item| item[name].as_str().unwrap_or_else(|| panic!("no {name}: {item:#}")).to_owned()).collect()
}

async fn ids(who: &Caller, path: &str) -> Vec<String> {
    texts(&who.get(path, 200).await.body, "id")
}

#[actix_web::test]
async fn a_limit_is_shown_with_its_tree_its_uses_and_what_can_be_done() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "tree").await;
    let (root, finance) = (books.first.limit.clone(), books.staff("finance"));
    let part = books.split(&root, 200_000_000, &json!({ "bank": books.bank, "label": "示例专用" })).await;
    let small = books.split(&part, 50_000_000, &json!({})).await;
    let reservation = books.reserve(&small, 10_000_000).await;
    let drawdown = books.draw(&reservation, 4_000_000).await.text("/drawdown/id");
    let aside = books.reserve(&root, 30_000_000).await;

    let seen = finance.get(&format!("/v1/limits/{root}"), 200).await;
    assert_eq!(seen.version, seen.body["version"].as_i64(), "the ETag is the version");
    let parts = |body: &Value, name: &str| texts(&json!({ "items": body[name] }), "id");
    assert_eq!((parts(&seen.body, "above"), parts(&seen.body, "parts")), (vec![], vec![part.clone(), small.clone()]));
    // 6,000,000 set aside and 4,000,000 drawn in the part's part, 30,000,000 set aside here: 40 of 700
    assert_eq!((seen.body["used_fen"].as_i64(), seen.body["utilisation_bp"].as_i64()), (Some(40_000_000), Some(571)));
    assert_eq!(parts(&seen.body, "reservations"), [aside]);
    assert_eq!((seen.body["drawdowns"].clone(), seen.body["parts_complete"].clone()), (json!([]), json!(true)));
    assert_eq!(seen.body["customer_name"], "示例一号智能设备有限公司（示例）");
    assert_eq!(
        (seen.text("/bank_name"), seen.text("/product_name")),
        ("示例农村商业银行".into(), "小微企业贷款担保".into())
    );
    assert_eq!((seen.text("/parts/0/label"), seen.body["parts"][1]["depth"].clone()), ("示例专用".into(), json!(2)));

    let deep = finance.get(&format!("/v1/limits/{small}"), 200).await;
    assert_eq!((parts(&deep.body, "above"), parts(&deep.body, "parts")), (vec![root.clone(), part.clone()], vec![]));
    assert_eq!((deep.body["used_fen"].as_i64(), deep.body["utilisation_bp"].as_i64()), (Some(10_000_000), Some(2_000)));
    assert_eq!(deep.body["reservations"][0]["rest_fen"], 6_000_000);
    assert_eq!(
        (parts(&deep.body, "drawdowns"), deep.body["conditions"].clone()),
        (vec![drawdown], json!(["单笔不超过七百万元"]))
    );

    for (role, expected) in [
        ("clerk", json!([])),
        ("executive", json!(["enlarge", "reduce", "correct"])),
        ("finance", json!(["reserve", "draw", "release"])),
        ("post_guarantee", json!(["split", "freeze", "reserve", "draw", "release"])),
    ] {
        let seen = books.staff(role).get(&format!("/v1/limits/{root}"), 200).await;
        assert_eq!(seen.body["allowed_actions"], expected, "{role}");
    }
    books.applicant.get(&format!("/v1/limits/{root}"), 403).await;
    server.stop().await;
}

#[actix_web::test]
async fn limits_are_found_by_whose_they_are_and_how_they_stand() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "lists").await;
    let (root, reader, manager) = (books.first.limit.clone(), books.staff("clerk"), books.staff("post_guarantee"));
    let soon = today(&server) + Days::new(10);
    let part = books.split(&root, 200_000_000, &json!({ "valid_to": soon })).await;
    let other = books.farmer(&server, 1, 20_000_000).await;
    let all = [other.limit.clone(), part.clone(), root.clone()];
    assert_eq!(ids(&reader, "/v1/limits").await, all);
    let first = reader.get("/v1/limits?limit=2", 200).await;
    let rest = format!("/v1/limits?limit=2&cursor={}", first.text("/next"));
    assert_eq!((texts(&first.body, "id"), ids(&reader, &rest).await), (all[..2].to_vec(), all[2..].to_vec()));
    assert_eq!(ids(&reader, "/v1/limits?root_only=true").await, [other.limit.clone(), root.clone()]);
    assert_eq!(
        ids(&reader, &format!("/v1/limits?customer={}", other.customer)).await,
        std::slice::from_ref(&other.limit)
    );
    assert_eq!(ids(&reader, &format!("/v1/limits?bank={}", books.bank)).await, [part.clone(), root.clone()]);
    let farmers = books.firm.product(&server, "loan_farmer").await;
    assert_eq!(ids(&reader, &format!("/v1/limits?product={farmers}")).await, std::slice::from_ref(&other.limit));
    let number = reader.get(&format!("/v1/limits/{part}"), 200).await.text("/number");
    assert_eq!(ids(&reader, &format!("/v1/limits?text={}", number.to_lowercase())).await, std::slice::from_ref(&part));
    assert_eq!(ids(&reader, "/v1/limits?text=%25").await, [] as [String; 0]);
    let ends = |day: chrono::NaiveDate| format!("/v1/limits?expiring_before={day}");
    assert_eq!(ids(&reader, &ends(soon)).await, [] as [String; 0]);
    assert_eq!(ids(&reader, &ends(soon + Days::new(1))).await, std::slice::from_ref(&part));

    let path = format!("/v1/limits/{}", other.limit);
    let version = manager.get(&path, 200).await.version.expect("a version");
    manager.act(&format!("{path}/freeze"), version, &json!({ "reason": "出现逾期" }), 200).await;
    assert_eq!(ids(&reader, "/v1/limits?state=frozen").await, std::slice::from_ref(&other.limit));
    assert_eq!(ids(&reader, "/v1/limits?state=active").await, [part.clone(), root.clone()]);
    assert_eq!(ids(&reader, "/v1/limits?state=expired").await, [] as [String; 0]);
    for bad in
        ["customer=x", "product=cus_01jd8m1f5ne6xa9q2t4k7v3b8c", "state=open", "expiring_before=x", "root_only=2"]
    {
        reader.get(&format!("/v1/limits?{bad}"), 400).await;
    }
    // Past its last day a limit is expired, whatever the books still say.
    let mut books = books;
    books.later(&server, Duration::days(10)).await;
    let reader = books.staff("clerk");
    assert_eq!(ids(&reader, "/v1/limits?state=expired").await, [part]);
    assert_eq!(ids(&reader, "/v1/limits?state=active").await, [root]);
    server.stop().await;
}

#[actix_web::test]
async fn what_was_approved_is_listed_with_what_is_left() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "approvals").await;
    let applicant = books.firm.applicant(&server, "13900000072").await;
    let application = books.enterprise(&server, &applicant, 1, 30_000_000).await;
    books.approve(&application, 30_000_000).await;
    let reader = books.staff("clerk");
    let open = reader.get("/v1/limit-approvals?open=true", 200).await;
    assert_eq!(texts(&open.body, "application"), std::slice::from_ref(&application));
    assert_eq!(open.body["items"][0]["left_fen"], 30_000_000);
    assert_eq!(open.body["items"][0]["conditions"], json!(["实际控制人保证"]));
    let granted = books.grant(&server, &application, 12_000_000, &json!({})).await;
    let seen = reader.get(&format!("/v1/limit-approvals/{}", granted.approval), 200).await;
    let amounts = ["approved_fen", "granted_fen", "left_fen", "term_months"].map(|name| seen.body[name].as_i64());
    assert_eq!(amounts, [Some(30_000_000), Some(12_000_000), Some(18_000_000), Some(12)]);
    assert_eq!(
        (seen.text("/customer"), seen.text("/approved_by")),
        (granted.customer, books.firm.staff_id("executive"))
    );
    let done = reader.get("/v1/limit-approvals?open=false", 200).await;
    assert_eq!(texts(&done.body, "id"), std::slice::from_ref(&books.first.approval));
    assert_eq!(ids(&reader, "/v1/limit-approvals").await, [granted.approval, books.first.approval.clone()]);
    server.stop().await;
}

#[actix_web::test]
async fn the_ledger_says_who_wrote_what_and_why() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "ledger").await;
    let (root, reader) = (books.first.limit.clone(), books.staff("clerk"));
    let first = books.reserve(&root, 5_000_000).await;
    let drawn = books.draw(&first, 2_000_000).await.text("/drawdown/id");
    let second = books.reserve(&root, 7_000_000).await;
    let path = format!("/v1/limits/{root}");
    let ledger = reader.get(&format!("{path}/entries"), 200).await;
    assert_eq!(texts(&ledger.body, "kind"), ["reserved", "drawn", "reserved", "granted"]);
    assert_eq!(texts(&ledger.body, "reason"), ["拟放款", "银行放款", "拟放款", "按批复授信"]);
    assert_eq!(texts(&ledger.body, "actor_name"), ["示例员工"; 4]);
    assert_eq!(ledger.text("/items/1/document"), "放款通知书-1");
    assert_eq!(ledger.body["items"][1]["adds"]["reserved_fen"], -2_000_000);
    assert_eq!(ledger.body["items"][0]["after"]["reserved_fen"], 10_000_000);
    let page = reader.get(&format!("{path}/entries?limit=3"), 200).await;
    let rest = reader.get(&format!("{path}/entries?limit=3&cursor={}", page.text("/next")), 200).await;
    assert_eq!((texts(&rest.body, "kind"), rest.body["next"].clone()), (vec!["granted".to_owned()], Value::Null));

    assert_eq!(ids(&reader, &format!("{path}/reservations")).await, [second.clone(), first.clone()]);
    assert_eq!(ids(&reader, &format!("{path}/drawdowns")).await, std::slice::from_ref(&drawn));
    let seen = reader.get(&format!("/v1/reservations/{first}"), 200).await;
    assert_eq!((seen.body["rest_fen"].clone(), seen.text("/state")), (json!(3_000_000), "open".into()));
    books.repay(&drawn, 500_000).await;
    let seen = reader.get(&format!("/v1/drawdowns/{drawn}"), 200).await;
    assert_eq!((seen.body["outstanding_fen"].clone(), seen.text("/limit")), (json!(1_500_000), root));
    server.stop().await;
}

#[actix_web::test]
async fn what_ends_soon_stands_in_the_order_of_time() {
    let server = Server::start().await;
    let mut books = LimitFirm::create(&server, "ending").await;
    let (root, day) = (books.first.limit.clone(), today(&server));
    let part = books.split(&root, 200_000_000, &json!({ "valid_to": day + Days::new(10) })).await;
    let lapses_at = server.app.clock.now() + Duration::days(5);
    let body = json!({ "amount_fen": 1_000_000, "reason": "拟放款", "lapses_at": lapses_at });
    let made = books.staff("finance").post(&format!("/v1/limits/{root}/reserve"), &body, 200).await;
    let reservation = made.text("/reservation/id");
    let reader = books.staff("clerk");
    let seen = reader.get("/v1/limits/expiring", 200).await;
    let rows: Vec<_> = seen.body["items"].as_array().expect("rows").iter().collect();
    assert_eq!(texts(&seen.body, "kind"), ["reservation", "limit"], "{:#}", seen.body);
    assert_eq!(
        (rows[0]["reservation"]["id"].clone(), rows[0]["limit"]["id"].clone()),
        (json!(reservation), json!(root))
    );
    assert_eq!((rows[1]["limit"]["id"].clone(), rows[1]["reservation"].clone()), (json!(part), Value::Null));
    assert_eq!(seen.body["complete"], true);
    for (days, expected) in [(4, 0), (5, 1), (9, 1), (10, 2), (366, 3)] {
        let seen = reader.get(&format!("/v1/limits/expiring?within_days={days}"), 200).await;
        assert_eq!(seen.body["items"].as_array().map(Vec::len), Some(expected), "{days}: {:#}", seen.body);
    }
    reader.get("/v1/limits/expiring?within_days=367", 400).await;
    books.later(&server, Duration::days(6)).await;
    let seen = books.staff("clerk").get("/v1/limits/expiring?within_days=30", 200).await;
    assert_eq!(texts(&seen.body, "kind"), ["limit"], "what has lapsed does not end any more");
    server.stop().await;
}

#[actix_web::test]
async fn utilisation_counts_everything_once() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "used").await;
    let root = books.first.limit.clone();
    let part = books.split(&root, 200_000_000, &json!({ "label": "分项" })).await;
    books.reserve(&root, 40_000_000).await;
    books.use_of(&part, 50_000_000).await;
    let other = books.farmer(&server, 1, 20_000_000).await;
    books.use_of(&other.limit, 5_000_000).await;
    let reader = books.staff("clerk");
    let names = [
        "limits",
        "granted_fen",
        "allocated_fen",
        "reserved_fen",
        "drawn_fen",
        "free_fen",
        "usable_fen",
        "utilisation_bp",
    ];
    let sums = |value: &Value| names.map(|name| value[name].as_i64().unwrap_or(-1));
    let total = [3, 720_000_000, 200_000_000, 40_000_000, 55_000_000, 625_000_000, 625_000_000, 1_319];
    let at_bank = [2, APPROVED, 200_000_000, 40_000_000, 50_000_000, 610_000_000, 610_000_000, 1_285];
    let alone = [1, 20_000_000, 0, 0, 5_000_000, 15_000_000, 15_000_000, 2_500];
    for by in ["product", "bank", "region", "industry", "customer"] {
        let seen = reader.get(&format!("/v1/limits/utilisation?by={by}"), 200).await;
        let rows: Vec<_> = seen.body["items"].as_array().expect("rows").iter().map(sums).collect();
        assert_eq!((sums(&seen.body["total"]), rows), (total, vec![at_bank, alone]), "{by}");
    }
    let by = async |by: &str| {
        let seen = reader.get(&format!("/v1/limits/utilisation?by={by}"), 200).await;
        [0, 1].map(|row| (seen.body["items"][row]["id"].clone(), seen.body["items"][row]["name"].clone()))
    };
    let [bank, none] = by("bank").await;
    assert_eq!((bank, none), ((json!(books.bank), json!("示例农村商业银行")), (Value::Null, Value::Null)));
    let [_, farmer] = by("customer").await;
    assert_eq!(farmer, (json!(other.customer), json!("**例")), "a person by the last character");
    let [_, region] = by("region").await;
    assert_eq!(region, (json!("330105"), json!("浙江省杭州市拱墅区")));
    reader.get("/v1/limits/utilisation", 400).await;
    server.stop().await;
}

#[actix_web::test]
async fn nobody_sees_limits_outside_their_scope() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "scoped").await;
    let reservation = books.reserve(&books.first.limit, 3_000_000).await;
    let drawdown = books.draw(&reservation, 2_000_000).await.text("/drawdown/id");
    let elsewhere = books.firm.department("示例分部", None, json!([])).await;
    for (name, scope) in [("apart", "department"), ("alone", "own")] {
        let hire = Hire { login_name: name, role: "finance", department: &elsewhere, scope };
        let (who, _) = books.firm.hire(&server, &hire).await;
        let limit = &books.first.limit;
        for path in [
            format!("/v1/limits/{limit}"),
            format!("/v1/limits/{limit}/entries"),
            format!("/v1/limits/{limit}/reservations"),
            format!("/v1/limits/{limit}/drawdowns"),
            format!("/v1/limit-approvals/{}", books.first.approval),
            format!("/v1/reservations/{reservation}"),
            format!("/v1/drawdowns/{drawdown}"),
            format!("/v1/balances?of=client&id={}", books.first.customer),
            format!("/v1/balances?of=group&id={}", books.first.customer),
        ] {
            assert_eq!(who.get(&path, 404).await.code(), "not_found", "{path}");
        }
        for path in ["/v1/limits", "/v1/limit-approvals", "/v1/limits/expiring", "/v1/balances/by/client"] {
            assert_eq!(who.get(path, 200).await.body["items"], json!([]), "{scope} {path}");
        }
        let used = who.get("/v1/limits/utilisation?by=product", 200).await;
        assert_eq!((used.body["items"].clone(), used.body["total"]["granted_fen"].clone()), (json!([]), json!(0)));
        // What the firm stands for in all is no secret of a department.
        let firm = who.get("/v1/balances", 200).await;
        assert_eq!(firm.body["nominal_fen"], 2_000_000);
        let room = who.get("/v1/head-room", 200).await;
        assert_eq!((room.body["clients"].clone(), room.body["groups"].clone()), (json!([]), json!([])));
        assert!(room.body["liability"]["figure_fen"].as_i64().is_some_and(|figure| figure > 0), "{:#}", room.body);
    }
    let here = books.firm.default_department().await;
    let hire = Hire { login_name: "near", role: "finance", department: &here, scope: "department" };
    let (near, _) = books.firm.hire(&server, &hire).await;
    assert_eq!(ids(&near, "/v1/limits").await, std::slice::from_ref(&books.first.limit));
    assert_eq!(ids(&near, "/v1/balances/by/client").await, std::slice::from_ref(&books.first.customer));
    let room = near.get("/v1/head-room", 200).await;
    assert_eq!(room.text("/clients/0/subject"), books.first.customer);
    server.stop().await;
}
