//! Slow and huge clients do no harm: each is cut off within a limit that is set, and the others do not notice. Read from raw
//! sockets until the server answers and closes; what the server never ended would end the test by the socket's own limit.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::Server;

/// The limits in these tests, milliseconds.
const WAIT_MS: u64 = 1_000;
/// Longest that a test waits for what the server should have ended long ago.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a dribbling client sends another byte.
const DRIBBLE: Duration = Duration::from_millis(100);
const KEY: &str = "{\"operator_key\":\"operator-key-of-the-suite-and-nobody\"}";

async fn impatient() -> Server {
    let wait = WAIT_MS.to_string();
    Server::start_with(&[("ZHIDAN_HTTP__HEAD_WAIT_MS", &wait), ("ZHIDAN_HTTP__BODY_WAIT_MS", &wait)]).await
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    stream
}

fn head(length: &str) -> String {
    format!(
        "POST /v1/platform/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Idempotency-Key: a-key-of-the-suite\r\n{length}\r\n\r\n"
    )
}

/// Everything that comes until the server closes.
fn to_the_end(stream: &mut TcpStream) -> String {
    let mut all = vec![];
    match stream.read_to_end(&mut all) {
        // It may close while we still send, which some systems report as a reset.
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("not closed: {error}; {}", String::from_utf8_lossy(&all)),
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Sends one byte after the other, each as late as may be, until the server answers or closes.
fn dribble(stream: &mut TcpStream, bytes: &str) -> String {
    stream.set_read_timeout(Some(DRIBBLE)).expect("a limit");
    let begun = Instant::now();
    for byte in bytes.bytes() {
        if stream.write_all(&[byte]).is_err() {
            break;
        }
        let mut first = [0; 1];
        match stream.read(&mut first) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return String::new(),
            Ok(0) => return String::new(),
            Ok(_) => {
                stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
                return format!("{}{}", char::from(first[0]), to_the_end(stream));
            }
            Err(error) => panic!("{error}"),
        }
        assert!(begun.elapsed() < PATIENCE, "it waits for ever");
    }
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    to_the_end(stream)
}

/// One answer on a connection that stays open.
fn answer(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let (mut all, mut byte) = (vec![], [0; 1]);
    while !all.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&all)));
        all.push(byte[0]);
    }
    let head = String::from_utf8(all).expect("a head").to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).expect("a length");
    let mut body = vec![0; length.parse().expect("a number")];
    stream.read_exact(&mut body).expect("the body");
    head
}

/// Asks on a connection that stays open.
fn ask(stream: &mut TcpStream) {
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is sent");
    assert!(answer(stream).starts_with("http/1.1 200 "));
}

/// Runs `story` beside the server with its address.
async fn beside<R: Send + 'static>(server: &Server, story: impl FnOnce(&str) -> R + Send + 'static) -> R {
    let address = server.url.trim_start_matches("http://").to_owned();
    tokio::task::spawn_blocking(move || story(&address)).await.expect("the story")
}

