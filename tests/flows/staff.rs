//! Tenants and staff: suspended and resumed, invited, given roles that may lie together, disabled with their work
//! handed over.

use serde_json::{Value, json};

use crate::support::{Firm, Server, db_set_permissions};

#[actix_web::test]
async fn a_suspended_tenant_is_out_at_once_and_back_when_resumed() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "paused").await;
    let tenants = firm.operator.get("/v1/platform/tenants", 200).await;
    let tenant = tenants.text("/items/0/id");
    let clerk = firm.staff("clerk");
    clerk.get("/v1/session", 200).await;
    firm.operator.post(&format!("/v1/platform/tenants/{tenant}/suspend"), &json!({}), 200).await;
    clerk.get("/v1/session", 401).await;
    assert_eq!(firm.log_in(&server, "clerk", 403).await.code(), "tenant_suspended");
    firm.operator.post(&format!("/v1/platform/tenants/{tenant}/resume"), &json!({}), 200).await;
    firm.log_in(&server, "clerk", 200).await;
    let again = json!({
        "slug": "paused", "name": "重名机构",
        "administrator": { "login_name": "administrator", "name": "示例管理员", "email": "a@b.example.com" },
    });
    assert_eq!(firm.operator.post("/v1/platform/tenants", &again, 409).await.code(), "slug_taken");
    server.stop().await;
}

#[actix_web::test]
async fn duties_that_must_lie_apart_are_not_joined() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "duties").await;
    let admin = firm.staff("administrator");
    let department = admin.get("/v1/departments", 200).await.text("/items/0/id");
    let person = |name: &str, roles: serde_json::Value| {
        json!({ "login_name": name, "name": "示例员工", "email": format!("{name}@duties.example.com"), "department": department,
                "roles": roles, "data_scope": "own", "authority_limit_fen": 0 })
    };
    let joined = person("two-hats", json!(["investigator", "reviewer"]));
    assert_eq!(admin.post("/v1/staff", &joined, 422).await.code(), "duties_conflict");
    admin.post("/v1/staff", &person("no-role", json!(["operator"])), 422).await;
    let made = admin.post("/v1/staff", &person("one-hat", json!(["reviewer"])), 201).await;
    let mut same_name = person("one-hat", json!(["clerk"]));
    same_name["email"] = json!("other@duties.example.com");
    assert_eq!(admin.post("/v1/staff", &same_name, 409).await.code(), "login_name_taken");
    let mut same_address = person("other-name", json!(["clerk"]));
    same_address["email"] = json!("one-hat@duties.example.com");
    assert_eq!(admin.post("/v1/staff", &same_address, 409).await.code(), "email_taken");
    let path = format!("/v1/staff/{}", made.text("/id"));
    let wider = json!({ "roles": ["reviewer", "executive"] });
    assert_eq!(admin.patch(&path, made.version.expect("a version"), &wider, 422).await.code(), "duties_conflict");
    server.stop().await;
}

#[actix_web::test]
async fn who_leaves_hands_over_what_is_open() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "leaving").await;
    let admin = firm.staff("administrator");
    let applicant = firm.applicant(&server, "13900000021").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let department = admin.get("/v1/departments", 200).await.text("/items/0/id");
    let person = json!({ "login_name": "second", "name": "示例员工", "email": "second@leaving.example.com", "department": department,
                         "roles": ["investigator"], "data_scope": "own", "authority_limit_fen": 0 });
    let second = admin.post("/v1/staff", &person, 201).await.text("/id");
    server.work().await;
    let mail = server.mail.last_to("second@leaving.example.com").expect("an invitation");
    let set = json!({ "token": crate::support::token_of(&mail.text), "password": crate::support::PASSWORD });
    server.anyone().post("/v1/t/leaving/passwords", &set, 204).await;
    let first = firm.staff_id("investigator");
    let path = format!("/v1/staff/{first}");
    let disable = |body: serde_json::Value, expected: u16| {
        let admin = admin.clone();
        let path = path.clone();
        async move {
            let seen = admin.get(&path, 200).await;
            admin.act(&format!("{path}/disable"), seen.version.expect("a version"), &body, expected).await
        }
    };
    assert_eq!(disable(json!({}), 409).await.code(), "open_work");
    let done = disable(json!({ "reassign_to": second }), 200).await;
    assert_eq!(done.body["reassigned"], 1);
    firm.staff("investigator").get("/v1/session", 401).await;
    firm.log_in(&server, "investigator", 401).await;
    let case = firm.staff("clerk").get(&format!("/v1/applications/{id}"), 200).await;
    assert!(case.body.to_string().contains(&second), "{:#}", case.body);
    server.stop().await;
}

