//! Dated parameters: one enters, another approves, the newest holds from its day on, and nothing looser than the law is taken.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, PASSWORD, Server, db_add_customer, db_try};

const PARAMETERS: &str = "/v1/parameters";

fn net_assets(fen: i64, from: &str) -> Value {
    json!({ "value": { "kind": "net_assets", "amount_fen": fen }, "effective_from": from, "source": "2025年度审计报告" })
}

fn of(value: Value) -> Value {
    json!({ "value": value, "effective_from": "2026-01-01", "source": "示例" })
}

fn bounds() -> Value {
    json!({
        "kind": "bounds", "client_bp": 1000, "group_bp": 1500,
        "leverage": {
            "standard_bp": 100_000, "raised_bp": 150_000, "balance_share_bp": 5000, "client_share_bp": 8000,
            "class": "by_composition",
        },
    })
}

fn weights() -> Value {
    json!({
        "kind": "weights", "housing_bp": 3000, "loan_bp": 10_000, "bond_aa_bp": 8000, "bond_bp": 10_000, "other_bp": 10_000,
        "concentration_bond_aa_bp": 6000,
        "small_micro": { "client_balance_max_fen": 500_000_000i64, "weight_bp": 7500 },
        "farmer": { "client_balance_max_fen": 200_000_000i64, "weight_bp": 7500 },
    })
}

fn ceiling(dimension: &str, subject: &str, bound: Option<i64>) -> Value {
    json!({
        "kind": "ceiling", "dimension": dimension, "subject": subject, "measure": "in_force", "bound_fen": bound,
    })
}

/// Enters a parameter and approves it; gives its id.
async fn enter(firm: &Firm, body: &Value) -> String {
    let id = firm.staff("finance").post(PARAMETERS, body, 201).await.text("/id");
    firm.staff("executive").act(&format!("{PARAMETERS}/{id}/approve"), 1, &json!({}), 200).await;
    id
}

async fn in_force(caller: &Caller, day: &str) -> Answer {
    caller.get(&format!("{PARAMETERS}/in-force?day={day}"), 200).await
}

fn pointers(refused: &Answer) -> Vec<String> {
    let errors = refused.body["errors"].as_array().expect("problems");
    errors.iter().map(|error| error["pointer"].as_str().unwrap_or_default().to_owned()).collect()
}

#[actix_web::test]
async fn one_enters_another_approves_and_it_holds_from_its_day_on() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "figures").await;
    let (finance, executive, reader) = (firm.staff("finance"), firm.staff("executive"), firm.staff("clerk"));
    let before = in_force(&reader, "2026-06-30").await;
    assert_eq!(
        (before.text("/net_assets/ground"), before.text("/bounds/ground")),
        ("missing".into(), "statutory".into())
    );
    assert_eq!(before.body["bounds"]["value"], bounds());
    assert_eq!(before.body["weights"]["value"], weights());
    assert!(before.text("/weights/source").contains("银保监发〔2018〕1号"));
    assert_eq!(before.body["counted_links"]["value"]["kinds"], json!(["shareholder", "controller", "spouse"]));

    let made = finance.post(PARAMETERS, &net_assets(10_000_000_000, "2026-01-01"), 201).await;
    let (id, path) = (made.text("/id"), made.headers["location"].to_str().expect("a path").to_owned());
    assert_eq!((made.text("/state"), made.text("/key")), ("proposed".into(), "net_assets".into()));
    assert_eq!(made.text("/proposed_by/id"), firm.staff_id("finance"));
    assert_eq!(made.body["allowed_actions"], json!(["withdraw"]));
    let seen = executive.get(&path, 200).await;
    assert_eq!(seen.body["allowed_actions"], json!(["approve", "reject"]));
    assert_eq!(in_force(&reader, "2026-06-30").await.text("/net_assets/ground"), "missing", "not approved yet");
    finance.act(&format!("{path}/approve"), 1, &json!({}), 403).await;
    let approved = executive.act(&format!("{path}/approve"), 1, &json!({}), 200).await;
    assert_eq!((approved.text("/state"), approved.version), ("approved".into(), Some(2)));
    assert_eq!(approved.text("/decided_by/id"), firm.staff_id("executive"));
    assert_eq!(approved.body["allowed_actions"], json!([]));

    let holds = in_force(&reader, "2026-01-01").await;
    assert_eq!(holds.body["net_assets"]["value"]["amount_fen"], 10_000_000_000i64);
    assert_eq!((holds.text("/net_assets/parameter_id"), holds.text("/net_assets/ground")), (id, "parameter".into()));
    assert_eq!(in_force(&reader, "2025-12-31").await.text("/net_assets/ground"), "missing");

    // The later of one day mends the earlier; one of a later day holds from that day.
    enter(&firm, &net_assets(9_000_000_000, "2026-01-01")).await;
    let next_year = enter(&firm, &net_assets(-5, "2100-01-01")).await;
    assert_eq!(in_force(&reader, "2099-12-31").await.body["net_assets"]["value"]["amount_fen"], 9_000_000_000i64);
    assert_eq!(in_force(&reader, "2100-01-01").await.text("/net_assets/parameter_id"), next_year);

    let audit = firm.staff("auditor").get("/v1/audit-entries?action=parameter.approve&limit=100", 200).await;
    let late = audit.body["items"].as_array().expect("entries").clone();
    let late = late.iter().filter(|entry| entry.to_string().contains("backdated_days")).count();
    assert_eq!(late, 2, "those that began before they were approved: {:#}", audit.body);
    server.stop().await;
}