#[actix_web::test]
async fn a_slow_body_is_cut_off_in_time() {
    let server = impatient().await;
    beside(&server, |address| {
        let length = format!("Content-Length: {}", KEY.len());
        // Half a body and then nothing; nothing at all; a chunk and no end; one byte after the other.
        for (head, part) in
            [(head(&length), &KEY[..20]), (head(&length), ""), (head("Transfer-Encoding: chunked"), "5\r\n{\"ope\r\n")]
        {
            let (mut stream, begun) = (connect(address), Instant::now());
            stream.write_all(head.as_bytes()).expect("the head is sent");
            stream.write_all(part.as_bytes()).expect("a part is sent");
            let answer = to_the_end(&mut stream);
            assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"body_timeout\""), "{part:?}: {answer}");
            assert!(begun.elapsed() >= Duration::from_millis(WAIT_MS - 100), "not before its time");
        }
        let mut stream = connect(address);
        stream.write_all(head("Content-Length: 400").as_bytes()).expect("the head is sent");
        let answer = dribble(&mut stream, &" ".repeat(400));
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        // The same body in time is taken.
        let mut stream = connect(address);
        let length = format!("{length}\r\nConnection: close");
        stream.write_all(format!("{}{KEY}", head(&length)).as_bytes()).expect("it is sent");
        assert!(to_the_end(&mut stream).starts_with("HTTP/1.1 200 "));
    })
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn a_slow_head_is_cut_off_in_time() {
    let server = impatient().await;
    beside(&server, |address| {
        for part in ["GET", "GET /health HTTP/1.1\r\n", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
            let mut stream = connect(address);
            stream.write_all(part.as_bytes()).expect("a part is sent");
            let answer = to_the_end(&mut stream);
            assert!(answer.starts_with("HTTP/1.1 408 "), "{part:?}: {answer}");
        }
        let mut stream = connect(address);
        let answer = dribble(&mut stream, &format!("GET /health HTTP/1.1\r\nX-Slow: {}", "x".repeat(400)));
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    })
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn a_slow_head_is_cut_off_in_time_whatever_went_before_it_on_its_connection() {
    let server = impatient().await;
    beside(&server, |address| {
        let slow = format!("GET /health HTTP/1.1\r\nX-Slow: {}", "x".repeat(400));
        for before in 1..=3 {
            let mut stream = connect(address);
            (0..before).for_each(|_| ask(&mut stream));
            let begun = Instant::now();
            let answer = dribble(&mut stream, &slow);
            assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
            assert!(begun.elapsed() >= Duration::from_millis(WAIT_MS - 100), "not before its time");
        }
        // A part and then nothing.
        let mut stream = connect(address);
        ask(&mut stream);
        stream.write_all(&slow.as_bytes()[..20]).expect("a part is sent");
        assert!(to_the_end(&mut stream).starts_with("HTTP/1.1 408 "));
        // A head that began to come while the request before it was in hand.
        for rest in ["", &slow[20..]] {
            let mut stream = connect(address);
            let both = format!("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n{}", &slow[..20]);
            stream.write_all(both.as_bytes()).expect("it is sent");
            assert!(answer(&mut stream).starts_with("http/1.1 200 "));
            let cut = dribble(&mut stream, rest);
            assert!(cut.is_empty() || cut.starts_with("HTTP/1.1 408 "), "{cut}");
        }
    })
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn clients_that_keep_their_connection_may_be_idle_longer_than_a_head_may_take() {
    let server = impatient().await;
    beside(&server, |address| {
        let mut stream = connect(address);
        let begun = Instant::now();
        ask(&mut stream);
        for _ in 0..2 {
            stream.set_read_timeout(Some(Duration::from_millis(WAIT_MS * 3 / 2))).expect("a limit");
            let idle = stream.read(&mut [0; 1]).expect_err("nothing comes, and nothing ends");
            assert!(matches!(idle.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{idle}");
            // A head in two parts, in time.
            stream.write_all(b"GET /health HTTP/1.1\r\n").expect("a part is sent");
            stream.set_read_timeout(Some(DRIBBLE)).expect("a limit");
            stream.read(&mut [0; 1]).expect_err("it waits for the rest");
            stream.write_all(b"Host: localhost\r\n\r\n").expect("the rest is sent");
            assert!(answer(&mut stream).starts_with("http/1.1 200 "));
        }
        while begun.elapsed() < Duration::from_millis(WAIT_MS * 5) {
            ask(&mut stream);
        }
    })
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn a_huge_request_is_refused_before_it_is_there() {
    let server = Server::start().await;
    beside(&server, |address| {
        // A gigabyte that is announced is refused at once, long before a slow body would be cut off.
        let (mut stream, begun) = (connect(address), Instant::now());
        stream.write_all(head("Content-Length: 1073741824").as_bytes()).expect("the head is sent");
        let answer = to_the_end(&mut stream);
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"body_too_large\""), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        // One that is not announced is refused where it passes the limit.
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        for path in ["/v1/platform/sessions", "/v1/my/applications", "/health"] {
            let (mut stream, begun) = (connect(address), Instant::now());
            let head = head("Transfer-Encoding: chunked").replace("/v1/platform/sessions", path);
            stream.write_all(head.as_bytes()).expect("the head is sent");
            while stream.write_all(chunk.as_bytes()).is_ok() {
                assert!(begun.elapsed() < PATIENCE, "{path} takes whatever comes");
            }
            let answer = to_the_end(&mut stream);
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
        // A head without an end, and a length that is none.
        let mut stream = connect(address);
        let line = format!("X-Long: {}\r\n", "x".repeat(8_000));
        let begun = Instant::now();
        while stream.write_all(line.as_bytes()).is_ok() {
            assert!(begun.elapsed() < PATIENCE, "it takes whatever comes");
        }
        for length in
            ["Content-Length: -1", "Content-Length: 1\r\nContent-Length: 2", "Transfer-Encoding: gzip, chunked, x"]
        {
            let mut stream = connect(address);
            stream.write_all(head(length).as_bytes()).expect("the head is sent");
            assert!(to_the_end(&mut stream).starts_with("HTTP/1.1 400 "), "{length}");
        }
    })
    .await;
    server.stop().await;
}

#[actix_web::test]
async fn good_clients_do_not_notice_many_slow_ones() {
    let server = impatient().await;
    let slow = beside(&server, |address| {
        let begin = |n: usize| {
            let (mut stream, body) = (connect(address), head("Content-Length: 400"));
            let part = if n.is_multiple_of(2) { "GET /health HTTP/1.1\r\nX-Slow: " } else { &body };
            stream.write_all(part.as_bytes()).expect("a part is sent");
            stream
        };
        (0..200).map(begin).collect::<Vec<_>>()
    })
    .await;
    let anyone = server.anyone();
    for _ in 0..50 {
        anyone.get("/health", 200).await;
    }
    beside(&server, move |_| {
        for mut stream in slow {
            assert!(to_the_end(&mut stream).starts_with("HTTP/1.1 408 "));
        }
    })
    .await;
    anyone.get("/health", 200).await;
    server.stop().await;
}
