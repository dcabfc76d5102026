//! Load over HTTP: eight connections, each sending its next request as soon as it has the answer to the last. The requests
//! are bytes made beforehand, so that almost all of the machine is left to the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections of every measurement, over HTTP and of pgbench.
pub const CONNECTIONS: usize = 8;
/// How long one side of a round runs.
pub const SIDE: Duration = Duration::from_secs(2);

/// A GET with a token.
pub fn get(url: &str, path: &str, token: &str) -> Vec<u8> {
    let host = host_of(url);
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A POST of an empty object with a token, a key and the version seen.
pub fn post(url: &str, path: &str, token: &str, key: &str, version: i64) -> Vec<u8> {
    let host = host_of(url);
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         If-Match: \"{version}\"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    .into_bytes()
}

/// A POST of a JSON body with a token and a key.
pub fn post_body(url: &str, path: &str, token: &str, key: &str, body: &str) -> Vec<u8> {
    let (host, length) = (host_of(url), body.len());
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn host_of(url: &str) -> &str {
    url.trim_start_matches("http://")
}

/// Sends `request` again and again for [`SIDE`], and says how many were answered in a second.
pub async fn repeat(url: &str, request: Vec<u8>) -> f64 {
    run(url, vec![request], true).await
}

/// Sends each of `requests` once, and says how many were answered in a second.
pub async fn each(url: &str, requests: Vec<Vec<u8>>) -> f64 {
    run(url, requests, false).await
}

async fn run(url: &str, requests: Vec<Vec<u8>>, again: bool) -> f64 {
    let (host, requests, next) = (host_of(url).to_owned(), Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let task = move || {
        let begun = Instant::now();
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let (host, requests, next) = (host.clone(), Arc::clone(&requests), Arc::clone(&next));
                std::thread::spawn(move || connection(&host, &requests, &next, again, begun))
            })
            .collect();
        let answered: usize = threads.into_iter().map(|thread| thread.join().expect("a connection")).sum();
        answered as f64 / begun.elapsed().as_secs_f64()
    };
    actix_web::rt::task::spawn_blocking(task).await.expect("the load")
}

fn connection(host: &str, requests: &[Vec<u8>], next: &AtomicUsize, again: bool, begun: Instant) -> usize {
    let stream = TcpStream::connect(host).expect("the server listens");
    stream.set_nodelay(true).expect("no delay");
    let mut answers = BufReader::with_capacity(1 << 16, stream.try_clone().expect("a second handle"));
    let (mut stream, mut body, mut answered) = (stream, Vec::new(), 0);
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if again && begun.elapsed() >= SIDE {
            return answered;
        }
        let Some(request) = requests.get(if again { 0 } else { at }) else { return answered };
        stream.write_all(request).expect("the request goes out");
        read_answer(&mut answers, &mut body);
        answered += 1;
    }
}

/// Reads one answer, which must be a success with a length.
fn read_answer(answers: &mut BufReader<TcpStream>, body: &mut Vec<u8>) {
    let (mut line, mut length, mut status) = (String::new(), 0, String::new());
    loop {
        line.clear();
        answers.read_line(&mut line).expect("a line of the answer's head");
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if status.is_empty() {
            status = text.to_owned();
        }
        if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("a length");
        }
    }
    body.resize(length, 0);
    answers.read_exact(body).expect("the answer's body");
    assert!(status.contains(" 200 "), "{status}: {}", String::from_utf8_lossy(body));
}