#[actix_web::test]
async fn of_two_who_decide_at_once_one_wins() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "at-once").await;
    let (finance, executive) = (firm.staff("finance"), firm.staff("executive"));
    let path =
        format!("{PARAMETERS}/{}", finance.post(PARAMETERS, &net_assets(1, "2026-01-01"), 201).await.text("/id"));
    let ask = async || {
        let request = executive.request(reqwest::Method::POST, &format!("{path}/approve"));
        let key = uuid::Uuid::now_v7().to_string();
        let request = request.header("Idempotency-Key", key).header("If-Match", "\"1\"").json(&json!({}));
        request.send().await.expect("an answer").status().as_u16()
    };
    let (one, other) = tokio::join!(ask(), ask());
    let mut both = [one, other];
    both.sort_unstable();
    assert_eq!(both, [200, 409]);
    assert_eq!(executive.act(&format!("{path}/approve"), 1, &json!({}), 409).await.code(), "stale");
    for verb in ["approve", "reject"] {
        let decided = executive.act(&format!("{path}/{verb}"), 2, &json!({}), 409).await;
        assert_eq!((decided.code(), decided.text("/current/state")), ("already_decided".into(), "approved".into()));
    }
    assert_eq!(finance.act(&format!("{path}/withdraw"), 2, &json!({}), 409).await.code(), "already_decided");
    assert_eq!(executive.post(&format!("{path}/approve"), &json!({}), 428).await.code(), "precondition_required");
    server.stop().await;
}

