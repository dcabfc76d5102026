//! What is ended ends: a disabled client, a secret, scopes that are taken away, on every replica. Secrets change over with an overlap.

use chrono::Duration;
use serde_json::json;

use super::{Bank, new_client};
use crate::support::{Caller, Replica};

/// Reads what ended elsewhere, as the watcher does twice a second.
async fn hear(replica: &Replica) {
    let app = replica.app();
    app.revocations.refresh(&app.db, app.clock.now()).await.expect("the database answers");
}

#[actix_web::test]
async fn a_disabled_client_is_out_everywhere_until_it_is_enabled() {
    let bank = Bank::open("out", &["applications.read"]).await;
    let replica = bank.server.replica().await;
    let token = bank.token_by(&bank.secret, 200).await.text("/access_token");
    let (here, there) = (bank.server.with_token(&token), Caller::new(&replica.url, Some(token)));
    here.get("/v1/client", 200).await;
    there.get("/v1/client", 200).await;
    let disabled = bank.act("/disable", &json!({}), 200).await;
    assert_eq!((disabled.text("/state"), disabled.text("/state_label")), ("disabled".to_owned(), "已停用".to_owned()));
    assert_eq!(here.get("/v1/client", 401).await.code(), "unauthenticated");
    hear(&replica).await;
    there.get("/v1/client", 401).await;
    bank.token_by(&bank.secret, 401).await;
    assert_eq!(bank.act("/disable", &json!({}), 409).await.code(), "illegal_transition");
    bank.act("/enable", &json!({}), 200).await;
    here.get("/v1/client", 401).await;
    // a new token begins after the old ones ended, also where the clocks of replicas differ a little
    let again = bank.token_at(&replica.url, &bank.secret, 200).await.text("/access_token");
    bank.server.with_token(&again).get("/v1/client", 200).await;
    replica.stop().await;
    bank.server.stop().await;
}

#[actix_web::test]
async fn two_secrets_count_while_one_takes_over_and_each_ends_with_its_own_tokens() {
    let mut bank = Bank::open("over", &["applications.read"]).await;
    let first = bank.caller().await;
    let rotated = bank.act("/rotate-secret", &json!({ "overlap_hours": 24 }), 200).await;
    let second = rotated.text("/secret");
    assert_ne!(second, bank.secret);
    let held = rotated.body["client"]["credentials"].as_array().expect("secrets").clone();
    assert_eq!(held.len(), 2);
    assert!(held[0]["ends_at"].is_string() && held[0]["active"] == true && held[1]["ends_at"].is_null());
    let by_second = bank.server.with_token(&bank.token_by(&second, 200).await.text("/access_token"));
    bank.token_by(&bank.secret, 200).await;
    // the first is ended before its time: its tokens go, those of the second stay
    let end = bank.path(&format!("/credentials/{}", held[0]["id"].as_str().expect("an id")));
    let version = bank.version().await;
    let ended = bank.admin.delete(&end, version, 200).await;
    assert_eq!(ended.body["credentials"][0]["active"], false);
    assert_eq!(bank.admin.delete(&end, version + 1, 409).await.code(), "already_ended");
    first.get("/v1/client", 401).await;
    by_second.get("/v1/client", 200).await;
    bank.token_by(&bank.secret, 401).await;
    // without overlap the second goes at once
    let third = bank.act("/rotate-secret", &json!({ "overlap_hours": 0 }), 200).await.text("/secret");
    by_second.get("/v1/client", 401).await;
    bank.token_by(&second, 401).await;
    bank.token_by(&third, 200).await;
    // with one, the third goes by itself, and two are all that there are
    let fourth = bank.act("/rotate-secret", &json!({ "overlap_hours": 2 }), 200).await.text("/secret");
    let fifth = bank.act("/rotate-secret", &json!({ "overlap_hours": 1 }), 200).await.text("/secret");
    bank.token_by(&third, 401).await;
    bank.token_by(&fourth, 200).await;
    bank.later(Duration::hours(1)).await;
    bank.token_by(&fourth, 401).await;
    let last = bank.token_by(&fifth, 200).await;
    bank.server.with_token(&last.text("/access_token")).get("/v1/client", 200).await;
    bank.act("/rotate-secret", &json!({ "overlap_hours": 169 }), 422).await;
    bank.server.stop().await;
}

