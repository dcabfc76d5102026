//! How much a client may ask and from where: each limit holds back by itself, says so in the headers, and ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use chrono::Duration;
use serde_json::{Value, json};

use super::{Bank, new_client};
use crate::support::{Answer, Caller};

/// Asks after which something that must happen has not: a failed test and no endless one.
const PATIENCE: usize = 2_000;
/// Within which a change holds at every replica.
const WITHIN: std::time::Duration = std::time::Duration::from_secs(1);

fn limited(name: &str, limits: Value) -> Value {
    let mut client = new_client(name, &["applications.read"]);
    for (limit, value) in limits.as_object().expect("limits") {
        client["limits"][limit] = value.clone();
    }
    client
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().expect("text")
}

/// A parameter of a policy in a header: `"day";r=3;t=7` has r of day 3.
fn parameter(text: &str, policy: &str, name: &str) -> u64 {
    let item = text.split(", ").find(|item| item.starts_with(&format!("\"{policy}\";"))).expect("the policy");
    let value = item.split(';').find_map(|part| part.strip_prefix(&format!("{name}="))).expect("the parameter");
    value.parse().expect("a number")
}

#[actix_web::test]
async fn every_answer_to_a_client_says_how_it_stands() {
    let limits = json!({ "rate_per_second": 10, "burst": 50, "at_once": 7, "per_day": 1000 });
    let bank = Bank::open_with("stands", &limited("示例", limits)).await;
    let client = bank.caller().await;
    let missing = "/v1/applications/app_01jd8m1f5ne6xa9q2t4k7v3b8c";
    for (n, (path, status)) in [
        ("/v1/client", 200),
        ("/v1/staff", 403),
        (missing, 404),
        ("/v1/applications?limit=0", 400),
        ("/v1/nothing", 404),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = client.get(path, status).await;
        let policy = "\"rate\";q=50;w=5, \"day\";q=1000;w=86400, \"concurrent\";q=7;qu=\"concurrent-requests\"";
        assert_eq!(header(&answer, "ratelimit-policy"), policy);
        let standing = header(&answer, "ratelimit");
        assert_eq!(parameter(standing, "day", "r"), 999 - n as u64, "{standing}");
        assert!(parameter(standing, "day", "t") <= 86_400 && parameter(standing, "rate", "r") < 50, "{standing}");
    }
    // people and nobody are told nothing of it
    for caller in [bank.admin.clone(), bank.server.anyone()] {
        let answer = caller.request(reqwest::Method::GET, "/v1/t/stands").send().await.expect("an answer");
        assert!(!answer.headers().contains_key("ratelimit") && !answer.headers().contains_key("ratelimit-policy"));
    }
    bank.server.stop().await;
}

#[actix_web::test]
async fn who_asks_too_fast_waits_a_second() {
    let bank = Bank::open_with("fast", &limited("示例", json!({ "rate_per_second": 1, "burst": 1 }))).await;
    let client = bank.caller().await;
    let mut held = None;
    for _ in 0..PATIENCE {
        let answer = client.request(reqwest::Method::GET, "/v1/client").send().await.expect("an answer");
        if answer.status() == 429 {
            held = Some(answer);
            break;
        }
        assert_eq!(answer.status(), 200);
    }
    let held = held.expect("one comes too fast");
    assert_eq!(held.headers()["retry-after"], "1");
    let standing = held.headers()["ratelimit"].to_str().expect("text").to_owned();
    assert_eq!((parameter(&standing, "rate", "r"), parameter(&standing, "rate", "t")), (0, 1));
    let problem: Value = held.json().await.expect("a problem");
    assert_eq!(problem["code"], "too_many_requests");
    bank.server.app.clock.advance(Duration::seconds(1));
    client.get("/v1/client", 200).await;
    bank.server.stop().await;
}

/// Begins a request that is in hand for as long as its body is not there.
fn begin(bank: &Bank, token: &str) -> TcpStream {
    let head = format!(
        "POST /v1/t/{}/policy-matches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n\r\n",
        bank.firm.slug
    );
    let mut slow = TcpStream::connect(bank.server.url.trim_start_matches("http://")).expect("a connection");
    slow.write_all(head.as_bytes()).expect("the head is sent");
    slow.set_nonblocking(true).expect("a socket");
    slow
}

#[actix_web::test]
async fn who_has_too_much_in_hand_waits_until_something_is_answered() {
    let bank = Bank::open_with("hand", &limited("示例", json!({ "at_once": 1 }))).await;
    let token = bank.token_by(&bank.secret, 200).await.text("/access_token");
    let client = bank.server.with_token(&token);
    let mut slow = begin(&bank, &token);
    let mut held = None;
    for _ in 0..PATIENCE {
        // where one of ours was in hand when it came, it was not let in
        if slow.peek(&mut [0]).is_ok() {
            slow = begin(&bank, &token);
        }
        let answer = client.request(reqwest::Method::GET, "/v1/client").send().await.expect("an answer");
        if answer.status() == 429 {
            held = Some(answer);
            break;
        }
    }
    let held = held.expect("the slow one is in hand");
    assert_eq!(held.headers()["retry-after"], "1");
    assert!(held.headers().contains_key("ratelimit"));
    let problem: Value = held.json().await.expect("a problem");
    assert_eq!(problem["code"], "too_many_at_once");
    slow.set_nonblocking(false).expect("a socket");
    slow.write_all(b"{}").expect("the body is sent");
    let answered = actix_web::rt::task::spawn_blocking(move || {
        let mut text = String::new();
        slow.read_to_string(&mut text).map(|_| text)
    });
    let answered = answered.await.expect("the reader").expect("an answer");
    assert!(answered.starts_with("HTTP/1.1 "), "{answered}");
    client.get("/v1/client", 200).await;
    bank.server.stop().await;
}