#[actix_web::test]
async fn whoever_entered_it_takes_it_back_and_never_approves_it_whatever_their_role_is_later() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "maker").await;
    let finance = firm.staff("finance");
    let enter = async |fen| finance.post(PARAMETERS, &net_assets(fen, "2026-01-01"), 201).await.text("/id");
    let (taken_back, own, others) = (enter(1).await, enter(2).await, enter(3).await);
    let back = finance.act(&format!("{PARAMETERS}/{taken_back}/withdraw"), 1, &json!({}), 200).await;
    assert_eq!((back.text("/state"), back.text("/decided_by/id")), ("rejected".into(), firm.staff_id("finance")));

    let change = |roles: Value| json!({ "roles": roles });
    let path = |who: &str| format!("/v1/staff/{}", firm.staff_id(who));
    let admin = firm.staff("administrator");
    let version = async |who: &str| admin.get(&path(who), 200).await.version.expect("a version");
    admin.patch(&path("finance"), version("finance").await, &change(json!(["executive"])), 200).await;
    admin.patch(&path("executive"), version("executive").await, &change(json!(["finance"])), 200).await;
    let log_in = async |name: &str| {
        let body = json!({ "login_name": name, "password": PASSWORD });
        let session = server.anyone().post("/v1/t/maker/staff-sessions", &body, 200).await;
        server.with_token(&session.text("/access_token"))
    };
    let (now_approver, now_finance) = (log_in("finance").await, log_in("executive").await);
    let refused = now_approver.act(&format!("{PARAMETERS}/{own}/approve"), 1, &json!({}), 403).await;
    assert_eq!(refused.code(), "own_proposal");
    assert_eq!(now_approver.get(&format!("{PARAMETERS}/{own}"), 200).await.body["allowed_actions"], json!(["reject"]));
    let refused = now_finance.act(&format!("{PARAMETERS}/{others}/withdraw"), 1, &json!({}), 403).await;
    assert!(refused.text("/detail").contains("只有录入人可以撤回"), "{:#}", refused.body);
    now_approver.act(&format!("{PARAMETERS}/{own}/reject"), 1, &json!({}), 200).await;

    for table in ["firm_parameters", "sharing_agreements"] {
        let sql = format!("UPDATE {table} SET state = 'approved', decided_by = proposed_by");
        if table == "sharing_agreements" {
            let shares = json!({ "bank_bp": 0, "firm_bp": 10_000, "reguarantor_bp": 0, "government_bp": 0 });
            let body = json!({ "name": "示例", "shares": shares, "valid_from": "2026-01-01", "document": "示例" });
            now_finance.post("/v1/sharing-agreements", &body, 201).await;
        }
        let error = db_try(&server, &firm, &sql).await.expect_err("the database refuses it, too");
        assert!(error.contains(&format!("{table}_maker_check")), "{error}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn what_does_not_fit_is_named_where_it_stands() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "wrong").await;
    let finance = firm.staff("finance");
    let with = |mut value: Value, pointer: &str, wrong: Value| {
        *value.pointer_mut(pointer).expect("a member") = wrong;
        of(value)
    };
    let rows = [
        (of(json!({ "kind": "net_assets" })), "/value/amount_fen"),
        (of(json!({ "kind": "net_assets", "amount_fen": "1" })), "/value/amount_fen"),
        (of(json!({ "kind": "net_assets", "amount_fen": i64::MAX })), "/value/amount_fen"),
        (of(json!({ "kind": "net_assets", "amount_fen": 1, "client_bp": 1 })), "/value/client_bp"),
        (of(json!({ "kind": "profit", "amount_fen": 1 })), "/value/kind"),
        (of(json!({ "amount_fen": 1 })), "/value/kind"),
        (of(json!(7)), "/value"),
        (
            json!({ "value": { "kind": "net_assets", "amount_fen": 1 }, "effective_from": "0206-01-01", "source": "示例" }),
            "/effective_from",
        ),
        (
            json!({ "value": { "kind": "net_assets", "amount_fen": 1 }, "effective_from": "2026-01-01", "source": " " }),
            "/source",
        ),
        (with(bounds(), "/leverage/standard_bp", json!(100_001)), "/value/leverage/standard_bp"),
        (with(bounds(), "/leverage/raised_bp", json!(150_001)), "/value/leverage/raised_bp"),
        (with(bounds(), "/leverage/raised_bp", json!(90_000)), "/value/leverage/raised_bp"),
        (with(bounds(), "/leverage/class", json!("tenfold")), "/value/leverage/class"),
        (with(bounds(), "/leverage/client_share_bp", json!(10_001)), "/value/leverage/client_share_bp"),
        (with(bounds(), "/client_bp", json!(1001)), "/value/client_bp"),
        (with(bounds(), "/group_bp", json!(1501)), "/value/group_bp"),
        (with(bounds(), "/group_bp", json!(999)), "/value/group_bp"),
        (with(weights(), "/housing_bp", json!(0)), "/value/housing_bp"),
        (with(weights(), "/farmer/weight_bp", json!(10_001)), "/value/farmer/weight_bp"),
        (with(weights(), "/farmer/client_balance_max_fen", json!(0)), "/value/farmer/client_balance_max_fen"),
        (of(json!({ "kind": "counted_links", "kinds": [] })), "/value/kinds"),
        (of(json!({ "kind": "counted_links", "kinds": ["spouse", "spouse"] })), "/value/kinds/1"),
        (of(json!({ "kind": "counted_links", "kinds": ["cousin"] })), "/value/kinds/0"),
        (of(ceiling("industry", "Z", Some(1))), "/value/subject"),
        (of(ceiling("region", "999999", Some(1))), "/value/subject"),
        (of(ceiling("product", "loan_farmer", Some(1))), "/value/subject"),
        (of(ceiling("industry", "A", Some(-1))), "/value/bound_fen"),
        (
            of(json!({ "kind": "ceiling", "dimension": "industry", "subject": "A", "measure": "in_force" })),
            "/value/bound_fen",
        ),
    ];
    for (body, pointer) in rows {
        let refused = finance.post(PARAMETERS, &body, 422).await;
        assert_eq!(
            (refused.code().as_str(), pointers(&refused)),
            ("invalid_fields", vec![pointer.to_owned()]),
            "{body}"
        );
    }
    let looser = finance.post(PARAMETERS, &with(bounds(), "/client_bp", json!(2000)), 422).await;
    assert!(looser.text("/errors/0/message").contains("不超过监管规定的10%"), "{:#}", looser.body);
    let all = finance.post(PARAMETERS, &json!({ "value": with(bounds(), "/client_bp", json!(2000))["value"], "effective_from": "2026-01-01", "source": "" }), 422).await;
    assert_eq!(pointers(&all), ["/source", "/value/client_bp", "/value/group_bp"], "all at once");
    assert_eq!(finance.get("/v1/parameters?key=profit", 400).await.code(), "invalid_parameter");
    assert_eq!(finance.get(PARAMETERS, 200).await.body["items"], json!([]), "nothing of it was kept");
    server.stop().await;
}

#[actix_web::test]
async fn ceilings_are_for_what_the_firm_has_and_go_when_they_are_taken_away() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create(&server, "ceilings").await, Firm::create(&server, "others").await);
    let finance = firm.staff("finance");
    let bank = db_add_customer(&server, &firm, "bank", "示例银行").await;
    let product = firm.product(&server, "loan_farmer").await;
    let unknown = [
        ceiling("bank", &db_add_customer(&server, &other, "bank", "他行").await, Some(1)),
        ceiling("bank", &db_add_customer(&server, &firm, "enterprise", "示例企业").await, Some(1)),
        ceiling("bank", &product, Some(1)),
        ceiling("product", &other.product(&server, "loan_farmer").await, Some(1)),
        ceiling("product", &bank, Some(1)),
    ];
    for value in unknown {
        let refused = finance.post(PARAMETERS, &of(value.clone()), 422).await;
        assert_eq!(refused.text("/errors/0/code"), "subject_unknown", "{value}");
        assert_eq!(pointers(&refused), ["/value/subject"]);
    }
    let rows =
        [("bank", bank.as_str(), "示例银行"), ("industry", "A", "农、林、牧、渔业"), ("region", "330000", "浙江省")];
    for (dimension, subject, name) in rows {
        enter(&firm, &of(ceiling(dimension, subject, Some(100)))).await;
        let found = finance.get(&format!("{PARAMETERS}?key=ceiling/{dimension}/{subject}&state=approved"), 200).await;
        assert_eq!(found.body["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            (found.text("/items/0/subject_name"), found.text("/items/0/value/subject")),
            (name.into(), subject.into())
        );
    }
    enter(&firm, &of(ceiling("product", &product, Some(0)))).await;
    let holds = in_force(&finance, "2026-01-01").await;
    assert_eq!(holds.body["ceilings"].as_array().map(Vec::len), Some(4));
    enter(&firm, &of(ceiling("bank", &bank, None))).await;
    let holds = in_force(&finance, "2026-01-01").await;
    let left: Vec<_> = holds.body["ceilings"].as_array().expect("ceilings").iter().map(|one| &one["key"]).collect();
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.iter().all(|key| **key != json!(format!("ceiling/bank/{bank}"))));
    // stored as balances have their subjects
    let simple = domain::id::any(&product).expect("an id").simple();
    let stored = format!("firm_parameters WHERE key = 'ceiling/product/{simple}'");
    assert_eq!(crate::support::db_count(&server, &firm, &stored).await, 1);

    let all = finance.get(&format!("{PARAMETERS}?key=ceiling&day=2026-01-01&limit=3"), 200).await;
    let rest = finance.get(&format!("{PARAMETERS}?key=ceiling&limit=3&cursor={}", all.text("/next")), 200).await;
    assert_eq!(
        (all.body["items"].as_array().map(Vec::len), rest.body["items"].as_array().map(Vec::len)),
        (Some(3), Some(2))
    );
    assert_eq!(all.body["items"][0]["value"]["bound_fen"], Value::Null, "newest first");
    assert_eq!(finance.get(&format!("{PARAMETERS}?day=2025-12-31"), 200).await.body["items"], json!([]));
    assert_eq!(other.staff("finance").get(PARAMETERS, 200).await.body["items"], json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn the_demonstration_begins_with_net_assets_that_two_people_stand_for() {
    use api::demonstration::{PASSWORD_FILE, SLUG, ensure};
    let server = Server::start().await;
    ensure(&server.app).await.expect("the demonstration");
    let password = std::fs::read_to_string(server.app.config.data_dir.join("keys").join(PASSWORD_FILE));
    let body = json!({ "login_name": "clerk", "password": password.expect("a password").trim() });
    let session = server.anyone().post(&format!("/v1/t/{SLUG}/staff-sessions"), &body, 200).await;
    let reader = server.with_token(&session.text("/access_token"));
    let holds = reader.get("/v1/parameters/in-force", 200).await;
    assert_eq!(holds.body["net_assets"]["value"]["amount_fen"], 10_000_000_000i64);
    let entered = reader.get(&format!("{PARAMETERS}/{}", holds.text("/net_assets/parameter_id")), 200).await;
    assert_eq!((entered.text("/state"), entered.text("/source")), ("approved".into(), "示例".into()));
    assert_eq!(entered.text("/proposed_by/name"), "示例财务");
    assert_eq!(entered.text("/decided_by/name"), "示例有权审批人");
    server.stop().await;
}

#[actix_web::test]
async fn the_firms_own_bounds_weights_and_relations_hold_in_place_of_the_laws() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "stricter").await;
    let mut tighter = bounds();
    tighter["client_bp"] = json!(800);
    let mut heavier = weights();
    heavier["farmer"]["weight_bp"] = json!(9000);
    let links = json!({ "kind": "counted_links", "kinds": ["controller", "guarantor"] });
    for (key, value) in [("bounds", tighter), ("weights", heavier), ("counted_links", links)] {
        let id = enter(&firm, &of(value.clone())).await;
        let holds = in_force(&firm.staff("clerk"), "2026-01-01").await.body[key].clone();
        assert_eq!(
            (&holds["value"], &holds["ground"], &holds["source"]),
            (&value, &json!("parameter"), &json!("示例"))
        );
        assert_eq!(holds["parameter_id"], json!(id));
        assert_eq!(in_force(&firm.staff("clerk"), "2025-12-31").await.body[key]["ground"], "statutory");
    }
    server.stop().await;
}
