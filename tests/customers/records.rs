//! A customer's record: put down once, found again, shown masked, changed with its history, seen within the data scope.

use serde_json::{Value, json};

use super::{CODE, ids, only, person, problems, recorded};
use crate::support::{Firm, Hire, Server, id_number};

#[actix_web::test]
async fn a_person_is_recorded_once_shown_masked_and_revealed_for_a_reason() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "persons").await;
    let clerk = firm.staff("clerk");
    let mut body = person(1);
    body["address"] = json!("示例省示例市示例区示例路1号");
    let made = clerk.post("/v1/customers", &body, 201).await;
    let path = format!("/v1/customers/{}", made.text("/id"));
    assert_eq!(made.headers["location"], path.as_str());
    let number = id_number("330106", "19820304", 1);
    let masked = format!("3****************{}", &number[17..]);
    for shown in [&made, &clerk.get(&path, 200).await] {
        assert_eq!(shown.text("/name"), "**例");
        assert_eq!(shown.text("/id_number"), masked);
        assert_eq!((shown.text("/phone"), shown.text("/address")), ("139******01".into(), "示例省示例市***".into()));
        assert_eq!((shown.text("/class"), shown.text("/class_label")), ("farmer".into(), "农户".into()));
        assert_eq!(shown.text("/officer/id"), firm.staff_id("clerk"));
        assert_eq!((shown.body["credit_code"].clone(), shown.version), (Value::Null, Some(1)));
    }
    body["name"] = json!("李示例");
    assert_eq!(clerk.post("/v1/customers", &body, 409).await.code(), "customer_known");
    // In clear for a reason alone, and never to a clerk.
    let why = json!({ "reason": "电话核实" });
    let officer = firm.staff("investigator");
    clerk.post(&format!("{path}/reveal"), &why, 403).await;
    let blank = officer.post(&format!("{path}/reveal"), &json!({ "reason": " " }), 422).await;
    assert_eq!(problems(&blank.body), only("/reason", "required"));
    let clear = officer.post(&format!("{path}/reveal"), &why, 200).await;
    assert_eq!((clear.text("/name"), clear.text("/id_number")), ("王示例".into(), number));
    assert_eq!((clear.text("/phone"), clear.text("/address")), ("13900001001".into(), body_text(&body, "address")));
    let log = firm.staff("auditor").get("/v1/audit-entries?action=personal_data.reveal", 200).await;
    assert_eq!(
        (log.text("/items/0/object"), log.text("/items/0/detail/reason")),
        (made.text("/id"), "电话核实".into())
    );
    // Whoever audits the record's making sees it masked too.
    let log = firm.staff("auditor").get("/v1/audit-entries?action=customers.create", 200).await;
    assert_eq!(
        (log.text("/items/0/detail/after/name"), log.text("/items/0/detail/after/id_number")),
        ("**例".into(), masked)
    );
    server.stop().await;
}

fn body_text(body: &Value, name: &str) -> String {
    body[name].as_str().expect("text").to_owned()
}

