//! A second factor: set, asked for, used once, lost, taken away; and of whom it is asked.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::support::{Answer, Caller, Firm, PASSWORD, Server};

const MINE: &str = "/v1/session/second-factor";

/// The code that the app would show now.
fn code(server: &Server, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let app = Builder::new().with_secret(secret.as_bytes().to_vec()).build().expect("a generator");
    let now = u64::try_from(server.app.clock.now().timestamp()).expect("after 1970");
    app.generate(now).to_string()
}

/// The next code, of the half minute after.
fn next_code(server: &Server, secret: &str) -> String {
    server.app.clock.advance(Duration::seconds(30));
    code(server, secret)
}

async fn put(caller: &Caller, path: &str, body: &Value, expected: u16) -> Answer {
    caller.send(caller.request(Method::PUT, path).json(body), expected).await
}

async fn delete(caller: &Caller, path: &str, expected: u16) -> Answer {
    caller.send(caller.request(Method::DELETE, path), expected).await
}

/// Sets a second factor; gives its secret and recovery codes.
async fn set(server: &Server, caller: &Caller) -> (String, Vec<String>) {
    let secret = caller.post(MINE, &Value::Null, 201).await.text("/secret");
    let confirmed = put(caller, MINE, &json!({ "code": code(server, &secret) }), 200).await;
    let codes = confirmed.body["recovery_codes"].as_array().expect("codes");
    (secret, codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect())
}

async fn log_in(server: &Server, firm: &Firm, role: &str, code: Option<&str>, expected: u16) -> Answer {
    let mut body = json!({ "login_name": role, "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    server.anyone().post(&format!("/v1/t/{}/staff-sessions", firm.slug), &body, expected).await
}

#[actix_web::test]
async fn a_password_alone_opens_no_more_and_a_code_counts_once() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "factor").await;
    let clerk = firm.staff("clerk");
    let before = firm.log_in(&server, "clerk", 200).await;
    assert_eq!(before.body["must_set_second_factor"], false);
    let elsewhere = server.with_token(&before.text("/access_token"));

    // without effect until it was confirmed
    let begun = clerk.post(MINE, &Value::Null, 201).await;
    assert!(begun.text("/otpauth").contains(&begun.text("/secret")));
    log_in(&server, &firm, "clerk", None, 200).await;
    assert_eq!(clerk.get(MINE, 200).await.body["set"], false);
    let wrong = put(&clerk, MINE, &json!({ "code": "000000" }), 422).await;
    assert_eq!(wrong.body["errors"][0]["code"], "wrong_second_factor");

    let (secret, codes) = set(&server, &clerk).await;
    assert_eq!(codes.len(), 10);
    let shown = clerk.get(MINE, 200).await;
    assert_eq!((&shown.body["set"], &shown.body["recovery_codes_left"]), (&json!(true), &json!(10)));
    // whoever was in by the password alone is out
    elsewhere.get("/v1/session", 401).await;
    assert_eq!(clerk.post(MINE, &Value::Null, 409).await.code(), "second_factor_set");

    assert_eq!(log_in(&server, &firm, "clerk", None, 401).await.code(), "second_factor_needed");
    // the one that confirmed it was used
    let used = code(&server, &secret);
    assert_eq!(log_in(&server, &firm, "clerk", Some(&used), 401).await.code(), "wrong_second_factor");
    let fresh = next_code(&server, &secret);
    log_in(&server, &firm, "clerk", Some(&fresh), 200).await;
    assert_eq!(log_in(&server, &firm, "clerk", Some(&fresh), 401).await.code(), "wrong_second_factor");
    // a recovery code stands in once, however it is written
    let typed = codes[0].to_lowercase().replace('-', " ");
    log_in(&server, &firm, "clerk", Some(&typed), 200).await;
    assert_eq!(log_in(&server, &firm, "clerk", Some(&codes[0]), 401).await.code(), "wrong_second_factor");
    assert_eq!(clerk.get(MINE, 200).await.body["recovery_codes_left"], 9);
    server.stop().await;
}

