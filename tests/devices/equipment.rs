//! A machine's record: put down with its papers, found, changed, encumbered, retired, seen within the data scope.

use serde_json::{Value, json};

use super::machines::{ids, life, machine, pairs, papers, problems, version};
use crate::support::{Firm, Hire, Server, today};

#[actix_web::test]
async fn a_machine_is_recorded_with_a_number_and_shown_with_its_place_to_those_who_see_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "machines").await;
    firm.applicant(&server, "13900000001").await;
    let clerk = firm.staff("clerk");
    let customer = json!({ "kind": "enterprise", "name": "示例农业有限公司", "credit_code": "91340600MA2PBMA74B", "class": "small" });
    let customer = clerk.post("/v1/customers", &customer, 201).await.text("/id");
    let body = json!({
        "name": " 一号车床 ", "category": "lathe", "customer": customer, "owner_phone": "139 0000 0001",
        "region": "340600", "place": "示例路1号一车间", "papers": papers(&server),
    });
    let made = clerk.post("/v1/equipment", &body, 201).await;
    let path = format!("/v1/equipment/{}", made.text("/id"));
    assert_eq!(made.headers["location"], path.as_str());
    let day = today(&server).format("%Y%m%d").to_string();
    for shown in [&made, &clerk.get(&path, 200).await] {
        assert_eq!((shown.text("/number"), shown.text("/name")), (format!("SB{day}-0001"), "一号车床".into()));
        assert_eq!((shown.text("/category"), shown.text("/category_label")), ("lathe".into(), "车床".into()));
        assert_eq!(
            (shown.text("/customer/id"), shown.text("/customer/name")),
            (customer.clone(), "示例农业有限公司".into())
        );
        assert_eq!(
            (shown.text("/owner_phone"), shown.text("/place")),
            ("139******01".into(), "示例路1号一车间".into())
        );
        assert_eq!(
            (shown.text("/region_name"), shown.text("/officer/id")),
            ("安徽省淮北市".into(), firm.staff_id("clerk"))
        );
        assert_eq!(shown.body["papers"]["basic"]["price_fen"], 20_000_000);
        assert_eq!((shown.text("/monitoring"), shown.text("/state")), ("none".into(), "in_use".into()));
        assert_eq!(shown.body["allowed_actions"], json!(["change", "bind_socket", "offer", "retire"]));
        assert_eq!(
            (&shown.body["score"], &shown.body["binding"], shown.version),
            (&Value::Null, &Value::Null, Some(1))
        );
    }
    let next = machine(&server, &clerk, &json!({})).await;
    assert_eq!(clerk.get(&format!("/v1/equipment/{next}"), 200).await.text("/number"), format!("SB{day}-0002"));
    let listed = clerk.get("/v1/equipment", 200).await;
    assert!(!listed.body.to_string().contains("示例路"), "{:#}", listed.body);
    let log = firm.staff("auditor").get("/v1/audit-entries?action=equipment.create", 200).await;
    assert!(!log.body.to_string().contains("示例路"), "{:#}", log.body);
    firm.staff("committee").post("/v1/equipment", &body, 403).await;
    assert_eq!(life(&clerk, &next).await, ["registered"]);
    server.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_is_named_field_by_field() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "wrong").await;
    let clerk = firm.staff("clerk");
    let rows = [
        (json!({ "name": " " }), vec![("/name", "required")]),
        (
            json!({ "name": "一".repeat(61), "region": "999999" }),
            vec![("/name", "length"), ("/region", "unknown_code")],
        ),
        (json!({ "category": "spoon" }), vec![("/category", "choice")]),
        (json!({ "owner_phone": "13900000009" }), vec![("/owner_phone", "no_account")]),
        (json!({ "owner_phone": "12" }), vec![("/owner_phone", "phone_format")]),
        (json!({ "customer": "cus_01jd8m1f5ne6xa9q2t4k7v3b8c" }), vec![("/customer", "unknown")]),
        (
            json!({ "department": "dep_01jd8m1f5ne6xa9q2t4k7v3b8c", "officer": firm.staff_id("finance") }),
            vec![("/department", "unknown"), ("/officer", "unknown")],
        ),
        (json!({ "papers": { "basic": { "colour": "red" } } }), vec![("/papers/basic/colour", "unknown")]),
        (
            json!({ "papers": { "basic": { "price_fen": -1, "made_on": "1900-01-01" } } }),
            vec![("/papers/basic/made_on", "papers"), ("/papers/basic/price_fen", "papers")],
        ),
        (
            json!({ "papers": { "title": { "registry": "clear" } } }),
            vec![("/papers/title/registry_searched_on", "papers")],
        ),
    ];
    for (more, expected) in rows {
        let mut body = json!({ "name": "示例", "category": "loom" });
        for (name, value) in more.as_object().expect("members") {
            body[name] = value.clone();
        }
        let refused = clerk.post("/v1/equipment", &body, 422).await;
        assert_eq!(problems(&refused.body), pairs(&expected), "{more}");
    }
    assert_eq!(clerk.get("/v1/equipment", 200).await.body["items"], json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn papers_are_changed_member_by_member() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "papers").await;
    let clerk = firm.staff("clerk");
    let id = machine(&server, &clerk, &json!({ "place": "示例路1号" })).await;
    let path = format!("/v1/equipment/{id}");
    assert_eq!(clerk.patch(&path, 1, &json!({}), 422).await.code(), "nothing_to_change");
    let change = json!({ "papers": { "basic": { "maker": null, "model": "CK6150" }, "control": null }, "place": null });
    let changed = clerk.patch(&path, 1, &change, 200).await;
    let basic = &changed.body["papers"]["basic"];
    assert_eq!(
        (&basic["maker"], &basic["model"], &basic["serial_number"]),
        (&Value::Null, &json!("CK6150"), &json!("SN-0001"))
    );
    assert_eq!((&changed.body["papers"]["control"]["locator"], &changed.body["place"]), (&Value::Null, &Value::Null));
    assert_eq!((changed.body["papers"]["title"]["invoice"].clone(), changed.version), (json!(true), Some(2)));
    assert_eq!(clerk.patch(&path, 1, &json!({ "name": "二号" }), 409).await.code(), "stale");
    let other = clerk.patch(&path, 2, &json!({ "category": "loom", "name": "织机" }), 200).await;
    assert_eq!((other.text("/category"), other.text("/name")), ("loom".into(), "织机".into()));
    let wrong = clerk.patch(&path, 3, &json!({ "papers": { "basic": { "price_fen": "dear" } } }), 422).await;
    assert_eq!(problems(&wrong.body), pairs(&[("/papers/basic/price_fen", "type")]));
    // the kind of machine is part of what a score rests on, a name is not
    clerk.patch(&path, 3, &json!({ "name": "一号织机" }), 200).await;
    assert_eq!(life(&clerk, &id).await, ["registered", "papers_changed", "papers_changed"]);
    server.stop().await;
}

