//! What is too much: bodies too large, packed too small, too slow or of a wrong kind, and sources that send too often, which
//! slow nobody else.

use std::io::{Read, Write};
use std::net::TcpStream;

use chrono::Utc;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::support::{Plant, Signed, reading};
use crate::support::{Firm, Server, db_count};

#[actix_web::test]
async fn what_is_too_large_or_of_a_wrong_kind_is_refused() {
    let server = Server::start().await;
    let plant = Plant::make(&server, "sizes").await;
    let path = &plant.source.path;
    let send = async |body: Vec<u8>, headers: &[(&str, &str)], expected: u16| {
        let mut request = Signed::now(&plant.source.secret).on(plant.request(path), "", &body);
        for (name, value) in headers {
            // one of each: another content type takes the place of the first
            let mut one = reqwest::header::HeaderMap::new();
            one.insert(
                reqwest::header::HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                value.parse().expect("a value"),
            );
            request = request.headers(one);
        }
        plant.dispatch(request.body(body), expected).await.code()
    };
    assert_eq!(send(vec![b' '; 1024 * 1024 + 1], &[], 413).await, "body_too_large");
    let mut bomb = GzEncoder::new(vec![], Compression::best());
    for _ in 0..65 {
        bomb.write_all(&[b' '; 1024 * 1024]).expect("packed");
    }
    let bomb = bomb.finish().expect("packed");
    assert!(bomb.len() < 100_000);
    assert_eq!(send(bomb, &[("Content-Encoding", "gzip")], 413).await, "body_too_large");
    assert_eq!(send(b"{}".to_vec(), &[("Content-Encoding", "gzip")], 400).await, "malformed_body");
    assert_eq!(send(b"{}".to_vec(), &[("Content-Encoding", "br")], 415).await, "unsupported_media_type");
    assert_eq!(send(b"{}".to_vec(), &[("Content-Type", "application/xml")], 415).await, "unsupported_media_type");
    // the largest that may be
    let mut most = vec![b' '; 1024 * 1024 - 2];
    most.extend(b"{}");
    assert_eq!(plant.send_to(&plant.source, most, 200).await.body["received"], 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_body_that_comes_too_slowly_is_cut() {
    let server = Server::start_with(&[("ZHIDAN_HTTP__BODY_WAIT_MS", "300")]).await;
    let plant = Plant::make(&server, "slow").await;
    let (address, path) = (server.url.trim_start_matches("http://").to_owned(), plant.source.path.clone());
    let story = move || {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a limit");
        write!(stream, "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{").expect("it is sent");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    let answer = tokio::task::spawn_blocking(story).await.expect("the story");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    server.stop().await;
}

#[actix_web::test]
async fn whoever_floods_slows_only_themselves() {
    let settings = [("ZHIDAN_TELEMETRY__RATE_PER_SECOND", "1"), ("ZHIDAN_TELEMETRY__BURST", "3")];
    let server = Server::start_with(&settings).await;
    let plant = Plant::make(&server, "flood").await;
    plant.socket("lathe", 0).await;
    let message = |number: i64| reading("lathe", Utc::now() - chrono::Duration::seconds(number), 1.0);
    for number in 0..3 {
        plant.send(&message(number), 200).await;
    }
    let slowed = plant.send(&message(3), 429).await;
    assert_eq!(slowed.code(), "too_many_requests");
    assert!(slowed.headers.contains_key("retry-after"));
    // neither another source of the firm nor another firm waits, and what was not signed does not count
    let other = plant.source("own", "hmac", &Value::Null).await;
    for _ in 0..5 {
        plant.dispatch(plant.request(&other.path).body("{}"), 401).await;
    }
    plant.send_to(&other, message(0).to_string().into(), 200).await;
    let calm = Plant::make(&server, "calm").await;
    calm.send(&message(0), 200).await;
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 3);
    server.stop().await;
}

#[actix_web::test]
async fn whoever_forges_is_counted_by_their_address() {
    let server = Server::start_with(&[("ZHIDAN_HTTP__RATE_PER_MINUTE", "60")]).await;
    let firm = Firm::create_bare(&server, "forgers").await;
    let plant = Plant::with(&server, firm, "own", "hmac").await;
    let mut told = vec![];
    for _ in 0..70 {
        let answer = plant.request(&plant.source.path).body("{}").send().await.expect("an answer");
        told.push(answer.status().as_u16());
    }
    assert!(told.contains(&401) && told.last() == Some(&429), "{told:?}");
    // the source itself is still heard, from the same address
    plant.send(&json!({ "device": "x", "at": Utc::now(), "power_w": 1 }), 200).await;
    server.stop().await;
}