#[actix_web::test]
async fn colleagues_are_seen_as_far_as_the_data_scope_reaches() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "scopes").await;
    let admin = firm.staff("administrator");
    let department = async |name: &str, parent: Option<&str>| {
        admin.post("/v1/departments", &json!({ "name": name, "parent": parent }), 201).await.text("/id")
    };
    let branch = department("分公司", None).await;
    let (office, other) = (department("营业部", Some(&branch)).await, department("其他分公司", None).await);
    let mut ids = std::collections::BTreeMap::new();
    for (name, place, scope) in [
        ("whole-firm", &other, "all"),
        ("branch-tree", &branch, "department_tree"),
        ("branch-only", &branch, "department"),
        ("office-own", &office, "own"),
        ("elsewhere", &other, "department_tree"),
    ] {
        let email = format!("{name}@scopes.example.com");
        let body = json!({ "login_name": name, "name": "示例员工", "email": email, "department": place, "roles": ["reviewer"],
                           "data_scope": scope, "authority_limit_fen": 0 });
        ids.insert(name, admin.post("/v1/staff", &body, 201).await.text("/id"));
        server.work().await;
        let mail = server.mail.last_to(&email).expect("an invitation");
        let set = json!({ "token": crate::support::token_of(&mail.text), "password": crate::support::PASSWORD });
        server.anyone().post("/v1/t/scopes/passwords", &set, 204).await;
    }
    for (name, sees) in [
        ("whole-firm", vec!["whole-firm", "branch-tree", "branch-only", "office-own", "elsewhere"]),
        ("branch-tree", vec!["branch-tree", "branch-only", "office-own"]),
        ("branch-only", vec!["branch-tree", "branch-only"]),
        ("office-own", vec!["office-own"]),
        ("elsewhere", vec!["whole-firm", "elsewhere"]),
    ] {
        let caller = server.with_token(&firm.log_in(&server, name, 200).await.text("/access_token"));
        let listed = caller.get("/v1/staff?limit=100", 200).await;
        let mut listed: Vec<_> =
            listed.body["items"].as_array().expect("staff").iter().filter_map(|one| one["id"].as_str()).collect();
        // The people that every firm of the suite begins with are in none of these departments.
        listed.retain(|id| ids.values().any(|known| known == id) || name != "whole-firm");
        let mut expected: Vec<_> = sees.iter().map(|name| ids[name].as_str()).collect();
        listed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(listed, expected, "{name}");
        for (other, id) in &ids {
            caller.get(&format!("/v1/staff/{id}"), if sees.contains(other) { 200 } else { 404 }).await;
        }
    }
    server.stop().await;
}

