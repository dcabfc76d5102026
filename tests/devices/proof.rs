//! Who is believed: every way of proving that a message is a source's own, a table of what does not prove it, and that the
//! answer tells nobody whether there is such a source.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{Duration, Utc};
use flate2::{Compression, write::GzEncoder};
use md5::{Digest, Md5};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use std::io::Write as _;

use super::support::{Plant, Signed, Source, fates, reading};
use crate::support::{Answer, Firm, Server, db_count};

fn packed(body: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(vec![], Compression::default());
    gzip.write_all(body).expect("packed");
    gzip.finish().expect("packed")
}

/// What an answer says, without what is each request's own.
fn told(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    body.as_object_mut().expect("a problem").remove("request_id");
    body
}

type Forge = fn(RequestBuilder, &Signed, &[u8]) -> RequestBuilder;

/// What is wrong with it, and how it is made.
const FORGERIES: &[(&str, Forge)] = &[
    ("nothing at all", |request, _, _| request),
    ("no signature", |request, s, _| request.header("Zhidan-Timestamp", &s.timestamp).header("Zhidan-Nonce", &s.nonce)),
    ("no time", |r, s, b| r.header("Zhidan-Nonce", &s.nonce).header("Zhidan-Signature", s.signature("", b))),
    ("no nonce", |r, s, b| r.header("Zhidan-Timestamp", &s.timestamp).header("Zhidan-Signature", s.signature("", b))),
    ("another body", |r, s, _| s.on(r, "", b"{}")),
    ("a body that begins the same", |r, s, b| s.on(r, "", &b[..b.len() - 1])),
    ("another secret", |r, s, b| Signed { secret: "other".into(), ..like(s) }.on(r, "", b)),
    ("no secret", |r, s, b| Signed { secret: String::new(), ..like(s) }.on(r, "", b)),
    ("a time of six minutes ago", |r, s, b| Signed::at(&s.secret, Utc::now() - Duration::minutes(6)).on(r, "", b)),
    ("a time of six minutes ahead", |r, s, b| Signed::at(&s.secret, Utc::now() + Duration::minutes(6)).on(r, "", b)),
    ("milliseconds for seconds", |r, s, b| {
        Signed { timestamp: Utc::now().timestamp_millis().to_string(), ..like(s) }.on(r, "", b)
    }),
    ("a time in words", |r, s, b| Signed { timestamp: Utc::now().to_rfc3339(), ..like(s) }.on(r, "", b)),
    ("a short nonce", |r, s, b| Signed { nonce: "short".into(), ..like(s) }.on(r, "", b)),
    ("a long nonce", |r, s, b| Signed { nonce: "n".repeat(65), ..like(s) }.on(r, "", b)),
    ("a nonce with a point, over which parts could be moved", |r, s, b| {
        Signed { nonce: format!("{}.x", s.nonce), ..like(s) }.on(r, "", b)
    }),
    ("a query that was not signed", |r, s, b| s.on(asking(r, "device=lathe"), "", b)),
    ("another scheme", |r, s, b| headers(r, s, &s.signature("", b).replace("v1=", "v2="))),
    ("no scheme", |r, s, b| headers(r, s, &s.signature("", b).replace("v1=", ""))),
    ("half a signature", |r, s, b| headers(r, s, &s.signature("", b)[..35])),
    ("an empty signature", |r, s, _| headers(r, s, "v1=")),
    ("five signatures", |r, s, b| headers(r, s, &[s.signature("", b).as_str(); 5].join(" "))),
    ("a signature over the body alone", |r, s, b| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, s.secret.as_bytes());
        headers(r, s, &format!("v1={}", hex::encode(hmac::sign(&key, b))))
    }),
    ("two times", |r, s, b| s.on(r, "", b).header("Zhidan-Timestamp", "1")),
    ("two nonces", |r, s, b| s.on(r, "", b).header("Zhidan-Nonce", "another-nonce")),
    ("the secret itself, where a signature is wanted", |r, s, _| {
        r.bearer_auth(&s.secret).header("Zhidan-Token", &s.secret)
    }),
];

/// The same request with a query.
fn asking(request: RequestBuilder, query: &str) -> RequestBuilder {
    let (client, request) = request.build_split();
    let mut request = request.expect("a request");
    request.url_mut().set_query(Some(query));
    RequestBuilder::from_parts(client, request)
}

fn like(signed: &Signed) -> Signed {
    Signed { secret: signed.secret.clone(), timestamp: signed.timestamp.clone(), nonce: signed.nonce.clone() }
}

fn headers(request: RequestBuilder, signed: &Signed, signature: &str) -> RequestBuilder {
    let request = request.header("Zhidan-Timestamp", &signed.timestamp).header("Zhidan-Nonce", &signed.nonce);
    request.header("Zhidan-Signature", signature)
}

