//! Applicants log in with a code, staff with a password; tokens rotate and end.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{Firm, PASSWORD, Server, db_count};

#[actix_web::test]
async fn an_account_exists_from_the_first_log_in_on() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "codes").await;
    let anyone = server.anyone();
    let code = firm.code(&server, "13900000011").await;
    let login = |code: &str, version: &str| json!({ "phone": "13900000011", "code": code, "privacy_version": version, "terms_version": "2026-01" });
    let path = "/v1/t/codes/applicant-sessions";
    assert_eq!(anyone.post(path, &login(&code, "old"), 422).await.code(), "notice_not_accepted");
    let first = anyone.post(path, &login(&code, "2026-01"), 200).await;
    assert_eq!(first.body["new_account"], true);
    // A code works once.
    assert_eq!(anyone.post(path, &login(&code, "2026-01"), 401).await.code(), "wrong_code");
    server.app.clock.advance(Duration::minutes(2));
    let code = firm.code(&server, "13900000011").await;
    let again = anyone.post(path, &login(&code, "2026-01"), 200).await;
    assert_eq!(again.body["new_account"], false);
    assert_eq!(again.body["applicant"], first.body["applicant"]);
    server.stop().await;
}

#[actix_web::test]
async fn codes_cannot_be_pumped_or_guessed() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "limits").await;
    let anyone = server.anyone();
    let ask = json!({ "phone": "13900000012" });
    let mut sent = 0;
    // Asked every ten minutes for 23 hours: five an hour and ten a day at the most.
    let mut allowed = vec![];
    for step in 0..(23 * 6) {
        let request = anyone
            .request(reqwest::Method::POST, "/v1/t/limits/sms-codes")
            .header("Idempotency-Key", format!("k{step}"));
        let status = request.json(&ask).send().await.expect("an answer").status().as_u16();
        assert!(status == 202 || status == 429, "{status}");
        if status == 202 {
            sent += 1;
            allowed.push(step);
        }
        server.app.clock.advance(Duration::minutes(10));
    }
    assert_eq!(sent, 10, "{allowed:?}");
    assert!(allowed.windows(6).all(|w| w[5] - w[0] >= 6), "{allowed:?}");
    // Five wrong tries end a code, also for who knows it.
    let code = firm.code(&server, "13900000013").await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let login = |code: &str| json!({ "phone": "13900000013", "code": code, "privacy_version": "2026-01", "terms_version": "2026-01" });
    for _ in 0..5 {
        anyone.post("/v1/t/limits/applicant-sessions", &login(wrong), 401).await;
    }
    anyone.post("/v1/t/limits/applicant-sessions", &login(&code), 401).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_refresh_token_works_once_and_a_replayed_one_ends_the_family() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "refresh").await;
    let anyone = server.anyone();
    let session = firm.log_in(&server, "investigator", 200).await;
    let refresh = |token: String, expected: u16| {
        let body = json!({ "refresh_token": token });
        let anyone = anyone.clone();
        async move { anyone.post("/v1/sessions/refresh", &body, expected).await }
    };
    let first = session.text("/refresh_token");
    let second = refresh(first.clone(), 200).await;
    // A client whose answer was lost asks again within seconds and gets the same successor.
    let lost = refresh(first.clone(), 200).await;
    assert_eq!(lost.text("/refresh_token"), second.text("/refresh_token"));
    let access = server.with_token(&second.text("/access_token"));
    access.get("/v1/session", 200).await;
    server.app.clock.advance(Duration::seconds(30));
    refresh(first, 401).await;
    refresh(second.text("/refresh_token"), 401).await;
    access.get("/v1/session", 401).await;
    server.stop().await;
}

