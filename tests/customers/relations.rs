//! How customers are related: recorded with source and dates, ended once, groups through them on any day, and hints from
//! records that have something in common.

use serde_json::{Value, json};

use super::{CODE, ids, only, person, problems, recorded};
use crate::support::{Caller, Firm, Hire, Server};

const DAY: &str = "2025-06-01";

async fn enterprise(who: &Caller, code: &str, name: &str) -> String {
    let body = json!({ "kind": "enterprise", "credit_code": code, "name": name, "class": "small" });
    who.post("/v1/customers", &body, 201).await.text("/id")
}

fn relation(other: &str, kind: &str) -> Value {
    json!({ "other": other, "kind": kind, "source": "registry", "valid_from": DAY })
}

/// The ids of a group's members, and of its links.
async fn group(who: &Caller, id: &str, query: &str) -> (Vec<String>, Vec<String>) {
    let shown = who.get(&format!("/v1/customers/{id}/group{query}"), 200).await;
    let links = shown.body["links"].as_array().expect("links");
    let links = links.iter().map(|link| link["id"].as_str().expect("an id").to_owned()).collect();
    (ids(&json!({ "items": shown.body["members"] })), links)
}

#[actix_web::test]
async fn groups_follow_relations_on_their_days() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "groups").await;
    let (clerk, seer) = (firm.staff("clerk"), firm.staff("reviewer"));
    let (man, wife, other) = (recorded(&clerk, 1).await, recorded(&clerk, 2).await, recorded(&clerk, 3).await);
    let company = enterprise(&clerk, CODE, "示例农业有限公司").await;
    let at = |id: &str| format!("/v1/customers/{id}/relations");
    let mut holds = relation(&man, "shareholder");
    holds["share_bp"] = json!(3000);
    holds["document"] = json!("公司章程");
    let holds = clerk.post(&at(&company), &holds, 201).await;
    assert_eq!((holds.text("/customer/id"), holds.text("/other/id")), (company.clone(), man.clone()));
    assert_eq!((holds.text("/kind_label"), holds.text("/source_label")), ("股东".into(), "工商登记".into()));
    assert_eq!((holds.text("/document"), holds.body["share_bp"].clone()), ("公司章程".into(), json!(3000)));
    assert_eq!(holds.text("/recorded_by/id"), firm.staff_id("clerk"));
    let married = clerk.post(&at(&wife), &relation(&man, "spouse"), 201).await;
    let backs = clerk.post(&at(&other), &relation(&company, "guarantor"), 201).await;
    let (holds_id, married_id, backs_id) = (holds.text("/id"), married.text("/id"), backs.text("/id"));
    // By default a guarantor does not count.
    let expected = (vec![man.clone(), wife.clone(), company.clone()], vec![holds_id.clone(), married_id.clone()]);
    for member in [&man, &wife, &company] {
        assert_eq!(group(&seer, member, "").await, expected);
    }
    assert_eq!(group(&seer, &other, "").await, (vec![other.clone()], vec![]));
    let all = "?kinds=guarantor,shareholder,controller,spouse,guarantor";
    assert_eq!(group(&seer, &other, all).await.0, [man.clone(), wife.clone(), other.clone(), company.clone()]);
    assert_eq!(group(&seer, &man, "?kinds=spouse").await, (vec![man.clone(), wife.clone()], vec![married_id.clone()]));
    assert_eq!(group(&seer, &man, "?day=2025-05-31").await, (vec![man.clone()], vec![]));
    for bad in ["?kinds=", "?kinds=friend", "?day=1899-12-31", "?day=%2B12345-01-01", "?day=x"] {
        seer.get(&format!("/v1/customers/{man}/group{bad}"), 400).await;
    }
    // Ended in the past, it counts for the days before and no longer after.
    let end = json!({ "last_day": "2025-12-31", "reason": "股权已转让" });
    let path = format!("/v1/relations/{holds_id}/end");
    seer.act(&path, 1, &end, 403).await;
    assert_eq!(clerk.act(&path, 2, &end, 409).await.code(), "stale");
    let early = json!({ "last_day": "2025-05-31", "reason": "股权已转让" });
    assert_eq!(problems(&clerk.act(&path, 1, &early, 422).await.body), only("/last_day", "last_day_out_of_range"));
    let ended = clerk.act(&path, 1, &end, 200).await;
    assert_eq!((ended.text("/valid_to"), ended.text("/ended_by/id")), ("2026-01-01".into(), firm.staff_id("clerk")));
    assert_eq!(clerk.act(&path, 2, &end, 409).await.code(), "already_ended");
    assert_eq!(group(&seer, &company, "?day=2025-12-31").await, expected);
    assert_eq!(group(&seer, &company, "?day=2026-01-01").await, (vec![company.clone()], vec![]));
    let listed = seer.get(&at(&company), 200).await;
    assert_eq!(ids(&listed.body), [backs_id.clone(), holds_id.clone()]);
    let listed = seer.get(&format!("{}?day=2026-01-01", at(&company)), 200).await;
    assert_eq!(ids(&listed.body), [backs_id]);
    let log = firm.staff("auditor").get("/v1/audit-entries?action=relation.end", 200).await;
    assert_eq!((log.text("/items/0/object"), log.text("/items/0/detail/reason")), (holds_id, "股权已转让".into()));
    server.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_a_relation_is_refused_with_what_to_do() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "links").await;
    let clerk = firm.staff("clerk");
    let (one, two) = (recorded(&clerk, 1).await, recorded(&clerk, 2).await);
    let company = enterprise(&clerk, CODE, "示例农业有限公司").await;
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    let nobody = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c";
    let rows = [
        (&one, relation(&one, "spouse"), "/other", "relation_to_itself"),
        (&one, relation(nobody, "spouse"), "/other", "unknown"),
        (&one, relation(&company, "spouse"), "/kind", "spouse_not_person"),
        (&one, relation(&company, "shareholder"), "/kind", "held_is_person"),
        (
            &company,
            with(relation(&one, "controller"), "share_bp", json!(5000)),
            "/share_bp",
            "share_not_of_shareholder",
        ),
        (&company, with(relation(&one, "shareholder"), "share_bp", json!(10_001)), "/share_bp", "share_out_of_range"),
        (&company, with(relation(&one, "shareholder"), "valid_to", json!(DAY)), "/valid_to", "relation_period_invalid"),
        (
            &company,
            with(relation(&one, "shareholder"), "valid_from", json!("1899-12-31")),
            "/valid_from",
            "day_out_of_range",
        ),
        (&one, with(relation(&two, "same_phone"), "source", json!("matching")), "/source", "nothing_matches"),
        (&one, relation("app_01jd8m1f5ne6xa9q2t4k7v3b8c", "spouse"), "/other", "value"),
    ];
    for (at, body, pointer, code) in rows {
        let refused = clerk.post(&format!("/v1/customers/{at}/relations"), &body, 422).await;
        assert_eq!(problems(&refused.body), only(pointer, code), "{body}");
    }
    // The same for the same time is recorded once, whichever way round where there is none; for another time again.
    let at = format!("/v1/customers/{one}/relations");
    let first = with(relation(&two, "spouse"), "valid_to", json!("2025-09-01"));
    clerk.post(&at, &first, 201).await;
    let again = clerk.post(&format!("/v1/customers/{two}/relations"), &relation(&one, "spouse"), 422).await;
    assert_eq!(problems(&again.body), only("/kind", "recorded_already"));
    clerk.post(&at, &with(relation(&two, "spouse"), "valid_from", json!("2025-09-01")), 201).await;
    let guarantor = relation(&two, "guarantor");
    clerk.post(&at, &guarantor, 201).await;
    clerk.post(&format!("/v1/customers/{two}/relations"), &relation(&one, "guarantor"), 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn records_with_something_in_common_are_hinted_at_until_it_is_recorded() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "hints").await;
    let clerk = firm.staff("clerk");
    let alike = async |order: u32, phone: &str, address: &str| {
        let mut body = person(order);
        (body["phone"], body["address"]) = (json!(phone), json!(address));
        clerk.post("/v1/customers", &body, 201).await.text("/id")
    };
    let one = alike(1, "13900003001", "示例路12-3号A座").await;
    let two = alike(2, "+86 13900003001", "示例路99号").await;
    let three = alike(3, "13900003003", "示例路１２－３号 a座").await;
    alike(4, "13900003004", "示例路12-4号A座").await;
    let hints = async |id: &str| clerk.get(&format!("/v1/customers/{id}/hints"), 200).await;
    let found = hints(&one).await;
    let told: Vec<_> = found.body["items"]
        .as_array()
        .expect("hints")
        .iter()
        .map(|hint| (hint["kind"].clone(), hint["other"]["id"].clone()))
        .collect();
    assert_eq!(told, [(json!("same_phone"), json!(two)), (json!("same_address"), json!(three))]);
    assert!(found.body["more"] == false && !found.body.to_string().contains("13900003001"));
    // One call records it, as it stands.
    let record = found.body["items"][0]["record"].clone();
    let made = clerk.post(&format!("/v1/customers/{one}/relations"), &record, 201).await;
    assert_eq!((made.text("/source"), made.text("/other/id")), ("matching".into(), two.clone()));
    assert_eq!(hints(&one).await.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(hints(&two).await.body["items"], json!([]));
    assert_eq!(hints(&three).await.text("/items/0/other/id"), one);
    // Hints and groups do not end at departments; records do.
    let south = firm.department("南区", None, json!([])).await;
    let hire = Hire { login_name: "south", role: "investigator", department: &south, scope: "own" };
    let (narrow, _) = firm.hire(&server, &hire).await;
    let mut mine = person(9);
    mine["phone"] = json!("13900003003");
    let mine = narrow.post("/v1/customers", &mine, 201).await.text("/id");
    let seen = narrow.get(&format!("/v1/customers/{mine}/hints"), 200).await;
    assert_eq!((seen.text("/items/0/other/id"), seen.text("/items/0/other/name")), (three.clone(), "**例".into()));
    let made = narrow.post(&format!("/v1/customers/{mine}/relations"), &seen.body["items"][0]["record"], 201).await;
    narrow.get(&format!("/v1/customers/{three}"), 404).await;
    let end = json!({ "last_day": made.body["valid_from"], "reason": "电话已更换" });
    let of_others = clerk.get(&format!("/v1/customers/{one}/relations"), 200).await.text("/items/0/id");
    narrow.act(&format!("/v1/relations/{of_others}/end"), 1, &end, 404).await;
    narrow.act(&format!("/v1/relations/{}/end", made.text("/id")), 1, &end, 200).await;
    server.stop().await;
}