#[actix_web::test]
async fn what_is_not_signed_as_it_should_be_is_refused_and_so_is_whatever_is_not_there() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "forged").await;
    plant.socket("lathe", 0).await;
    let body = reading("lathe", Utc::now(), 1.0).to_string().into_bytes();
    let mut answers = vec![];
    for (what, forge) in FORGERIES {
        let signed = Signed::now(&plant.source.secret);
        let request = forge(plant.request(&plant.source.path), &signed, &body);
        let refused = plant.dispatch(request.body(body.clone()), 401).await;
        assert_eq!(refused.code(), "telemetry_refused", "{what}");
        answers.push(told(&refused));
    }
    let stopped = plant.source("own", "hmac", &Value::Null).await;
    plant.send_to(&stopped, body.clone(), 200).await;
    plant.admin.patch(&format!("/v1/telemetry-sources/{}", stopped.id), 1, &json!({ "active": false }), 200).await;
    let other = Plant::make(&server, "forged-too").await;
    let suspended = Plant::make(&server, "suspended").await;
    let tenant = domain::id::Id::<domain::id::kind::Tenant>::from_uuid(suspended.firm.tenant);
    suspended.firm.operator.post(&format!("/v1/platform/tenants/{tenant}/suspend"), &json!({}), 200).await;
    let at = |path: &str, secret: &str| Source { id: String::new(), secret: secret.into(), path: path.into() };
    let own = &plant.source;
    for (what, source) in [
        ("a source that was stopped", stopped.clone()),
        ("a source that is not there", at(&own.path.replace(&own.id, "src_01jd8m1f5ne6xa9q2t4k7v3b8c"), &own.secret)),
        ("a firm that is not there", at(&own.path.replace("/forged/", "/nowhere/"), &own.secret)),
        ("another firm's address", at(&own.path.replace("/forged/", "/forged-too/"), &own.secret)),
        ("another firm's secret", at(&own.path, &other.source.secret)),
        ("a suspended firm", suspended.source.clone()),
    ] {
        let refused = plant.send_to(&source, body.clone(), 401).await;
        assert_eq!(refused.code(), "telemetry_refused", "{what}");
        answers.push(told(&refused));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "all are told the same: {answers:#?}");
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 0);
    plant.admin.patch(&format!("/v1/telemetry-sources/{}", stopped.id), 2, &json!({ "active": true }), 200).await;
    plant.send_to(&stopped, body, 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn what_is_signed_as_it_should_be_is_believed() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "signed").await;
    plant.socket("lathe", 0).await;
    let source = &plant.source;
    let fresh = |number: i64| reading("lathe", Utc::now() - Duration::seconds(number), 1.0).to_string().into_bytes();
    let signed = Signed::now(&source.secret);
    let whole = Signed { timestamp: Utc::now().timestamp().to_string(), ..like(&signed) };
    let slow = Signed::at(&source.secret, Utc::now() - Duration::seconds(290));
    for (number, signed) in [&signed, &whole, &slow].into_iter().enumerate() {
        let body = fresh(number as i64);
        plant.dispatch(signed.on(plant.request(&source.path), "", &body).body(body), 200).await;
    }
    // one of several, as while a secret is being changed, and one of a scheme to come
    let body = fresh(10);
    let several = format!("v2=00 v1={} {}", "0".repeat(64), signed.signature("", &body));
    plant.dispatch(headers(plant.request(&source.path), &signed, &several).body(body), 200).await;
    // signed as it is sent, packed
    let body = packed(&fresh(20));
    let request = signed.on(plant.request(&source.path), "", &body).header("Content-Encoding", "gzip");
    assert_eq!(fates(&plant.dispatch(request.body(body), 200).await.body), ["stored"]);
    // with a query, which is signed too
    let (body, query) = (fresh(30), "device=lathe");
    let request = signed.on(plant.request(&format!("{}?{query}", source.path)), query, &body);
    plant.dispatch(request.body(body.clone()), 200).await;
    let request = signed.on(plant.request(&format!("{}?device=other", source.path)), query, &body);
    plant.dispatch(request.body(body), 401).await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 6);
    server.stop().await;
}