#[actix_web::test]
async fn an_enterprise_comes_from_the_library_by_its_code_and_what_cannot_be_is_said() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "firms").await;
    let clerk = firm.staff("clerk");
    let library = json!({ "credit_code": CODE, "full_name": "示例农业有限公司", "region": "340600", "industry": "0111",
        "address": "示例路9号" });
    let known = clerk.post("/v1/enterprises", &library, 201).await.text("/id");
    let other = json!({ "kind": "enterprise", "name": "示例渔业有限公司", "credit_code": CODE, "class": "small" });
    assert_eq!(problems(&clerk.post("/v1/customers", &other, 422).await.body), only("/name", "name_differs"));
    let short =
        json!({ "kind": "enterprise", "credit_code": CODE.to_lowercase(), "class": "small", "industry": "0112" });
    let made = clerk.post("/v1/customers", &short, 201).await;
    assert_eq!((made.text("/name"), made.text("/enterprise")), ("示例农业有限公司".into(), known));
    assert_eq!((made.text("/region"), made.text("/industry")), ("340600".into(), "0112".into()));
    // What an enterprise is called, and where it is, is public.
    assert_eq!((made.text("/address"), made.text("/credit_code")), ("示例路9号".into(), CODE.into()));
    let bank = "91310116076409427L";
    let rows = [
        (json!({ "kind": "bank", "credit_code": bank, "class": "other" }), vec![("/name", "required")]),
        (
            json!({ "kind": "bank", "credit_code": bank, "name": "示例银行", "class": "small" }),
            vec![("/class", "class_of_other_kind")],
        ),
        (
            json!({ "kind": "enterprise", "credit_code": bank, "name": "示例公司", "class": "farmer" }),
            vec![("/class", "class_of_other_kind")],
        ),
        (
            json!({ "kind": "enterprise", "id_number": "1", "name": "示例公司", "class": "small" }),
            vec![("/credit_code", "required"), ("/id_number", "not_for_kind")],
        ),
        (
            json!({ "kind": "person", "credit_code": bank, "class": "other" }),
            vec![("/id_number", "required"), ("/credit_code", "not_for_kind"), ("/name", "required")],
        ),
        (
            json!({ "kind": "bank", "credit_code": bank, "name": "示例银行", "class": "other", "industry": "x", "region": "0" }),
            vec![("/industry", "unknown_code"), ("/region", "unknown_code")],
        ),
        (
            json!({ "kind": "bank", "credit_code": bank, "name": "示例银行", "class": "other",
                 "department": "dep_01jd8m1f5ne6xa9q2t4k7v3b8c", "channel": "chn_01jd8m1f5ne6xa9q2t4k7v3b8c" }),
            vec![("/channel", "unknown"), ("/department", "unknown")],
        ),
        (json!({ "kind": "firm", "class": "other" }), vec![("/kind", "choice")]),
    ];
    for (body, expected) in rows {
        let refused = clerk.post("/v1/customers", &body, 422).await;
        let expected: Vec<_> = expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        assert_eq!(problems(&refused.body), expected, "{body}");
    }
    let good = json!({ "kind": "bank", "credit_code": bank, "name": "示例银行", "class": "other" });
    clerk.post("/v1/customers", &good, 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn customers_are_found_by_name_number_code_phone_and_narrowed() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "search").await;
    let (clerk, seer) = (firm.staff("clerk"), firm.staff("finance"));
    let one = recorded(&clerk, 1).await;
    let mut other = person(2);
    other["name"] = json!("李示例");
    let two = clerk.post("/v1/customers", &other, 201).await.text("/id");
    let enterprise =
        json!({ "kind": "enterprise", "credit_code": CODE, "name": "示例农业(安徽)有限公司", "class": "small" });
    let three = clerk.post("/v1/customers", &enterprise, 201).await.text("/id");
    let number = id_number("330106", "19820304", 2);
    let rows = [
        ("", vec![&one, &two, &three]),
        ("?kind=person", vec![&one, &two]),
        ("?class=small", vec![&three]),
        ("?kind=bank", vec![]),
        ("?q=王示例", vec![&one]),
        ("?q=示例", vec![&three]),
        ("?q=（安徽", vec![&three]),
        ("?q=(安徽)", vec![&three]),
        ("?q=%25", vec![]),
        ("?q=13900001002", vec![&two]),
        ("?q=%2B86 139-0000-1001", vec![&one]),
        ("?q=91340600ma2pbma74b", vec![&three]),
        ("?q=91310116076409427L", vec![]),
        ("?channel=chn_01jd8m1f5ne6xa9q2t4k7v3b8c", vec![]),
    ];
    for (query, expected) in rows {
        let found = seer.get(&format!("/v1/customers{query}"), 200).await;
        assert_eq!(ids(&found.body), expected.into_iter().cloned().collect::<Vec<_>>(), "{query}");
    }
    let found = seer.get(&format!("/v1/customers?q={number}"), 200).await;
    assert_eq!(ids(&found.body), std::slice::from_ref(&two));
    assert!(!found.body.to_string().contains(&number), "masked in lists too");
    let page = seer.get("/v1/customers?limit=2", 200).await;
    let next = seer.get(&format!("/v1/customers?limit=2&cursor={}", page.text("/next")), 200).await;
    assert_eq!((ids(&page.body), ids(&next.body)), (vec![one, two], vec![three]));
    for bad in ["?kind=x", "?q=%00", "?channel=x", "?limit=0"] {
        seer.get(&format!("/v1/customers{bad}"), 400).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_change_keeps_the_classes_and_says_before_and_after() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "changes").await;
    let (clerk, auditor) = (firm.staff("clerk"), firm.staff("auditor"));
    let enterprise = json!({ "kind": "enterprise", "credit_code": CODE, "name": "示例农业有限公司", "class": "small",
        "class_source": "2025年划型证明" });
    let path = format!("/v1/customers/{}", clerk.post("/v1/customers", &enterprise, 201).await.text("/id"));
    let refused = [
        (json!({}), "nothing_to_change"),
        (json!({ "class": "other" }), "invalid_fields"),
        (json!({ "class": "small", "class_source": "证明" }), "invalid_fields"),
        (json!({ "class": "farmer", "class_source": "证明" }), "invalid_fields"),
        (json!({ "phone": "1" }), "invalid_fields"),
        (json!({ "officer": firm.staff_id("auditor") }), "invalid_fields"),
    ];
    for (body, code) in refused {
        assert_eq!(clerk.patch(&path, 1, &body, 422).await.code(), code, "{body}");
    }
    let change = json!({ "class": "other", "class_source": "2026年划型证明", "controlling_party": true, "phone": "13900002001" });
    firm.staff("finance").patch(&path, 1, &change, 403).await;
    let changed = clerk.patch(&path, 1, &change, 200).await;
    assert_eq!((changed.text("/class"), changed.version), ("other".into(), Some(2)));
    assert_eq!(changed.body["controlling_party"], true);
    assert_eq!(clerk.patch(&path, 1, &json!({ "phone": null }), 409).await.code(), "stale");
    let emptied = clerk.patch(&path, 2, &json!({ "phone": null, "officer": firm.staff_id("investigator") }), 200).await;
    assert_eq!(
        (emptied.body["phone"].clone(), emptied.text("/officer/id")),
        (Value::Null, firm.staff_id("investigator"))
    );
    let classes = clerk.get(&format!("{path}/classes"), 200).await;
    let told: Vec<_> = classes.body["items"]
        .as_array()
        .expect("classes")
        .iter()
        .map(|row| (row["class"].clone(), row["source"].clone()))
        .collect();
    assert_eq!(told, [(json!("other"), json!("2026年划型证明")), (json!("small"), json!("2025年划型证明"))]);
    assert_eq!(classes.text("/items/0/set_by/id"), firm.staff_id("clerk"));
    let log = auditor.get("/v1/audit-entries?action=customers.change", 200).await;
    let first = &log.body["items"][1]["detail"];
    assert_eq!(
        (&first["before"]["controlling_party"], &first["after"]["controlling_party"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (&first["before"]["class"], &first["after"]["class"], &first["changed"]),
        (&json!("small"), &json!("other"), &json!(["phone"]))
    );
    server.stop().await;
}

#[actix_web::test]
async fn each_data_scope_shows_its_customers_and_hides_the_others() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "reach").await;
    let north = firm.department("北区", None, json!([])).await;
    let below = firm.department("北区一部", Some(&north), json!([])).await;
    let hire = async |login_name: &str, department: &str, scope: &str| {
        firm.hire(&server, &Hire { login_name, role: "investigator", department, scope }).await
    };
    let (north_own, _) = hire("north-own", &north, "own").await;
    let (north_only, _) = hire("north-only", &north, "department").await;
    let (north_tree, _) = hire("north-tree", &north, "department_tree").await;
    let (below_own, below_id) = hire("below-own", &below, "own").await;
    let all = firm.staff("clerk");
    let (a, b, c) = (recorded(&north_own, 1).await, recorded(&below_own, 2).await, recorded(&all, 3).await);
    let rows = [
        (&north_own, vec![&a]),
        (&north_only, vec![&a]),
        (&north_tree, vec![&a, &b]),
        (&below_own, vec![&b]),
        (&all, vec![&a, &b, &c]),
    ];
    for (at, (who, expected)) in rows.iter().enumerate() {
        let expected: Vec<String> = expected.iter().map(|id| (*id).clone()).collect();
        assert_eq!(ids(&who.get("/v1/customers", 200).await.body), expected, "row {at}");
        for id in [&a, &b, &c] {
            let status = if expected.contains(id) { 200 } else { 404 };
            for part in ["", "/classes", "/relations", "/group", "/hints", "/shares", "/accesses"] {
                who.get(&format!("/v1/customers/{id}{part}"), status).await;
            }
            if status == 404 {
                let path = format!("/v1/customers/{id}");
                who.patch(&path, 1, &json!({ "phone": null }), 404).await;
                who.post(&format!("{path}/reveal"), &json!({ "reason": "核实" }), 404).await;
            }
        }
    }
    // Nobody puts a customer where they do not see it, and handing it over moves it out of sight.
    let path = format!("/v1/customers/{a}");
    let away = north_own.patch(&path, 1, &json!({ "department": below }), 422).await;
    assert_eq!(problems(&away.body), only("/department", "unknown"));
    north_tree.patch(&path, 1, &json!({ "department": below, "officer": below_id }), 200).await;
    north_own.get(&path, 404).await;
    north_only.get(&path, 404).await;
    below_own.get(&path, 200).await;
    let department = firm.staff("administrator").get("/v1/departments?limit=100", 200).await;
    let items = department.body["items"].as_array().expect("departments");
    let version =
        items.iter().find(|row| row["id"] == json!(below)).expect("it")["version"].as_i64().expect("a version");
    let kept = firm.staff("administrator").delete(&format!("/v1/departments/{below}"), version, 409).await;
    assert_eq!(kept.code(), "department_in_use");
    server.stop().await;
}