#[actix_web::test]
async fn who_is_out_of_scope_cannot_be_managed_either() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "reach").await;
    let admin = firm.staff("administrator");
    let branch = admin.post("/v1/departments", &json!({ "name": "分公司" }), 201).await.text("/id");
    let person = |name: &str, scope: &str| {
        json!({ "login_name": name, "name": "示例员工", "email": format!("{name}@reach.example.com"), "department": branch,
                "roles": ["administrator"], "data_scope": scope, "authority_limit_fen": 0 })
    };
    admin.post("/v1/staff", &person("branch-admin", "department"), 201).await;
    server.work().await;
    let mail = server.mail.last_to("branch-admin@reach.example.com").expect("an invitation");
    let set = json!({ "token": crate::support::token_of(&mail.text), "password": crate::support::PASSWORD });
    server.anyone().post("/v1/t/reach/passwords", &set, 204).await;
    let session = firm.log_in(&server, "branch-admin", 200).await;
    let branch_admin = server.with_token(&session.text("/access_token"));
    let near = admin.post("/v1/staff", &person("near", "own"), 201).await;
    for (id, version, status) in [
        (firm.staff_id("clerk"), 1, [404, 404, 404, 404]),
        (near.text("/id"), near.version.expect("a version"), [200, 202, 200, 200]),
    ] {
        let path = format!("/v1/staff/{id}");
        branch_admin.patch(&path, version, &json!({ "name": "改名示例" }), status[0]).await;
        branch_admin.post(&format!("{path}/invite"), &json!({}), status[1]).await;
        branch_admin.post(&format!("{path}/disable"), &json!({}), status[2]).await;
        branch_admin.post(&format!("{path}/enable"), &json!({}), status[3]).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn permissions_roles_and_why_duties_lie_apart_are_said_in_the_readers_language() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "words").await;
    let admin = firm.staff("administrator");
    let ask = |method: reqwest::Method, path: &str, language: &str| {
        let key = uuid::Uuid::now_v7().to_string();
        admin.request(method, path).header("Accept-Language", language).header("Idempotency-Key", key)
    };
    let both = json!({ "name": "两项职责", "permissions": ["applications.review", "applications.approve"] });
    for (language, label, role, reason) in [
        ("zh-CN", "查看申请", "项目经理", "审查与审批须由不同的人负责。"),
        ("en", "read applications", "investigation officer", "Review and approval must lie with different people."),
    ] {
        for (path, place, key, expected) in
            [("/v1/permissions", "key", "applications.read", label), ("/v1/roles", "id", "investigator", role)]
        {
            let all = admin.send(ask(reqwest::Method::GET, path, language), 200).await;
            let one =
                all.body["items"].as_array().expect("items").iter().find(|one| one[place] == key).expect("it").clone();
            assert!(one["label"] == expected || one["name"] == expected, "{one}");
        }
        let refused = admin.send(ask(reqwest::Method::POST, "/v1/roles", language).json(&both), 422).await;
        assert_eq!((refused.code().as_str(), refused.text("/detail").as_str()), ("duties_conflict", reason));
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_link_that_went_to_a_wrong_address_ends_when_the_address_is_corrected() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "misspelt").await;
    let (admin, anyone) = (firm.staff("administrator"), server.anyone());
    let department = firm.default_department().await;
    let (wrong, right) = ("stranger@elsewhere.example.com", "colleague@misspelt.example.com");
    let person = json!({ "login_name": "colleague", "name": "示例员工", "email": wrong, "department": department,
                         "roles": ["clerk"], "data_scope": "own", "authority_limit_fen": 0 });
    let made = admin.post("/v1/staff", &person, 201).await;
    server.work().await;
    let strangers = crate::support::token_of(&server.mail.last_to(wrong).expect("an invitation").text);
    let path = format!("/v1/staff/{}", made.text("/id"));
    admin.patch(&path, made.version.expect("a version"), &json!({ "email": right }), 200).await;
    server.work().await;
    let set = |token: &str| json!({ "token": token, "password": crate::support::PASSWORD });
    assert_eq!(anyone.post("/v1/t/misspelt/passwords", &set(&strangers), 410).await.code(), "link_used");
    let theirs = crate::support::token_of(&server.mail.last_to(right).expect("an invitation").text);
    anyone.post("/v1/t/misspelt/passwords", &set(&theirs), 204).await;
    firm.log_in(&server, "colleague", 200).await;
    // So does one for a new password, and writing the same address again ends none.
    let clerk = format!("/v1/staff/{}", firm.staff_id("clerk"));
    let forgotten = json!({ "login_name": "clerk", "email": "clerk@misspelt.example.com" });
    for (email, works) in [("clerk@misspelt.example.com", true), ("clerk2@misspelt.example.com", false)] {
        anyone.post("/v1/t/misspelt/password-resets", &forgotten, 202).await;
        server.work().await;
        let mail = server.mail.last_to("clerk@misspelt.example.com").expect("a link");
        let version = admin.get(&clerk, 200).await.version.expect("a version");
        admin.patch(&clerk, version, &json!({ "email": email }), 200).await;
        let token = crate::support::token_of(&mail.text);
        let new = json!({ "token": token, "password": "another phrase of the suite" });
        anyone.post("/v1/t/misspelt/passwords", &new, if works { 204 } else { 410 }).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn whoever_changes_anothers_address_is_told_of_and_does_not_come_to_their_account_by_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "takeover").await;
    let (admin, anyone) = (firm.staff("administrator"), server.anyone());
    let (old, mine) = ("executive@takeover.example.com", "mine@elsewhere.example.com");
    let executive = firm.staff("executive");
    let path = format!("/v1/staff/{}", firm.staff_id("executive"));
    let version = admin.get(&path, 200).await.version.expect("a version");
    let changed = admin.patch(&path, version, &json!({ "email": mine }), 200).await;
    assert!(changed.body["reset_held_until"].is_string(), "{:#}", changed.body);
    server.work().await;
    let told = server.mail.last_to(old).expect("a notice to the old address");
    assert!(told.text.contains("另一个邮箱地址"), "{}", told.text);
    let links = |address: &str| {
        let sent = server.mail.sent();
        sent.iter().filter(|mail| mail.to == address && mail.text.contains("token=")).count()
    };
    let forgotten = json!({ "login_name": "executive", "email": mine });
    let asked = anyone.post("/v1/t/takeover/password-resets", &forgotten, 202).await;
    let unknown = json!({ "login_name": "nobody-at-all", "email": mine });
    assert_eq!(asked.body, anyone.post("/v1/t/takeover/password-resets", &unknown, 202).await.body);
    server.work().await;
    assert_eq!(links(mine), 0);
    // Nothing else of the account ends.
    executive.get("/v1/session", 200).await;
    firm.log_in(&server, "executive", 200).await;
    // Disabling and enabling is no way around it.
    admin.post(&format!("{path}/disable"), &json!({}), 200).await;
    admin.post(&format!("{path}/enable"), &json!({}), 200).await;
    server.app.clock.advance(chrono::Duration::hours(23));
    anyone.post("/v1/t/takeover/password-resets", &forgotten, 202).await;
    server.work().await;
    assert_eq!(links(mine), 0);
    server.app.clock.advance(chrono::Duration::hours(2));
    anyone.post("/v1/t/takeover/password-resets", &forgotten, 202).await;
    server.work().await;
    assert_eq!(links(mine), 1);
    // Whoever changes their own has proved who they are.
    let admin = server.with_token(&firm.log_in(&server, "administrator", 200).await.text("/access_token"));
    let own = format!("/v1/staff/{}", firm.staff_id("administrator"));
    let version = admin.get(&own, 200).await.version.expect("a version");
    let own = admin.patch(&own, version, &json!({ "email": "new@takeover.example.com" }), 200).await;
    assert!(own.body["reset_held_until"].is_null());
    let forgotten = json!({ "login_name": "administrator", "email": "new@takeover.example.com" });
    anyone.post("/v1/t/takeover/password-resets", &forgotten, 202).await;
    server.work().await;
    assert_eq!(links("new@takeover.example.com"), 1);
    let told = server.mail.last_to("administrator@takeover.example.com").expect("a notice");
    assert!(!told.text.contains("token="), "{}", told.text);
    server.stop().await;
}

