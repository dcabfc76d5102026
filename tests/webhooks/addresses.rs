//! Whoever names an address reaches nothing through us that only we can reach.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::Hooks;
use super::sink::Sink;

/// Places that are not of the public Internet, in the ways in which they can be written.
const INSIDE: [&str; 32] = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "127.1",
    "0x7f.1",
    "0177.0.0.1",
    "2130706433",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[fc00::1]",
    "[fe80::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2001::1]",
    "[2002:7f00:1::]",
];

fn problem(body: &Value) -> (&str, &str) {
    let one = &body["errors"][0];
    (one["pointer"].as_str().unwrap_or_default(), one["code"].as_str().unwrap_or_default())
}

#[actix_web::test]
async fn no_private_address_is_taken() {
    let sink = Sink::open();
    let hooks = Hooks::open("inside", &sink).await;
    let version = hooks.now().await.version.expect("a version");
    let mut urls: Vec<String> = INSIDE.iter().map(|place| format!("https://{place}/hook")).collect();
    urls.extend(
        ["http://hooks.example.com/", "https://user:word@hooks.example.com/", "ftp://hooks.example.com/", "hooks"]
            .map(str::to_owned),
    );
    urls.push(format!("https://hooks.example.com/{}", "a".repeat(2_048)));
    // a port beside the one that may be called is as far inside as any
    urls.push("http://127.0.0.1:1/hook".to_owned());
    for url in &urls {
        let refused = hooks.admin.post("/v1/webhook-endpoints", &json!({ "url": url }), 422).await;
        assert_eq!(problem(&refused.body), ("/url", "address"), "{url}: {:#}", refused.body);
        hooks.admin.put(&hooks.path(""), version, &json!({ "url": url }), 422).await;
    }
    let all = hooks.admin.get("/v1/webhook-endpoints", 200).await;
    assert_eq!(all.body["items"].as_array().map(Vec::len), Some(1));
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_name_that_leads_inside_is_not_called() {
    let sink = Sink::open();
    let hooks = Hooks::open("named", &sink).await;
    let inside = TcpListener::bind("127.0.0.1:0").expect("a free port");
    inside.set_nonblocking(true).expect("it does not wait");
    let port = inside.local_addr().expect("its address").port();
    let change = json!({ "url": format!("https://localhost:{port}/hook") });
    hooks.admin.put(&hooks.path(""), 1, &change, 200).await;
    hooks.tried().await;
    hooks.server.work().await;
    let shown = hooks.deliveries().await.remove(0);
    assert_eq!((&shown["last_failure"], &shown["last_status"]), (&json!("address_refused"), &Value::Null), "{shown:#}");
    assert!(inside.accept().is_err(), "nobody knocked");
    hooks.server.stop().await;
}

#[actix_web::test]
async fn what_is_said_of_an_address_is_checked() {
    let sink = Sink::open();
    let hooks = Hooks::open("said", &sink).await;
    let url = sink.url();
    for (body, pointer, code) in [
        (json!({ "url": url, "events": [] }), "/events", "required"),
        (json!({ "url": url, "events": ["webhook.test", "limit.drawn"] }), "/events/0", "not_for_asking"),
        (json!({ "url": url, "events": ["limit.dropped"] }), "/events/0", "choice"),
        (json!({ "url": url, "description": "长".repeat(101) }), "/description", "length"),
        (json!({ "url": url, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }), "/secret", "unknown"),
        (json!({}), "/url", "required"),
    ] {
        let refused = hooks.admin.post("/v1/webhook-endpoints", &body, 422).await;
        assert_eq!(problem(&refused.body), (pointer, code), "{body}: {:#}", refused.body);
    }
    for number in 1..20 {
        let body = json!({ "url": url, "description": format!("第{number}个") });
        hooks.admin.post("/v1/webhook-endpoints", &body, 201).await;
    }
    assert_eq!(hooks.admin.post("/v1/webhook-endpoints", &json!({ "url": url }), 422).await.code(), "too_many_items");
    let page = hooks.admin.get("/v1/webhook-endpoints?limit=15", 200).await;
    let next = page.text("/next");
    let rest = hooks.admin.get(&format!("/v1/webhook-endpoints?limit=15&cursor={next}"), 200).await;
    assert_eq!((rest.body["items"].as_array().map(Vec::len), &rest.body["next"]), (Some(5), &Value::Null));
    hooks.server.stop().await;
}