#[actix_web::test]
async fn a_days_quota_is_of_all_replicas_and_begins_anew_at_midnight_in_beijing() {
    let mut bank = Bank::open_with("quota", &limited("示例", json!({ "per_day": 5 }))).await;
    // noon in Beijing, so that the day does not end on the way
    let now = bank.server.app.clock.now().timestamp();
    bank.later(Duration::seconds(86_400 - (now - 4 * 3_600).rem_euclid(86_400))).await;
    let replica = bank.server.replica().await;
    let token = bank.token_by(&bank.secret, 200).await.text("/access_token");
    let (here, there) = (bank.server.with_token(&token), Caller::new(&replica.url, Some(token)));
    for left in [4, 3, 2] {
        let answer = here.get("/v1/client", 200).await;
        assert_eq!(answer.body["today"]["left"], left);
    }
    // what one has written down the other counts, whichever way they take turns
    bank.settle().await;
    assert_eq!(there.get("/v1/client", 200).await.body["today"]["left"], 1);
    assert_eq!(there.get("/v1/client", 200).await.body["today"]["used"], 5);
    let held = there.get("/v1/client", 429).await;
    assert_eq!(held.code(), "quota_spent");
    let wait: u64 = header(&held, "retry-after").parse().expect("seconds");
    let standing = header(&held, "ratelimit");
    assert!((1..=86_400).contains(&wait));
    assert_eq!((parameter(standing, "day", "r"), parameter(standing, "day", "t")), (0, wait));
    api::clients::settle(replica.app()).await;
    bank.later(Duration::seconds(i64::try_from(wait).expect("a day"))).await;
    let tomorrow = bank.caller().await;
    assert_eq!(tomorrow.get("/v1/client", 200).await.body["today"]["used"], 1);
    bank.settle().await;
    let used = bank.admin.get(&bank.path("/usage"), 200).await;
    let days = used.body["days"].as_array().expect("days").clone();
    let counts = |day: &Value| (day["requests"].clone(), day["succeeded"].clone(), day["held_back"].clone());
    assert_eq!(
        days.iter().map(counts).collect::<Vec<_>>(),
        [(json!(5), json!(5), json!(1)), (json!(1), json!(1), json!(0))]
    );
    // a quota that is raised is one at once
    bank.change(&json!({ "limits": { "rate_per_second": 100, "burst": 100, "at_once": 10, "per_day": 2 } })).await;
    tomorrow.get("/v1/client", 200).await;
    tomorrow.get("/v1/client", 429).await;
    bank.change(&json!({ "limits": { "rate_per_second": 100, "burst": 100, "at_once": 10, "per_day": 3 } })).await;
    tomorrow.get("/v1/client", 200).await;
    replica.stop().await;
    bank.server.stop().await;
}

#[actix_web::test]
async fn a_client_comes_from_where_it_may_or_not_at_all() {
    let bank = Bank::open("from", &["applications.read"]).await;
    let client = bank.caller().await;
    let shown = bank.change(&json!({ "allow_list": ["203.0.113.7/24", "2001:db8::/32"] })).await;
    assert_eq!(shown.body["allow_list"], json!(["203.0.113.0/24", "2001:db8::/32"]));
    let refused = client.get("/v1/client", 403).await;
    assert_eq!(refused.code(), "address_not_allowed");
    assert!(refused.headers.contains_key("ratelimit"));
    let no_token = bank.token_by(&bank.secret, 401).await;
    assert_eq!(no_token.text("/error"), "invalid_client");
    assert!(no_token.text("/error_description").contains("IP"));
    // what a header says of where it comes from is no proof
    let lies = client.request(reqwest::Method::GET, "/v1/client").header("X-Forwarded-For", "203.0.113.7");
    client.send(lies, 403).await;
    bank.change(&json!({ "allow_list": ["203.0.113.0/24", "127.0.0.1"] })).await;
    client.get("/v1/client", 200).await;
    bank.change(&json!({ "allow_list": [] })).await;
    client.get("/v1/client", 200).await;
    elsewhere(&bank).await;
    bank.settle().await;
    let used = bank.admin.get(&bank.path("/usage"), 200).await;
    assert_eq!(used.body["days"][0]["held_back"], 2);
    bank.server.stop().await;
}

/// A change that was made here holds at another replica within a second, although nobody tells it.
async fn elsewhere(bank: &Bank) {
    let replica = bank.server.replica().await;
    let token = bank.token_by(&bank.secret, 200).await.text("/access_token");
    let there = Caller::new(&replica.url, Some(token));
    there.get("/v1/client", 200).await;
    bank.change(&json!({ "allow_list": ["203.0.113.0/24"] })).await;
    let begun = Instant::now();
    loop {
        let sent = begun.elapsed();
        let answer = there.request(reqwest::Method::GET, "/v1/client").send().await.expect("an answer");
        if answer.status() == 403 {
            break;
        }
        // what is sent after a second must be refused, however long its answer takes
        assert!(sent <= WITHIN, "still let in after {sent:?}");
    }
    replica.stop().await;
}