#[actix_web::test]
async fn no_role_joins_what_must_lie_apart_nor_do_two_of_one_person() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "apart").await;
    let admin = firm.staff("administrator");
    let role = async |name: &str, permissions: &[&str], expected: u16| {
        admin.post("/v1/roles", &json!({ "name": name, "permissions": permissions }), expected).await
    };
    for joined in [
        &["staff.manage", "applications.review"][..],
        &["staff.manage", "applications.approve"],
        &["staff.manage", "personal_data.reveal"],
        &["staff.manage", "applications.review", "applications.read", "personal_data.reveal"],
        &["audit.read", "applications.approve", "scorecards.manage"],
        &["audit.read", "applications.review"],
        &["audit.read", "applications.assign"],
        &["audit.read", "enterprises.manage"],
        &["audit.read", "personal_data.reveal"],
        &["scorecards.manage", "applications.approve"],
    ] {
        assert_eq!(role("不相容", joined, 422).await.code(), "duties_conflict", "{joined:?}");
    }
    let reveals = role("查阅", &["applications.read", "personal_data.reveal"], 201).await.text("/id");
    role("审计查阅", &["audit.read", "applications.read", "deliveries.read"], 201).await;
    let path = format!("/v1/staff/{}", firm.staff_id("auditor"));
    let version = admin.get(&path, 200).await.version.expect("a version");
    let wider = json!({ "roles": ["auditor", reveals] });
    assert_eq!(admin.patch(&path, version, &wider, 422).await.code(), "duties_conflict");
    server.stop().await;
}