#[actix_web::test]
async fn machines_are_found_and_narrowed_page_by_page() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "found").await;
    let clerk = firm.staff("clerk");
    let one = machine(&server, &clerk, &json!({ "name": "一号车床" })).await;
    let two = machine(&server, &clerk, &json!({ "name": "100%新织机", "category": "loom" })).await;
    let three = machine(&server, &clerk, &json!({ "name": "二号车床" })).await;
    let find = async |query: &str| ids(&clerk.get(&format!("/v1/equipment?{query}"), 200).await.body);
    assert_eq!(find("").await, [one.clone(), two.clone(), three.clone()]);
    assert_eq!(find("category=loom").await, std::slice::from_ref(&two));
    assert_eq!(find("text=%E8%BD%A6%E5%BA%8A").await, [one.clone(), three.clone()]);
    assert_eq!(find("text=0%25").await, std::slice::from_ref(&two));
    assert_eq!(find("text=-0002").await, std::slice::from_ref(&two));
    assert_eq!(find("text=sb").await.len(), 3);
    assert_eq!(find("monitoring=on").await, Vec::<String>::new());
    assert_eq!(find("state=in_use&monitoring=none").await.len(), 3);
    let first = clerk.get("/v1/equipment?limit=2", 200).await;
    assert_eq!(ids(&first.body), [one, two]);
    assert_eq!(find(&format!("limit=2&cursor={}", first.text("/next"))).await, [three]);
    for wrong in ["customer=x", "category=spoon", "text=%00", "colour=red"] {
        clerk.get(&format!("/v1/equipment?{wrong}"), 400).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn staff_see_the_machines_of_their_scope_and_no_other_firms() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create(&server, "scopes").await, Firm::create(&server, "elsewhere").await);
    let clerk = firm.staff("clerk");
    let branch = firm.department("示例分部", None, json!([])).await;
    let hire = |login_name, scope| Hire { login_name, role: "clerk", department: &branch, scope };
    let (own, own_id) = firm.hire(&server, &hire("only-own", "own")).await;
    let (team, _) = firm.hire(&server, &hire("the-team", "department")).await;
    let head = machine(&server, &clerk, &json!({})).await;
    let ours = machine(&server, &team, &json!({})).await;
    let mine = machine(&server, &own, &json!({})).await;
    assert_eq!(ids(&own.get("/v1/equipment", 200).await.body), std::slice::from_ref(&mine));
    assert_eq!(ids(&team.get("/v1/equipment", 200).await.body), [ours.clone(), mine.clone()]);
    assert_eq!(ids(&clerk.get("/v1/equipment", 200).await.body), [head.clone(), ours.clone(), mine.clone()]);
    assert_eq!(ids(&other.staff("clerk").get("/v1/equipment", 200).await.body), Vec::<String>::new());
    for (who, id) in [(&own, &head), (&own, &ours), (&team, &head), (&other.staff("clerk"), &head)] {
        for part in ["", "/life", "/bindings", "/scores", "/value"] {
            who.get(&format!("/v1/equipment/{id}{part}"), 404).await;
        }
        who.patch(&format!("/v1/equipment/{id}"), 1, &json!({ "name": "示例" }), 404).await;
        let reason = json!({ "reason": "示例" });
        who.act(&format!("/v1/equipment/{id}/retire"), 1, &reason, 404).await;
    }
    // handed to somebody else, it is theirs
    let hand = json!({ "officer": own_id, "department": branch });
    clerk.patch(&format!("/v1/equipment/{head}"), 1, &hand, 200).await;
    own.get(&format!("/v1/equipment/{head}"), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn an_encumbered_machine_is_neither_retired_nor_encumbered_again() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "pledge").await;
    let (clerk, keeper) = (firm.staff("clerk"), firm.staff("post_guarantee"));
    let id = machine(&server, &clerk, &json!({})).await;
    let path = format!("/v1/equipment/{id}");
    let (pledge, reason) = (json!({ "document": "抵押合同1号", "reason": "反担保" }), json!({ "reason": "示例原因" }));
    clerk.act(&format!("{path}/encumber"), 1, &pledge, 403).await;
    assert_eq!(keeper.act(&format!("{path}/free"), 1, &reason, 409).await.code(), "illegal_transition");
    let held = keeper.act(&format!("{path}/encumber"), 1, &pledge, 200).await;
    assert_eq!((held.text("/encumbrance"), held.version), ("抵押合同1号".into(), Some(2)));
    assert_eq!(keeper.act(&format!("{path}/encumber"), 2, &pledge, 409).await.code(), "illegal_transition");
    assert_eq!(keeper.act(&format!("{path}/free"), 1, &reason, 409).await.code(), "stale");
    let blank = keeper.act(&format!("{path}/free"), 2, &json!({ "reason": "" }), 422).await;
    assert_eq!(problems(&blank.body), pairs(&[("/reason", "required")]));
    assert_eq!(clerk.act(&format!("{path}/retire"), 2, &reason, 409).await.code(), "equipment_encumbered");
    let offer = json!({ "title": "示例", "description": "示例" });
    assert_eq!(clerk.post(&format!("{path}/listings"), &offer, 409).await.code(), "equipment_encumbered");
    let free = keeper.act(&format!("{path}/free"), 2, &reason, 200).await;
    assert_eq!(free.body["encumbrance"], Value::Null);
    let retired = clerk.act(&format!("{path}/retire"), 3, &reason, 200).await;
    assert_eq!((retired.text("/state"), &retired.body["allowed_actions"]), ("retired".into(), &json!([])));
    assert_eq!(clerk.patch(&path, 4, &json!({ "name": "示例" }), 409).await.code(), "equipment_retired");
    assert_eq!(clerk.act(&format!("{path}/retire"), 4, &reason, 409).await.code(), "equipment_retired");
    assert_eq!(keeper.act(&format!("{path}/encumber"), 4, &pledge, 409).await.code(), "equipment_retired");
    assert_eq!(keeper.post(&format!("{path}/scores"), &json!({}), 409).await.code(), "equipment_retired");
    assert_eq!(version(&clerk, &path).await, 4);
    // told in words, with reasons and names
    let told = clerk.get(&format!("{path}/life"), 200).await;
    let texts: Vec<_> = told.body["items"].as_array().expect("rows").iter().map(|row| row["text"].clone()).collect();
    let expected = ["登记设备", "设定担保：依据“抵押合同1号”", "解除担保：原依据“抵押合同1号”", "报废或停用"];
    assert_eq!(texts, expected.map(Value::from));
    assert_eq!(
        (told.text("/items/1/reason"), told.text("/items/1/by/id")),
        ("反担保".into(), firm.staff_id("post_guarantee"))
    );
    assert_eq!(told.text("/items/3/by_label"), "示例员工");
    let first = clerk.get(&format!("{path}/life?limit=3"), 200).await;
    let rest = clerk.get(&format!("{path}/life?limit=3&cursor={}", first.text("/next")), 200).await;
    assert_eq!((ids(&first.body).len(), rest.text("/items/0/kind")), (3, "retired".into()));
    server.stop().await;
}
