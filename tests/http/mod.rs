//! What every route shares: keys, versions, languages, limits, tokens.

mod bodies;
mod browsers;
mod clients;
mod tokens;

use serde_json::json;

use crate::support::{Firm, Server};

const OTHER: &str = "application/json";

#[actix_web::test]
async fn a_key_has_one_effect_and_one_answer() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "keys").await;
    let admin = firm.staff("administrator");
    let body = json!({ "name": "保后部" });
    let ask = |key: &str, body: &serde_json::Value| {
        admin.request(reqwest::Method::POST, "/v1/departments").header("Idempotency-Key", key).json(body)
    };
    let first = admin.send(ask("order-1", &body), 201).await;
    let again = admin.send(ask("order-1", &body), 201).await;
    assert_eq!(first.body, again.body);
    assert_eq!(admin.send(ask("order-1", &json!({ "name": "其他部" })), 422).await.code(), "idempotency_key_reused");
    assert_eq!(admin.send(ask("order-2", &body), 409).await.code(), "name_taken");
    // A refused request keeps nothing: its key can be used again.
    admin.send(ask("order-2", &json!({ "name": "另一部" })), 201).await;
    let without = admin.request(reqwest::Method::POST, "/v1/departments").json(&body);
    assert_eq!(admin.send(without, 400).await.code(), "idempotency_key_required");
    server.stop().await;
}

