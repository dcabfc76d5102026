//! `zhidan serve`: a wrong setting is named, and who is told to stop finishes what was accepted.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::{Place, Serving, zhidan};

/// What is set wrongly, and what the refusal must say.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

#[actix_web::test]
async fn a_wrong_setting_is_named_with_what_is_expected() {
    let place = Place::fresh().await;
    let rows: [Row; 9] = [
        (&[("ZHIDAN_HTPP__LISTEN", "127.0.0.1:0")], &["ZHIDAN_HTPP__LISTEN is not a setting", "--help"]),
        (&[("ZHIDAN_HTTP__LISTEN", "here")], &["ZHIDAN_HTTP__LISTEN is \"here\"", "127.0.0.1:8080"]),
        (&[("ZHIDAN_HTTP__WORKERS", "many")], &["ZHIDAN_HTTP__WORKERS", "a number from 1 to 64"]),
        (&[("ZHIDAN_HTTP__WORKERS", "0")], &["ZHIDAN_HTTP__WORKERS is \"0\"", "a number from 1 to 64"]),
        (&[("ZHIDAN_DATABASE__URL", "mysql://x")], &["ZHIDAN_DATABASE__URL must begin with sqlite:// or postgres://"]),
        (&[("ZHIDAN_MASTER_KEY", "0011")], &["ZHIDAN_MASTER_KEY"]),
        (&[("ZHIDAN_MAIL__TLS", "perhaps"), ("ZHIDAN_MAIL__HOST", "mail.example.com")], &["ZHIDAN_MAIL__TLS"]),
        (&[("ZHIDAN_SMS__PROVIDER", "pigeon")], &["ZHIDAN_SMS__PROVIDER"]),
        (
            &[("ZHIDAN_HTTP__LISTEN", "0.0.0.0:0")],
            &["ZHIDAN_HTTP__PUBLIC_URL", "ZHIDAN_SMS__PROVIDER", "ZHIDAN_MAIL__HOST", "ZHIDAN_MAIL__FROM"],
        ),
    ];
    for (wrong, expected) in rows {
        let mut settings = place.settings("127.0.0.1:0");
        settings.retain(|(name, _)| !wrong.iter().any(|(other, _)| other == name));
        settings.extend(wrong.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let ran = zhidan(settings, &["serve"]).await;
        assert_eq!(ran.code, 1, "{wrong:?}: {ran:?}");
        for words in expected {
            assert!(ran.err.contains(words), "{wrong:?}: {words:?} is not in {}", ran.err);
        }
    }
    place.remove().await;
}

/// Reads until `end` was read.
fn read_to(stream: &mut TcpStream, end: &str) -> String {
    let (mut all, mut byte) = (vec![], [0]);
    while !all.ends_with(end.as_bytes()) {
        assert!(stream.read(&mut byte).expect("an answer") == 1, "it ended with {}", String::from_utf8_lossy(&all));
        all.push(byte[0]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[actix_web::test]
async fn told_to_stop_it_answers_what_it_accepted_and_ends_well() {
    let place = Place::fresh().await;
    let mut settings = place.settings("127.0.0.1:0");
    settings.push(("ZHIDAN_DEMO".into(), "false".into()));
    let story = move || {
        let mut serving = Serving::start(&settings);
        let body = "{\"operator_key\":\"operator-key-of-the-suite-and-nobody\"}";
        let head = format!(
            "POST /v1/platform/sessions HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Idempotency-Key: in-flight\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            serving.address,
            body.len()
        );
        let mut stream = TcpStream::connect(&serving.address).expect("it listens");
        stream.write_all(head.as_bytes()).expect("the head is sent");
        // Its handler has the request in hand from here on.
        assert!(read_to(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 100 "));
        serving.terminate();
        serving.line_with("stopping");
        stream.write_all(body.as_bytes()).expect("the body is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the answer");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("access_token"), "{answer}");
        let address = serving.address.clone();
        let (code, log) = serving.end();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("/v1/platform/sessions"), "the request is logged: {log}");
        TcpStream::connect(address).expect_err("nobody listens any more");
    };
    tokio::task::spawn_blocking(story).await.expect("the story");
    place.remove().await;
}
