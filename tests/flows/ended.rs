//! What ended stays ended: no access token outlives the log-in, the account or the rights that it came from, however
//! requests fall together.

use chrono::Duration;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::support::{Caller, Firm, Hire, Server};

/// Somebody new, with the refresh token of a log-in of theirs.
async fn hired(server: &Server, firm: &Firm, name: &str) -> (String, String) {
    let department = firm.default_department().await;
    let hire = Hire { login_name: name, role: "clerk", department: &department, scope: "all" };
    let (_, id) = firm.hire(server, &hire).await;
    (id, firm.log_in(server, name, 200).await.text("/refresh_token"))
}

/// Presents one refresh token many times at once, while `meanwhile` runs among them and the clock goes on; gives the
/// access tokens that came of it.
async fn refreshed_while(server: &Server, refresh: &str, meanwhile: impl Future<Output = ()>) -> Vec<String> {
    let (anyone, clock) = (server.anyone(), &server.app.clock);
    let ask = async || {
        let body = json!({ "refresh_token": refresh });
        let request = anyone.request(reqwest::Method::POST, "/v1/sessions/refresh").json(&body);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("JSON");
        assert!(matches!(status, 200 | 401), "{status}: {body:#}");
        // within what a client who asks twice is allowed
        clock.advance(Duration::milliseconds(300));
        body["access_token"].as_str().map(str::to_owned)
    };
    let early = join_all((0..15).map(|_| ask()));
    let late = join_all((0..15).map(|_| ask()));
    let (early, (_, late)) = join(early, join(meanwhile, late)).await;
    early.into_iter().chain(late).flatten().collect()
}

/// The permissions that a token gives, if it is let in.
async fn permissions(caller: &Caller) -> Option<Value> {
    let answer = caller.request(reqwest::Method::GET, "/v1/session").send().await.expect("an answer");
    match answer.status().as_u16() {
        200 => Some(answer.json::<Value>().await.expect("JSON")["permissions"].clone()),
        401 => None,
        status => panic!("{status}"),
    }
}

#[actix_web::test]
async fn a_log_in_that_ended_takes_every_token_of_its_own_with_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "whole").await;
    let session = firm.log_in(&server, "reviewer", 200).await;
    let token = session.text("/access_token");
    // What a refresh gives that was asked for before the end and is through with it some seconds after.
    let (principal, issued) = server.app.tokens.verify(&token, server.app.clock.now()).expect("a token of ours");
    let late = server.app.tokens.issue(&principal, issued + Duration::seconds(4)).expect("a token");
    let (caller, late) = (server.with_token(&token), server.with_token(&late.token));
    late.get("/v1/session", 200).await;
    caller.send(caller.request(reqwest::Method::DELETE, "/v1/session"), 204).await;
    late.get("/v1/session", 401).await;
    // And in a process that has it from the database alone.
    server.app.revocations.refresh(&server.app.db, server.app.clock.now()).await.expect("the database answers");
    late.get("/v1/session", 401).await;
    caller.get("/v1/session", 401).await;
    server.stop().await;
}

#[actix_web::test]
async fn however_refreshes_and_a_disabling_fall_together_no_token_outlives_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "leaver").await;
    for round in 0..3 {
        let (id, refresh) = hired(&server, &firm, &format!("leaver{round}")).await;
        let admin = server.with_token(&firm.log_in(&server, "administrator", 200).await.text("/access_token"));
        let disable = async {
            admin.post(&format!("/v1/staff/{id}/disable"), &json!({}), 200).await;
        };
        for token in refreshed_while(&server, &refresh, disable).await {
            assert_eq!(permissions(&server.with_token(&token)).await, None, "round {round}");
        }
        server.anyone().post("/v1/sessions/refresh", &json!({ "refresh_token": refresh }), 401).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn however_refreshes_and_a_change_of_roles_fall_together_no_token_keeps_the_old_rights() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "changer").await;
    for round in 0..3 {
        let (id, refresh) = hired(&server, &firm, &format!("changer{round}")).await;
        let admin = server.with_token(&firm.log_in(&server, "administrator", 200).await.text("/access_token"));
        let seen = admin.get(&format!("/v1/staff/{id}"), 200).await.version.expect("a version");
        let change = async {
            admin.patch(&format!("/v1/staff/{id}"), seen, &json!({ "roles": ["reviewer"] }), 200).await;
        };
        for token in refreshed_while(&server, &refresh, change).await {
            let held = permissions(&server.with_token(&token)).await;
            let new = held.is_none_or(|held| held.as_array().expect("keys").contains(&json!("applications.review")));
            assert!(new, "round {round}");
        }
        // Whoever logs in right after the change is let in, with the new rights.
        let now = firm.log_in(&server, &format!("changer{round}"), 200).await.text("/access_token");
        let held = permissions(&server.with_token(&now)).await.expect("let in");
        assert!(held.as_array().expect("keys").contains(&json!("applications.review")), "round {round}");
    }
    server.stop().await;
}
