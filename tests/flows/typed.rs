//! What the firm's staff type is taken only where it means something: rules that name nothing, roles that see nothing and
//! texts that would read wrongly are refused by name.

use serde_json::{Value, json};

use crate::support::{Caller, Firm, PASSWORD, Server};

/// Posts a body that is refused and gives pointer and message of its one problem.
async fn problem(caller: &Caller, path: &str, body: &Value) -> (String, String) {
    let refused = caller.post(path, body, 422).await;
    assert_eq!(refused.body["errors"].as_array().map(Vec::len), Some(1), "{:#}", refused.body);
    (refused.text("/errors/0/pointer"), refused.text("/errors/0/message"))
}

#[actix_web::test]
async fn rules_and_conditions_name_what_is_there_and_once() {
    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "typed").await;
    let admin = firm.staff("administrator");
    let product = firm.product(&server, "loan_enterprise").await;
    let stranger = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c";
    let rule = |rules: Value| json!({ "name": "北区", "rules": rules });
    for (rules, pointer, message) in [
        (json!([{ "product_id": stranger }]), "/rules/0/product_id", "没有这个担保产品"),
        (json!([{ "region_prefix": "99" }]), "/rules/0/region_prefix", "没有这个地区"),
        (json!([{ "region_prefix": "3399" }]), "/rules/0/region_prefix", "没有这个地区"),
        (json!([{ "region_prefix": "33" }, { "region_prefix": "33" }]), "/rules/1", "与前面的规则重复，请删除"),
    ] {
        let told = problem(&admin, "/v1/departments", &rule(rules)).await;
        assert_eq!(told, (pointer.to_owned(), message.to_owned()));
    }
    let good = json!([{ "region_prefix": "33" }, { "region_prefix": "3301" }, { "product_id": product }]);
    let made = admin.post("/v1/departments", &rule(good), 201).await;
    let change = json!({ "rules": [{ "product_id": stranger }] });
    let path = format!("/v1/departments/{}", made.text("/id"));
    admin.patch(&path, made.version.expect("a version"), &change, 422).await;
    let policy =
        |conditions: Value| json!({ "title": "示例政策", "body": "正文", "source": "示例", "conditions": conditions });
    for (conditions, pointer) in [
        (json!({ "purposes": ["no_such_purpose"] }), "/conditions/purposes/0"),
        (json!({ "regions": ["330000", "330000"] }), "/conditions/regions/1"),
    ] {
        assert_eq!(problem(&admin, "/v1/policies", &policy(conditions)).await.0, pointer);
    }
    admin.post("/v1/policies", &policy(json!({ "purposes": ["working_capital"], "regions": ["330000"] })), 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_role_that_acts_sees_what_it_acts_on_and_a_new_password_is_new() {
    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "roles").await;
    let admin = firm.staff("administrator");
    let role = |permissions: Value| json!({ "name": "审批员", "permissions": permissions });
    let told = problem(&admin, "/v1/roles", &role(json!(["applications.approve"]))).await;
    assert_eq!(told, ("/permissions".into(), "办理申请的权限须与“查看申请”一同授予".into()));
    admin.post("/v1/roles", &role(json!(["applications.approve", "applications.read"])), 201).await;
    let same = json!({ "old_password": PASSWORD, "new_password": PASSWORD });
    let refused = admin.send(admin.request(reqwest::Method::PUT, "/v1/session/password").json(&same), 422).await;
    assert_eq!(refused.text("/errors/0/code"), "password_same");
    let seen = admin.get("/v1/settings", 200).await;
    for (name, value, code) in [("sms_signature", "【示例】", "brackets"), ("service_phone", "电话", "phone_format")]
    {
        let mut settings = seen.body["settings"].clone();
        settings[name] = json!(value);
        let refused = admin.put("/v1/settings", seen.version.expect("a version"), &settings, 422).await;
        assert_eq!(
            (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
            (format!("/{name}"), code.into())
        );
    }
    server.stop().await;
}
