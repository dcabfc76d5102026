//! Where one is logged in: seen, ended, ended by others, ended by lying unused; and proven anew for what does much harm.

use chrono::Duration;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Caller, Firm, PASSWORD, Server, token_of};

async fn delete(caller: &Caller, path: &str, expected: u16) -> Answer {
    caller.send(caller.request(Method::DELETE, path), expected).await
}

async fn another(server: &Server, firm: &Firm, role: &str) -> (Caller, String) {
    let session = firm.log_in(server, role, 200).await;
    let caller = server.with_token(&session.text("/access_token"));
    let id = caller.get("/v1/session", 200).await.text("/session");
    (caller, id)
}

fn ids(answer: &Answer) -> Vec<String> {
    let items = answer.body["items"].as_array().expect("items");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[actix_web::test]
async fn ones_log_ins_are_seen_and_ended_one_by_one_or_all_others() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "mine").await;
    let clerk = firm.staff("clerk");
    let (second, second_id) = another(&server, &firm, "clerk").await;
    let (third, third_id) = another(&server, &firm, "clerk").await;
    let seen = clerk.get("/v1/sessions", 200).await;
    assert_eq!(ids(&seen)[..2], [third_id.clone(), second_id.clone()]);
    assert_eq!(seen.body["items"][0]["address"], "127.0.0.1");
    let this: Vec<bool> = seen.body["items"].as_array().expect("items").iter().map(|i| i["this_one"] == true).collect();
    assert_eq!(this.iter().filter(|this| **this).count(), 1);
    // somebody else's is not there, and not of another firm either
    let reviewer = firm.staff("reviewer");
    delete(&reviewer, &format!("/v1/sessions/{second_id}"), 404).await;
    delete(&clerk, &format!("/v1/sessions/{second_id}"), 204).await;
    second.get("/v1/session", 401).await;
    delete(&clerk, &format!("/v1/sessions/{second_id}"), 404).await;
    delete(&clerk, "/v1/sessions", 204).await;
    third.get("/v1/session", 401).await;
    assert_eq!(ids(&clerk.get("/v1/sessions", 200).await).len(), 1);
    reviewer.get("/v1/session", 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn the_security_officer_ends_anybodys_and_nobody_else_does() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "anyone").await;
    let officer = firm.staff("security_officer");
    let (second, second_id) = another(&server, &firm, "clerk").await;
    let base = format!("/v1/staff/{}/sessions", firm.staff_id("clerk"));
    for role in ["administrator", "auditor", "clerk"] {
        firm.staff(role).get(&base, 403).await;
        delete(&firm.staff(role), &base, 403).await;
    }
    assert!(ids(&officer.get(&base, 200).await).contains(&second_id));
    // under another person's address it is not there
    let other = format!("/v1/staff/{}/sessions/{second_id}", firm.staff_id("reviewer"));
    delete(&officer, &other, 404).await;
    delete(&officer, &format!("{base}/{second_id}"), 204).await;
    second.get("/v1/session", 401).await;
    firm.staff("clerk").get("/v1/session", 200).await;
    delete(&officer, &base, 204).await;
    firm.staff("clerk").get("/v1/session", 401).await;
    assert!(ids(&officer.get(&base, 200).await).is_empty());
    server.stop().await;
}

#[actix_web::test]
async fn a_log_in_of_staff_that_lies_unused_ends() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "idle").await;
    let refresh = async |token: &str, expected: u16| {
        server.anyone().post("/v1/sessions/refresh", &json!({ "refresh_token": token }), expected).await
    };
    let first = firm.log_in(&server, "clerk", 200).await.text("/refresh_token");
    server.app.clock.advance(Duration::minutes(59));
    let second = refresh(&first, 200).await.text("/refresh_token");
    server.app.clock.advance(Duration::minutes(61));
    refresh(&second, 401).await;
    // the firm says for how long
    let session = firm.log_in(&server, "security_officer", 200).await.text("/access_token");
    let rules = json!({ "second_factor": "off", "idle_minutes": 240 });
    server.with_token(&session).put("/v1/security-rules", 0, &rules, 200).await;
    let third = firm.log_in(&server, "clerk", 200).await.text("/refresh_token");
    server.app.clock.advance(Duration::minutes(200));
    let fourth = refresh(&third, 200).await.text("/refresh_token");
    server.app.clock.advance(Duration::minutes(241));
    refresh(&fourth, 401).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_password_does_not_come_again_for_a_while() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "again").await;
    let clerk = firm.staff("clerk");
    let change = async |old: &str, new: &str, expected: u16| {
        let body = json!({ "old_password": old, "new_password": new });
        clerk.send(clerk.request(Method::PUT, "/v1/session/password").json(&body), expected).await
    };
    let phrases: Vec<String> = (1..=6).map(|number| format!("一匹绿色的马在跑步机上跑了{number}圈")).collect();
    let mut in_use = PASSWORD.to_owned();
    for (done, phrase) in phrases.iter().enumerate() {
        change(&in_use, phrase, 204).await;
        in_use.clone_from(phrase);
        let refused = change(&in_use, PASSWORD, if done < 5 { 422 } else { 204 }).await;
        if done < 5 {
            assert_eq!(refused.body["errors"][0]["code"], "password_same", "after {done}");
        }
    }
    // a link sets none of those either, and is not used up by the try
    let forgotten = json!({ "login_name": "clerk", "email": "clerk@again.example.com" });
    server.anyone().post("/v1/t/again/password-resets", &forgotten, 202).await;
    server.work().await;
    let mail = server.mail.last_to("clerk@again.example.com").expect("a mail");
    let set = |phrase: &str| json!({ "token": token_of(&mail.text), "password": phrase });
    let path = "/v1/t/again/passwords";
    let refused = server.anyone().post(path, &set(&phrases[5]), 422).await;
    assert_eq!(refused.body["errors"][0]["code"], "password_same");
    server.anyone().post(path, &set("another phrase altogether"), 204).await;
    server.stop().await;
}

#[actix_web::test]
async fn what_does_much_harm_asks_for_the_password_again() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "proof").await;
    let session = firm.log_in(&server, "administrator", 200).await;
    server.app.clock.advance(Duration::minutes(16));
    let refresh = json!({ "refresh_token": session.text("/refresh_token") });
    let next = server.anyone().post("/v1/sessions/refresh", &refresh, 200).await;
    let admin = server.with_token(&next.text("/access_token"));
    let role = json!({ "name": "查询员", "permissions": ["products.read"] });
    assert_eq!(admin.post("/v1/roles", &role, 403).await.code(), "proof_needed");
    // reading asks for nothing
    admin.get("/v1/roles", 200).await;
    let proof = |password: &str| json!({ "password": password });
    let wrong = admin.post("/v1/session/proof", &proof("not the password"), 422).await;
    assert_eq!(wrong.body["errors"][0]["pointer"], "/password");
    assert_eq!(admin.post("/v1/roles", &role, 403).await.code(), "proof_needed");
    admin.post("/v1/session/proof", &proof(PASSWORD), 204).await;
    admin.post("/v1/roles", &role, 201).await;
    // wrong ones count as they do at logging in
    for _ in 0..5 {
        admin.post("/v1/session/proof", &proof("not the password"), 422).await;
    }
    assert_eq!(admin.post("/v1/session/proof", &proof(PASSWORD), 429).await.code(), "account_locked");
    let applicant = firm.applicant(&server, "13900000088").await;
    applicant.post("/v1/session/proof", &proof("x"), 403).await;
    server.stop().await;
}