#[actix_web::test]
async fn fifty_parallel_calls_on_one_key_have_one_effect() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "parallel").await;
    let admin = firm.staff("administrator");
    let body = json!({ "name": "并行部" });
    let calls = (0..50).map(|_| {
        let request =
            admin.request(reqwest::Method::POST, "/v1/departments").header("Idempotency-Key", "one").json(&body);
        admin.send(request, 201)
    });
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|a| a.body == answers[0].body));
    let all = admin.get("/v1/departments", 200).await;
    let named = all.body["items"].as_array().expect("items").iter().filter(|d| d["name"] == "并行部").count();
    assert_eq!(named, 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_change_needs_the_version_that_was_seen() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "versions").await;
    let admin = firm.staff("administrator");
    let seen = admin.get("/v1/settings", 200).await;
    let settings = seen.body["settings"].clone();
    let version = seen.version.expect("an ETag");
    let without = admin.request(reqwest::Method::PUT, "/v1/settings").json(&settings);
    assert_eq!(admin.send(without, 428).await.code(), "precondition_required");
    let stale = admin.put("/v1/settings", version + 1, &settings, 409).await;
    assert_eq!(stale.code(), "stale");
    assert_eq!(stale.text("/current/etag"), format!("\"{version}\""));
    let changed = admin.put("/v1/settings", version, &settings, 200).await;
    assert_eq!(changed.version, Some(version + 1));
    server.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_read_is_named_in_the_callers_language() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "bodies").await;
    let admin = firm.staff("administrator");
    let version = admin.get("/v1/settings", 200).await.version.expect("an ETag");
    let put = |body: &str, media: &str, language: &str| {
        admin
            .request(reqwest::Method::PUT, "/v1/settings")
            .header("If-Match", format!("\"{version}\""))
            .header("Content-Type", media)
            .header("Accept-Language", language)
            .body(body.to_owned())
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!("\"{}\"", "x".repeat(300_000));
    for (body, media, status, code) in [
        ("{", OTHER, 400, "malformed_body"),
        (r#"{"brand":"a","brand":"b"}"#, OTHER, 400, "malformed_body"),
        (r#"{"brand":"\u0000"}"#, OTHER, 400, "malformed_body"),
        (deep.as_str(), OTHER, 400, "malformed_body"),
        (long.as_str(), OTHER, 413, "body_too_large"),
        ("{}", "text/plain", 415, "unsupported_media_type"),
        ("{}", OTHER, 422, "invalid_fields"),
        (r#"{"unknown":1}"#, OTHER, 422, "invalid_fields"),
    ] {
        let zh = admin.send(put(body, media, "zh-CN"), status).await;
        assert_eq!(zh.code(), code);
        assert!(zh.text("/title").ends_with('。') && !zh.text("/request_id").is_empty());
        let en = admin.send(put(body, media, "en"), status).await;
        assert!(en.text("/title").ends_with('.') && en.text("/title").is_ascii());
    }
    let mine = admin.request(reqwest::Method::GET, "/v1/nothing").header("X-Request-Id", "my-request-1");
    assert_eq!(admin.send(mine, 404).await.text("/request_id"), "my-request-1");
    server.stop().await;
}

#[actix_web::test]
async fn a_flood_from_one_address_is_told_to_wait() {
    let server = Server::start_with(&[("ZHIDAN_HTTP__RATE_PER_MINUTE", "5")]).await;
    let anyone = server.anyone();
    for _ in 0..5 {
        anyone.get("/health", 200).await;
    }
    let refused = anyone.get("/health", 429).await;
    assert_eq!(refused.code(), "too_many_requests");
    assert!(refused.headers.contains_key("retry-after"));
    server.stop().await;
}

#[actix_web::test]
async fn the_audit_chain_is_whole_and_shows_tampering() {
    use api::platform::audit::{Verdict, verify};
    let server = Server::start().await;
    let firm = Firm::create(&server, "chain").await;
    let admin = firm.staff("administrator");
    for n in 0..5 {
        admin.post("/v1/departments", &json!({ "name": format!("部门{n}") }), 201).await;
    }
    let tenant = firm.tenant;
    let read = async || {
        let tx =
            api::platform::access::system_tx(&server.app, tenant, "the-suite", false).await.expect("a transaction");
        verify(&tx, &[]).await.expect("a verdict")
    };
    let Verdict::Whole { rows, .. } = read().await else { panic!("the chain is broken from the start") };
    assert!(rows >= 6, "{rows}");
    if !crate::support::on_postgres() {
        // The serving role cannot even do this on PostgreSQL (see schema.rs).
        let db = sqlx::SqlitePool::connect(&server.db_url()).await.expect("the file");
        sqlx::query("UPDATE audit_entries SET action = 'department.remove' WHERE seq = 4")
            .execute(&db)
            .await
            .expect("tampering");
        assert!(matches!(read().await, Verdict::Broken { seq: 4, .. }));
        sqlx::query("DELETE FROM audit_entries WHERE seq >= 4").execute(&db).await.expect("cutting");
        assert!(matches!(read().await, Verdict::Broken { seq: 4, .. }));
        db.close().await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_transaction_that_reads_can_change_nothing() {
    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "reading").await;
    let open = async |writes| {
        let tx = api::platform::access::system_tx(&server.app, firm.tenant, "the-suite", writes).await;
        tx.expect("a transaction")
    };
    let refused = open(false).await.next_number("suite").await.expect_err("a reading transaction wrote").to_string();
    assert!(refused.contains("read"), "{refused}");
    assert_eq!(open(true).await.next_number("suite").await.expect("a number"), 1);
    server.stop().await;
}

/// Settings with which the product agrees to be reached by others.
const REACHED_BY_OTHERS: [(&str, &str); 11] = [
    ("ZHIDAN_HTTP__LISTEN", "0.0.0.0:1"),
    ("ZHIDAN_HTTP__PUBLIC_URL", "https://api.example.com"),
    ("ZHIDAN_HTTP__WEB_URL", "https://web.example.com"),
    ("ZHIDAN_SMS__PROVIDER", "tencent"),
    ("ZHIDAN_SMS__SECRET_ID", "example-id"),
    ("ZHIDAN_SMS__SECRET_KEY", "example-key"),
    ("ZHIDAN_SMS__SDK_APP_ID", "1400000000"),
    ("ZHIDAN_SMS__SIGN_NAME", "示例"),
    ("ZHIDAN_SMS__TEMPLATES", "login_code=1,progress=2"),
    ("ZHIDAN_MAIL__HOST", "mail.example.com"),
    ("ZHIDAN_MAIL__FROM", "no-reply@example.com"),
];

#[actix_web::test]
async fn metrics_are_for_this_machine_or_for_who_bears_the_token() {
    let read = async |server: &Server, token: Option<&str>, expected: u16| {
        let caller = token.map_or_else(|| server.anyone(), |token| server.with_token(token));
        let answer = caller.request(reqwest::Method::GET, "/metrics").send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), expected, "{token:?}");
        answer.text().await.expect("a body")
    };
    let local = Server::start().await;
    assert!(read(&local, None, 200).await.contains("zhidan_http_requests_total"));
    local.stop().await;
    let reached = Server::start_with(&REACHED_BY_OTHERS).await;
    read(&reached, None, 404).await;
    reached.stop().await;
    let with_token = [&REACHED_BY_OTHERS[..], &[("ZHIDAN_METRICS_TOKEN", "example-token")]].concat();
    let asked = Server::start_with(&with_token).await;
    read(&asked, None, 401).await;
    read(&asked, Some("example-toke"), 401).await;
    assert!(read(&asked, Some("example-token"), 200).await.contains("zhidan_http_requests_total"));
    asked.stop().await;
}

#[actix_web::test]
async fn invented_methods_make_no_series_of_their_own_not_even_refused_ones() {
    let server = Server::start_with(&[("ZHIDAN_HTTP__RATE_PER_MINUTE", "30")]).await;
    let anyone = server.anyone();
    for n in 0..60 {
        let method = reqwest::Method::from_bytes(format!("INVENTED{n}").as_bytes()).expect("a token");
        let answer = anyone.request(method, "/v1/session").send().await.expect("an answer");
        assert!(matches!(answer.status().as_u16(), 404 | 405 | 429), "{}", answer.status());
    }
    server.stop().await;
    let other = Server::start().await;
    let metrics = other.anyone().request(reqwest::Method::GET, "/metrics").send().await.expect("an answer");
    let text = metrics.text().await.expect("a body");
    assert!(text.contains("method=\"other\"") && !text.contains("INVENTED"), "{text}");
    other.stop().await;
}

#[actix_web::test]
async fn behind_a_proxy_each_client_is_counted_by_itself_and_cannot_choose_its_address() {
    let limits = ("ZHIDAN_HTTP__RATE_PER_MINUTE", "3");
    let proxied = Server::start_with(&[limits, ("ZHIDAN_HTTP__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")]).await;
    let ask = async |server: &Server, forwarded: &str, expected: u16| {
        let anyone = server.anyone();
        let request = anyone.request(reqwest::Method::GET, "/health").header("X-Forwarded-For", forwarded);
        anyone.send(request, expected).await;
    };
    for status in [200, 200, 200, 429] {
        ask(&proxied, "198.51.100.1", status).await;
    }
    ask(&proxied, "198.51.100.2, 10.1.2.3", 200).await;
    // What the client itself wrote stands before what our proxy added.
    ask(&proxied, "203.0.113.1, 198.51.100.1", 429).await;
    for (order, status) in [200, 200, 200, 429].into_iter().enumerate() {
        ask(&proxied, &format!("2001:db8:0:1::{order}"), status).await;
    }
    ask(&proxied, "2001:db8:0:2::1", 200).await;
    proxied.stop().await;
    let alone = Server::start_with(&[limits]).await;
    for (order, status) in [200, 200, 200, 429].into_iter().enumerate() {
        ask(&alone, &format!("198.51.100.{order}"), status).await;
    }
    alone.stop().await;
}

#[actix_web::test]
async fn who_goes_on_with_a_log_in_takes_no_log_in_from_others_of_the_same_address() {
    let server = Server::start_with(&[("ZHIDAN_HTTP__LOGIN_RATE_PER_MINUTE", "4")]).await;
    // Takes three: the operator's, the administrator's password and log-in.
    let firm = Firm::create_bare(&server, "sameroof").await;
    let mut refresh = firm.log_in(&server, "administrator", 200).await.text("/refresh_token");
    for _ in 0..6 {
        let body = json!({ "refresh_token": refresh });
        refresh = server.anyone().post("/v1/sessions/refresh", &body, 200).await.text("/refresh_token");
    }
    server.stop().await;
}