#[actix_web::test]
async fn what_was_joined_before_it_had_to_be_apart_is_shown() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "older").await;
    let admin = firm.staff("administrator");
    let made = json!({ "name": "查阅", "permissions": ["applications.read", "personal_data.reveal"] });
    let made = admin.post("/v1/roles", &made, 201).await;
    assert_eq!(made.body["conflict"], Value::Null);
    let role = made.text("/id");
    let holder = json!({
        "login_name": "reader", "name": "示例员工", "email": "reader@older.example.com", "data_scope": "all",
        "department": admin.get("/v1/departments", 200).await.text("/items/0/id"), "roles": [role], "authority_limit_fen": 0,
    });
    let holder = admin.post("/v1/staff", &holder, 201).await;
    assert_eq!(holder.body["conflict"], Value::Null);
    let path = format!("/v1/staff/{}", holder.text("/id"));
    db_set_permissions(&server, &firm, &role, &["audit.read", "personal_data.reveal"]).await;
    for (language, why) in [
        ("zh-CN", "查看未脱敏个人信息与审计须由不同的人负责。"),
        ("en", "Seeing personal data unmasked and audit must lie with different people."),
    ] {
        let ask = |path: &str| admin.request(reqwest::Method::GET, path).header("Accept-Language", language);
        assert_eq!(admin.send(ask(&path), 200).await.text("/conflict"), why);
        for (list, id) in [("/v1/staff?limit=100", holder.text("/id")), ("/v1/roles", role.clone())] {
            let all = admin.send(ask(list), 200).await;
            let conflicts =
                all.body["items"].as_array().expect("items").iter().filter(|one| !one["conflict"].is_null());
            let conflicts: Vec<_> = conflicts.map(|one| (one["id"].clone(), one["conflict"].clone())).collect();
            assert_eq!(conflicts, [(json!(id), json!(why))], "{list}");
        }
    }
    // Mended, it is gone.
    let change = json!({ "name": "查阅", "permissions": ["audit.read"] });
    let mended = admin.put(&format!("/v1/roles/{role}"), 1, &change, 200).await;
    assert_eq!(mended.body["conflict"], Value::Null);
    assert_eq!(admin.get(&path, 200).await.body["conflict"], Value::Null);
    server.stop().await;
}

#[actix_web::test]
async fn a_department_takes_only_the_firms_own_products() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create_bare(&server, "ours").await, Firm::create_bare(&server, "theirs").await);
    let admin = firm.staff("administrator");
    let (own, foreign) = (firm.product(&server, "loan_farmer").await, other.product(&server, "loan_farmer").await);
    let rules = |product: &str| json!([{ "region_prefix": "33" }, { "product_id": product }]);
    let refused = admin.post("/v1/departments", &json!({ "name": "一部", "rules": rules(&foreign) }), 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/rules/1/product_id");
    let made = admin.post("/v1/departments", &json!({ "name": "一部", "rules": rules(&own) }), 201).await;
    let path = format!("/v1/departments/{}", made.text("/id"));
    let version = made.version.expect("a version");
    let refused = admin.patch(&path, version, &json!({ "rules": rules(&foreign) }), 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/rules/1/product_id");
    admin.patch(&path, version, &json!({ "rules": rules(&own) }), 200).await;
    server.stop().await;
}