#[actix_web::test]
async fn scopes_that_are_taken_away_are_gone_and_new_ones_are_asked_for_anew() {
    let bank = Bank::open("scopes", &["applications.read", "limits.read"]).await;
    let replica = bank.server.replica().await;
    let token = bank.token_by(&bank.secret, 200).await.text("/access_token");
    let there = Caller::new(&replica.url, Some(token.clone()));
    there.get("/v1/limits", 200).await;
    bank.change(&json!({ "scopes": ["applications.read", "products.read"] })).await;
    bank.server.with_token(&token).get("/v1/limits", 401).await;
    hear(&replica).await;
    there.get("/v1/limits", 401).await;
    let next = bank.caller().await;
    assert_eq!(next.get("/v1/limits", 403).await.code(), "forbidden");
    next.get("/v1/products", 200).await;
    // what is no matter of scopes leaves tokens alone
    bank.change(&json!({ "name": "示例银行（新）" })).await;
    next.get("/v1/products", 200).await;
    replica.stop().await;
    bank.server.stop().await;
}

#[actix_web::test]
async fn what_makes_or_widens_a_client_wants_a_proof_and_what_stops_it_does_not() {
    let bank = Bank::open("proof", &["applications.read"]).await;
    let session = bank.firm.log_in(&bank.server, "administrator", 200).await;
    bank.server.app.clock.advance(Duration::minutes(16));
    let refresh = json!({ "refresh_token": session.text("/refresh_token") });
    let next = bank.server.anyone().post("/v1/sessions/refresh", &refresh, 200).await;
    let admin = bank.server.with_token(&next.text("/access_token"));
    let another = new_client("示例政务平台", &["limits.read"]);
    assert_eq!(admin.post("/v1/clients", &another, 403).await.code(), "proof_needed");
    let path = bank.path("");
    let scopes = json!({ "scopes": ["limits.read"] });
    assert_eq!(admin.patch(&path, 1, &scopes, 403).await.code(), "proof_needed");
    let rotate = json!({ "overlap_hours": 1 });
    assert_eq!(admin.act(&bank.path("/rotate-secret"), 1, &rotate, 403).await.code(), "proof_needed");
    let key = json!({ "public_key": super::Signer::ed(3).jwk("a") });
    assert_eq!(admin.act(&bank.path("/keys"), 1, &key, 403).await.code(), "proof_needed");
    admin.act(&bank.path("/disable"), 1, &json!({}), 200).await;
    assert_eq!(admin.act(&bank.path("/enable"), 2, &json!({}), 403).await.code(), "proof_needed");
    let proof = json!({ "password": crate::support::PASSWORD });
    admin.post("/v1/session/proof", &proof, 204).await;
    admin.act(&bank.path("/enable"), 2, &json!({}), 200).await;
    admin.post("/v1/clients", &another, 201).await;
    assert_eq!(admin.post("/v1/clients", &another, 409).await.code(), "name_taken");
    bank.server.stop().await;
}

#[actix_web::test]
async fn what_is_typed_wrong_is_named() {
    let bank = Bank::open("typed", &["applications.read"]).await;
    let wrong = json!({ "name": " ", "kind": "bank", "scopes": [], "allow_list": ["10.0.0.0/33", "bank.example.com"],
        "limits": { "rate_per_second": 0, "burst": 9_000, "at_once": 201, "per_day": 0 } });
    let refused = bank.admin.post("/v1/clients", &wrong, 422).await;
    let pointers: Vec<_> =
        refused.body["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(
        json!(pointers),
        json!([
            "/name",
            "/scopes",
            "/allow_list/0",
            "/allow_list/1",
            "/limits/rate_per_second",
            "/limits/burst",
            "/limits/at_once",
            "/limits/per_day"
        ])
    );
    for scope in ["personal_data.reveal", "staff.manage", "webhooks.manage", "session", "limits.grant"] {
        bank.admin.post("/v1/clients", &new_client("示例", &[scope]), 422).await;
    }
    let version = bank.version().await;
    assert_eq!(bank.admin.patch(&bank.path(""), version, &json!({}), 422).await.code(), "nothing_to_change");
    assert_eq!(bank.admin.patch(&bank.path(""), version + 1, &json!({ "name": "x" }), 409).await.code(), "stale");
    bank.server.stop().await;
}