#[actix_web::test]
async fn logging_out_ends_the_access_token_too() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "logout").await;
    let session = firm.log_in(&server, "reviewer", 200).await;
    let caller = server.with_token(&session.text("/access_token"));
    caller.get("/v1/session", 200).await;
    caller.send(caller.request(reqwest::Method::DELETE, "/v1/session"), 204).await;
    caller.get("/v1/session", 401).await;
    // Another log-in of the same person goes on.
    firm.staff("reviewer").get("/v1/session", 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn wrong_passwords_lock_for_a_while_and_a_link_sets_a_new_one() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "passwords").await;
    let anyone = server.anyone();
    let path = "/v1/t/passwords/staff-sessions";
    let wrong = json!({ "login_name": "clerk", "password": "not the password at all" });
    for _ in 0..5 {
        anyone.post(path, &wrong, 401).await;
    }
    assert_eq!(firm.log_in(&server, "clerk", 401).await.code(), "wrong_password");
    server.app.clock.advance(Duration::minutes(16));
    firm.log_in(&server, "clerk", 200).await;
    assert_eq!(
        anyone.post(path, &json!({ "login_name": "nobody", "password": PASSWORD }), 401).await.code(),
        "wrong_password"
    );
    let forgotten = json!({ "login_name": "clerk", "email": "clerk@passwords.example.com" });
    anyone.post("/v1/t/passwords/password-resets", &forgotten, 202).await;
    server.work().await;
    let mail = server.mail.last_to("clerk@passwords.example.com").expect("a mail");
    let token = crate::support::token_of(&mail.text);
    let weak = json!({ "token": token, "password": "password" });
    anyone.post("/v1/t/passwords/passwords", &weak, 422).await;
    let strong = json!({ "token": token, "password": "another long phrase of it" });
    anyone.post("/v1/t/passwords/passwords", &strong, 204).await;
    assert_eq!(anyone.post("/v1/t/passwords/passwords", &strong, 410).await.code(), "link_used");
    firm.log_in(&server, "clerk", 401).await;
    // The log-in of before the reset has ended with it.
    firm.staff("clerk").get("/v1/session", 401).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_lock_tells_its_owner_and_nobody_else_that_there_is_an_account() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "secrecy").await;
    let anyone = server.anyone();
    let checks = || server.app.password_checks.load(std::sync::atomic::Ordering::Relaxed);
    let mut seen = vec![];
    for name in ["clerk", "nobody-of-that-name"] {
        let mut answers = vec![];
        for _ in 0..7 {
            let (before, wrong) = (checks(), json!({ "login_name": name, "password": "not the password at all" }));
            let mut answer = anyone.post("/v1/t/secrecy/staff-sessions", &wrong, 401).await;
            answer.body["request_id"] = json!(null);
            let mut names: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
            names.sort();
            let jobs = db_count(&server, &firm, "jobs WHERE state = 'ready'").await;
            answers.push((answer.body, names, checks() - before, jobs));
            server.work().await;
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].iter().all(|(_, _, checks, _)| *checks == 1));
    // Nor does the right password help while the lock holds; the owner has mail, once.
    assert_eq!(firm.log_in(&server, "clerk", 401).await.code(), "wrong_password");
    let told = server.mail.last_to("clerk@secrecy.example.com").expect("a mail");
    assert!(told.text.contains("15分钟") && told.text.contains("忘记密码"), "{}", told.text);
    let mails = |text: &str| server.mail.sent().iter().filter(|mail| mail.text.contains(text)).count();
    assert_eq!(mails("暂时锁定"), 1);
    server.app.clock.advance(Duration::minutes(16));
    firm.log_in(&server, "clerk", 200).await;
    server.stop().await;
}

/// The answer to a challenge, as a widget finds it.
fn answered(challenge: &serde_json::Value) -> String {
    let member = |name: &str| challenge[name].as_str().expect("a text").to_owned();
    let (salt, wanted) = (member("salt"), member("challenge"));
    let hash = |number: &u64| {
        let digest = Sha256::digest(format!("{salt}{number}"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let most = challenge["maxnumber"].as_u64().expect("a number");
    let number = (0..=most).find(|number| hash(number) == wanted).expect("there is one");
    let answer = json!({
        "algorithm": challenge["algorithm"], "challenge": wanted, "number": number, "salt": salt,
        "signature": challenge["signature"],
    });
    STANDARD.encode(answer.to_string())
}

#[actix_web::test]
async fn where_a_challenge_is_asked_no_sms_goes_without_an_answer_and_each_counts_once() {
    let told = [("ZHIDAN_SECURITY__CAPTCHA", "work"), ("ZHIDAN_SECURITY__CAPTCHA_WORK", "1000")];
    let server = Server::start_with(&told).await;
    let (firm, other) = (Firm::create(&server, "toil").await, Firm::create_bare(&server, "else").await);
    let anyone = server.anyone();
    assert_eq!(anyone.get("/v1/t/toil", 200).await.body["captcha"], true);
    let sent = server.sms.sent().len();
    let ask = async |tenant: &str, phone: &str, captcha: &str, status: u16| {
        let body = json!({ "phone": phone, "captcha": captcha });
        anyone.post(&format!("/v1/t/{tenant}/sms-codes"), &body, status).await
    };
    let without = anyone.post("/v1/t/toil/sms-codes", &json!({ "phone": "13900000001" }), 422).await;
    assert_eq!(
        (without.text("/errors/0/pointer"), without.text("/errors/0/code")),
        ("/captcha".into(), "required".into())
    );
    let challenge = anyone.get("/v1/t/toil/captcha", 200).await;
    assert_eq!(challenge.headers["cache-control"], "no-store", "each asker has one of their own");
    let challenge = challenge.body;
    let answer = answered(&challenge);
    assert_eq!(ask(&other.slug, "13900000001", &answer, 422).await.text("/errors/0/code"), "wrong");
    ask(&firm.slug, "13900000001", &answer, 202).await;
    server.work().await;
    assert_eq!(server.sms.sent().len(), sent + 1);
    assert_eq!(ask(&firm.slug, "13900000002", &answer, 422).await.text("/errors/0/code"), "used");
    let late = answered(&anyone.get("/v1/t/toil/captcha", 200).await.body);
    server.app.clock.advance(Duration::minutes(10));
    assert_eq!(ask(&firm.slug, "13900000002", &late, 422).await.text("/errors/0/code"), "expired");
    server.work().await;
    assert_eq!(server.sms.sent().len(), sent + 1);
    server.stop().await;

    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "none").await;
    assert_eq!(server.anyone().get("/v1/t/none", 200).await.body["captcha"], false);
    server.anyone().get("/v1/t/none/captcha", 404).await;
    let body = json!({ "phone": "13900000001" });
    server.anyone().post(&format!("/v1/t/{}/sms-codes", firm.slug), &body, 202).await;
    server.stop().await;
}