#[actix_web::test]
async fn codes_cannot_be_guessed_and_one_is_not_taken_twice_at_once() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "guess").await;
    let (secret, codes) = set(&server, &firm.staff("clerk")).await;
    // of many at once with one code, one is let in
    let fresh = next_code(&server, &secret);
    let tries = (0..4).map(|_| async {
        let body = json!({ "login_name": "clerk", "password": PASSWORD, "code": fresh });
        let anyone = server.anyone();
        let request = anyone.request(Method::POST, &format!("/v1/t/{}/staff-sessions", firm.slug)).json(&body);
        request.send().await.expect("an answer").status().as_u16()
    });
    let mut all = futures_util::future::join_all(tries).await;
    all.sort_unstable();
    assert_eq!(all, [200, 401, 401, 401]);
    // five wrong ones lock, and the right one helps no more; a password without a code is no try
    log_in(&server, &firm, "clerk", Some(&codes[0]), 200).await;
    for number in 0..5 {
        assert_eq!(log_in(&server, &firm, "clerk", None, 401).await.code(), "second_factor_needed");
        log_in(&server, &firm, "clerk", Some(&format!("00000{number}")), 401).await;
    }
    let right = next_code(&server, &secret);
    assert_eq!(log_in(&server, &firm, "clerk", Some(&right), 401).await.code(), "wrong_password");
    assert_eq!(log_in(&server, &firm, "clerk", None, 401).await.code(), "wrong_password");
    // with a wrong password nobody learns that there is a second factor, and no code is used up
    server.app.clock.advance(Duration::minutes(16));
    let fresh = next_code(&server, &secret);
    let body = json!({ "login_name": "clerk", "password": "not the password", "code": fresh });
    let path = format!("/v1/t/{}/staff-sessions", firm.slug);
    assert_eq!(server.anyone().post(&path, &body, 401).await.code(), "wrong_password");
    log_in(&server, &firm, "clerk", Some(&fresh), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn of_whom_it_is_asked_may_do_nothing_but_set_one() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "asked").await;
    let officer = firm.staff("security_officer");
    let rules = json!({ "second_factor": "privileged", "idle_minutes": 60 });
    let none = officer.get("/v1/security-rules", 200).await;
    assert_eq!(
        (&none.body["second_factor"], &none.body["platform_second_factor"], none.version),
        (&json!("off"), &json!("off"), Some(0))
    );
    for (bad, status) in [(json!(14), 422), (json!(721), 422), (json!("x"), 422)] {
        let body = json!({ "second_factor": "all", "idle_minutes": bad });
        officer.put("/v1/security-rules", 0, &body, status).await;
    }
    officer.put("/v1/security-rules", 0, &rules, 200).await;
    assert_eq!(officer.put("/v1/security-rules", 0, &rules, 409).await.code(), "stale");
    officer.put("/v1/security-rules", 1, &rules, 200).await;

    // the clerk is asked for none
    let clerk = log_in(&server, &firm, "clerk", None, 200).await;
    assert_eq!(clerk.body["must_set_second_factor"], false);
    let session = log_in(&server, &firm, "auditor", None, 200).await;
    assert_eq!(session.body["must_set_second_factor"], true);
    let auditor = server.with_token(&session.text("/access_token"));
    assert_eq!(auditor.get("/v1/audit-entries", 403).await.code(), "forbidden");
    assert_eq!(auditor.get(MINE, 200).await.body["asked"], true);
    set(&server, &auditor).await;
    let refresh = json!({ "refresh_token": session.text("/refresh_token") });
    let next = server.anyone().post("/v1/sessions/refresh", &refresh, 200).await;
    let auditor = server.with_token(&next.text("/access_token"));
    auditor.get("/v1/audit-entries", 200).await;
    // taken away, it is asked again
    delete(&auditor, MINE, 204).await;
    auditor.get("/v1/audit-entries", 401).await;
    let session = log_in(&server, &firm, "auditor", None, 200).await;
    assert_eq!(session.body["must_set_second_factor"], true);
    server.stop().await;
}

#[actix_web::test]
async fn a_lost_telephone_is_helped_by_the_security_officer_alone() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "lost").await;
    let clerk = firm.staff("clerk");
    set(&server, &clerk).await;
    let path = format!("/v1/staff/{}/second-factor", firm.staff_id("clerk"));
    delete(&firm.staff("administrator"), &path, 403).await;
    let officer = firm.staff("security_officer");
    let own = format!("/v1/staff/{}/second-factor", firm.staff_id("security_officer"));
    assert_eq!(delete(&officer, &own, 409).await.code(), "not_self");
    delete(&officer, &path, 204).await;
    clerk.get("/v1/session", 401).await;
    log_in(&server, &firm, "clerk", None, 200).await;
    let audit = firm.staff("auditor").get("/v1/audit-entries?action=second_factor.reset", 200).await;
    assert_eq!(audit.body["items"].as_array().map(Vec::len), Some(1));
    server.stop().await;
}
