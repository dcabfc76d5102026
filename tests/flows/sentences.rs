//! What people are told when something does not go: which thing it is, by the name they know it by, and what to do.

use api::demonstration::sources::FIRMS;
use serde_json::{Value, json};

use crate::support::{Caller, Firm, Server, consent_by, id_number, person_form};

/// The errors of a problem as (pointer, label, message).
fn errors(problem: &Value) -> Vec<(&str, &str, &str)> {
    let all = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(|error| (word(error, "pointer"), word(error, "label"), word(error, "message"))).collect()
}

fn word<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

async fn start(server: &Server, firm: &Firm, applicant: &Caller, kind: &str, subject: &str) -> (String, i64) {
    let product = firm.product(server, kind).await;
    let body = json!({ "product_id": product, "subject_kind": subject });
    let made = applicant.post("/v1/my/applications", &body, 201).await;
    (format!("/v1/my/applications/{}", made.text("/id")), made.version.expect("a version"))
}

#[actix_web::test]
async fn a_form_is_told_field_by_field_by_its_labels() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "labels").await;
    let applicant = firm.applicant(&server, "13900000061").await;
    let (mine, version) = start(&server, &firm, &applicant, "loan_enterprise", "enterprise").await;
    let wrong = json!({ "subject": { "capacity": "boss" } });
    let refused = applicant.patch(&mine, version, &wrong, 422).await;
    let capacity = ("/subject/capacity", "办理人身份", "请从以下选项中选择：法定代表人、经办人");
    assert_eq!(errors(&refused.body), [capacity]);
    let english = applicant.request(reqwest::Method::PATCH, &mine).header("If-Match", format!("\"{version}\""));
    let english = applicant.send(english.header("Accept-Language", "en").json(&wrong), 422).await;
    assert_eq!(errors(&english.body)[0].1, "Capacity");
    let missing = applicant.act(&format!("{mine}/submit"), version, &json!({}), 422).await;
    assert!(errors(&missing.body).iter().all(|(_, label, _)| !label.is_empty()), "{:#}", missing.body);
    server.stop().await;
}

#[actix_web::test]
async fn what_is_closed_or_taken_says_so() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "taken").await;
    let admin = firm.staff("administrator");
    let applicant = firm.applicant(&server, "13900000062").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let mine = format!("/v1/my/applications/{id}");
    let seen = applicant.get(&mine, 200).await;
    let gone = applicant.act(&format!("{mine}/withdraw"), seen.version.expect("a version"), &json!({}), 200).await;
    let locked = applicant.patch(&mine, gone.version.expect("a version"), &json!({ "term_months": 6 }), 409).await;
    assert_eq!(locked.text("/detail"), "申请已办结（已撤回），不能再修改；如仍需办理请重新申请。");
    let staff = json!({
        "login_name": "another", "name": "示例员工", "email": "clerk@taken.example.com",
        "department": admin.get("/v1/departments", 200).await.text("/items/0/id"), "roles": ["clerk"],
        "data_scope": "own", "authority_limit_fen": 0,
    });
    let taken = admin.post("/v1/staff", &staff, 409).await;
    assert_eq!(errors(&taken.body), [("/email", "", "该邮箱已被使用，请换一个")]);
    let clerk = firm.staff("clerk");
    let firms = json!({ "full_name": "示例甲有限公司", "credit_code": "91350100M000100Y43" });
    clerk.post("/v1/enterprises", &firms, 201).await;
    let twice = clerk.post("/v1/enterprises", &firms, 409).await;
    assert_eq!(twice.text("/detail"), "企业库中已有该企业，请修改已有记录。");
    let ask = json!({ "phone": "13900000063" });
    server.anyone().post("/v1/t/taken/sms-codes", &ask, 202).await;
    let often = server.anyone().post("/v1/t/taken/sms-codes", &ask, 429).await;
    let wait = often.headers["retry-after"].to_str().expect("seconds").to_owned();
    assert_eq!(often.text("/detail"), format!("请{wait}秒后再试。"));
    server.stop().await;
}

#[actix_web::test]
async fn each_step_of_the_staff_names_what_it_lacks() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "steps").await;
    let officer = firm.staff("investigator");
    let applicant = firm.applicant(&server, "13900000064").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let case = format!("/v1/applications/{id}");
    let seen = officer.get(&case, 200).await;
    let version = seen.version.expect("a version");
    assert!(seen.body["allowed_actions"].as_array().expect("actions").contains(&json!("recollect")));
    let items = json!({ "items": [
        { "item": "/contact/phone", "reason": " " }, { "item": "#no_such_item", "reason": "请补充" },
    ]});
    let refused = officer.act(&format!("{case}/return"), version, &items, 422).await;
    let places: Vec<_> = errors(&refused.body).iter().map(|(pointer, ..)| *pointer).collect();
    assert_eq!(places, ["/items/0/reason", "/items/1/item"]);
    let blank = json!({ "advice": "decline", "opinion": " " });
    let refused = officer.act(&format!("{case}/recommend"), version, &blank, 422).await;
    assert!(errors(&refused.body)[0].2.starts_with("请填写意见"));
    let mine = format!("/v1/my/applications/{id}");
    let owner = applicant.get(&mine, 200).await.body["allowed_actions"].clone();
    for action in ["upload", "consent", "withdraw"] {
        assert!(owner.as_array().expect("actions").contains(&json!(action)), "{action}: {owner}");
    }
    let mut fewer = consent_by("legal_representative", FIRMS[0].legal_representative);
    fewer["sources"] = json!(["registration"]);
    applicant.post(&format!("{mine}/authorisations"), &fewer, 201).await;
    let listed = applicant.get(&format!("{mine}/authorisations"), 200).await;
    assert_eq!(listed.text("/items/1/state_zh"), "已由新的授权替代", "{:#}", listed.body);
    let farmer = firm.applicant(&server, "13900000065").await;
    let form = person_form(&id_number("330106", "19900101", 12));
    let case = format!("/v1/applications/{}", firm.person_submitted(&server, &farmer, &form).await);
    let seen = officer.get(&case, 200).await;
    let again = json!({ "reason": "请重新采集" });
    let refused = officer.act(&format!("{case}/recollect"), seen.version.expect("a version"), &again, 409).await;
    assert_eq!(refused.text("/detail"), "个人申请不采集数据，无需重新采集。");
    server.stop().await;
}