#[actix_web::test]
async fn a_secret_that_another_took_the_place_of_holds_as_long_as_was_said() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "rotated").await;
    plant.socket("lathe", 0).await;
    let (first, path) = (plant.source.clone(), format!("/v1/telemetry-sources/{}", plant.source.id));
    let send = async |source: &Source, expected: u16| {
        let at = server.app.clock.now();
        let body = reading("lathe", at, 1.0).to_string().into_bytes();
        let request = Signed::at(&source.secret, at).on(plant.request(&source.path), "", &body);
        plant.dispatch(request.body(body), expected).await
    };
    let rotate = async |version: i64, hours: u16| {
        let rotated =
            plant.admin.act(&format!("{path}/rotate-secret"), version, &json!({ "previous_hours": hours }), 200).await;
        Source { secret: rotated.text("/secret"), ..first.clone() }
    };
    let second = rotate(1, 2).await;
    assert_ne!(second.secret, first.secret);
    for source in [&first, &second] {
        send(source, 200).await;
    }
    let third = rotate(2, 0).await;
    for (source, expected) in [(&first, 401), (&second, 401), (&third, 200)] {
        send(source, expected).await;
    }
    let fourth = rotate(3, 1).await;
    send(&third, 200).await;
    server.app.clock.advance(Duration::minutes(61));
    for (source, expected) in [(&third, 401), (&fourth, 200)] {
        send(source, expected).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn platforms_that_cannot_sign_send_the_secret_itself() {
    let server = Server::start().await;
    let plant = Plant::with(&server, Firm::create_bare(&server, "token").await, "own", "token").await;
    plant.socket("lathe", 0).await;
    let (path, secret) = (&plant.source.path, &plant.source.secret);
    let body = |number: i64| reading("lathe", Utc::now() - Duration::seconds(number), 1.0);
    plant.dispatch(plant.request(path).bearer_auth(secret).json(&body(1)), 200).await;
    plant.dispatch(plant.request(path).header("Zhidan-Token", secret).json(&body(2)), 200).await;
    let basic = format!("Basic {}", STANDARD.encode(format!("x:{secret}")));
    for request in [
        plant.request(path),
        plant.request(path).bearer_auth(""),
        plant.request(path).bearer_auth(&secret[1..]),
        plant.request(path).bearer_auth(format!("{secret}x")),
        plant.request(path).header("Authorization", basic),
        plant.request(path).header("Zhidan-Token", secret.to_lowercase()),
        plant.request(path).header("Zhidan-Token", secret).header("Zhidan-Token", "another"),
    ] {
        assert_eq!(plant.dispatch(request.json(&body(3)), 401).await.code(), "telemetry_refused");
    }
    let signed = Signed::now(secret);
    let text = body(4).to_string().into_bytes();
    plant.dispatch(signed.on(plant.request(path), "", &text).body(text), 401).await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 2);
    server.stop().await;
}

/// `base64(md5(token + nonce + msg))`.
fn onenet_signature(secret: &str, nonce: &str, msg: &str) -> String {
    STANDARD.encode(Md5::digest(format!("{secret}{nonce}{msg}")))
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[actix_web::test]
async fn onenet_checks_the_address_and_signs_its_pushes() {
    let server = Server::start().await;
    let plant = Plant::with(&server, Firm::create_bare(&server, "onenet").await, "onenet", "onenet").await;
    plant.socket("2016617", 0).await;
    let (path, secret) = (&plant.source.path, &plant.source.secret);
    let check = async |nonce: &str, msg: &str, signature: &str, expected: u16| {
        let pairs = [("msg", msg), ("nonce", nonce), ("signature", signature)];
        let query: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let request = server.anyone().request(reqwest::Method::GET, &format!("{path}?{}", query.join("&")));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), expected, "{pairs:?}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        answer.text().await.expect("text")
    };
    let good = onenet_signature(secret, "abcdefgh", "hello+world");
    assert_eq!(check("abcdefgh", "hello+world", &good, 200).await, "hello+world");
    for (nonce, msg, signature) in
        [("abcdefgi", "hello+world", good.as_str()), ("abcdefgh", "hello", &good), ("abcdefgh", "hello+world", "")]
    {
        assert!(check(nonce, msg, signature, 401).await.contains("telemetry_refused"));
    }
    let at = Utc::now().timestamp_millis();
    // as it is written, whatever the order of its members, and what one instant says in several pushes is kept
    let msg = |stream: &str, value: i64| {
        format!(r#"{{"value":{value}, "type":1,"dev_id":2016617,"ds_id":"{stream}","at":{at}}}"#)
    };
    let push = |msg: &str| {
        let signature = onenet_signature(secret, "abcdefgh", msg);
        format!(r#"{{"msg":{msg},"msg_signature":"{signature}","nonce":"abcdefgh"}}"#)
    };
    for (stream, expected) in [("power", "stored"), ("voltage", "stored"), ("power", "duplicate")] {
        let answer = plant.dispatch(plant.request(path).body(push(&msg(stream, 42))), 200).await;
        assert_eq!(fates(&answer.body), [expected], "{stream}");
    }
    let bent = push(&msg("power", 42)).replace("42", "43");
    plant.dispatch(plant.request(path).body(bent), 401).await;
    // what cannot be read is kept and answered with 200, or it would be sent for ever
    let unreadable = plant.dispatch(plant.request(path).body(push("7")), 200).await;
    assert_eq!(fates(&unreadable.body), ["quarantined message_wrong_shape"]);
    // the address of a source that is not OneNET's has no such check
    let other = plant.source("own", "hmac", &Value::Null).await;
    let request = server.anyone().request(reqwest::Method::GET, &other.path);
    assert_eq!(request.send().await.expect("an answer").status().as_u16(), 401);
    server.stop().await;
}
