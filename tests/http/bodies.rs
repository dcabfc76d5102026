//! What does not fit is named where it stands, in the caller's language alone, and never repeated: it may be a phone.

use serde_json::{Value, json};

use crate::support::{Firm, Server};

/// A phone that was sent in the wrong form, and that no answer may show.
const PHONE: u64 = 13_800_138_000;

#[actix_web::test]
async fn a_body_that_does_not_fit_is_named_and_not_repeated() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "misfits").await;
    let admin = firm.staff("administrator");
    let anyone = server.anyone();
    let login = |changes: Value| {
        let mut body =
            json!({ "phone": "13800138000", "code": "123456", "privacy_version": "a", "terms_version": "a" });
        for (name, value) in changes.as_object().expect("members") {
            body[name] = value.clone();
        }
        body
    };
    let sms = "/v1/t/misfits/sms-codes";
    let sessions = "/v1/t/misfits/applicant-sessions";
    for (path, body, pointer, code, zh) in [
        (sms, json!({}), "/phone", "required", "请填写此项"),
        (sms, json!({ "phone": PHONE }), "/phone", "type", "类型不对，应为文字"),
        (sessions, login(json!({ "phones": PHONE.to_string() })), "/phones", "unknown", "没有此项，请检查拼写"),
        (sessions, login(json!({ "code": [PHONE] })), "/code", "type", "类型不对，应为文字"),
    ] {
        for (language, message) in [("zh-CN", Some(zh)), ("en", None)] {
            let request = anyone.request(reqwest::Method::POST, path).header("Accept-Language", language);
            let answer = anyone.send(request.json(&body), 422).await;
            assert_eq!(
                (answer.text("/errors/0/pointer"), answer.text("/errors/0/code")),
                (pointer.into(), code.into())
            );
            let said = answer.text("/errors/0/message");
            assert!(!answer.body.to_string().contains(&PHONE.to_string()), "{:#}", answer.body);
            match message {
                Some(message) => assert_eq!(said, message),
                None => assert!(said.is_ascii() && !said.contains("field `"), "{said}"),
            }
        }
    }
    let card = json!({ "kind": "admission", "effective_from": "2026-01-01", "body": { "risks": PHONE } });
    let refused = admin.post("/v1/scorecards", &card, 422).await;
    assert!(
        !refused.body.to_string().contains(&PHONE.to_string())
            && refused.text("/errors/0/pointer").starts_with("/body")
    );
    server.stop().await;
}

#[actix_web::test]
async fn a_query_that_does_not_fit_names_its_parameter() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "queries").await;
    let admin = firm.staff("administrator");
    for (query, pointer, zh) in [
        ("limit=13800138000x", "?limit", "查询参数“limit”：应为不小于0的整数。"),
        ("limits=1", "?limits", "查询参数“limits”：没有此项，请检查拼写。"),
        ("limit=1&limit=2", "?limit", "查询参数“limit”：此项重复，请只保留一个。"),
    ] {
        let answer = admin.get(&format!("/v1/departments?{query}"), 400).await;
        assert_eq!((answer.code(), answer.text("/detail")), ("invalid_parameter".into(), zh.into()));
        assert_eq!(answer.text("/errors/0/pointer"), pointer);
        assert!(!answer.body.to_string().contains("13800138000"));
    }
    server.stop().await;
}
