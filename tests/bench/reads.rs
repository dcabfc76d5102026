//! Reading: the session without the database, one application, and a page of twenty.

use api::app::{App, Senders};
use api::platform::clock::Clock;
use api::platform::outside::mail::RecordingMailer;
use api::platform::outside::sms::Recording;
use std::net::TcpListener;
use std::sync::Arc;

use super::baseline;
use super::load::{self, CONNECTIONS};
use super::pgbench::Pgbench;
use super::ratio::{ROUNDS, Ratio};
use super::recorder::Recorder;
use super::script::{Changing, script};
use super::support::{Firm, Server, on_postgres};

/// Applications in the queue that a page is taken from.
const APPLICATIONS: usize = 25;

/// A server with as many database connections as there are callers.
pub async fn server() -> Server {
    let connections = CONNECTIONS.to_string();
    Server::start_with(&[
        ("ZHIDAN_HTTP__WORKERS", "2"),
        ("ZHIDAN_DATABASE__MAX_CONNECTIONS", &connections),
        ("ZHIDAN_TELEMETRY__RATE_PER_SECOND", "1000000"),
        ("ZHIDAN_TELEMETRY__BURST", "1000000"),
        ("ZHIDAN_TELEMETRY__AT_ONCE", &connections),
    ])
    .await
}

/// The same product on the same data, which asks the database through a door that writes down what it asks.
pub async fn recorded(server: &Server) -> (Recorder, String) {
    let recorder = Recorder::open(&server.db_url());
    let mut config = server.app.config.clone();
    config.database.url = recorder.url.clone();
    config.database.max_connections = 1;
    let senders = Senders { sms: Arc::new(Recording::new()), mailer: Arc::new(RecordingMailer::new()) };
    let app = App::open_with(config, Clock::default(), senders).await.expect("the app opens");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let (running, _) = api::server::start(&app, listener).expect("the server starts");
    actix_web::rt::spawn(running);
    (recorder, url)
}

/// Measures.
pub async fn measure(all: &mut Vec<Ratio>) {
    let server = server().await;
    let firm = Firm::create(&server, "reads").await;
    let mut last = String::new();
    for number in 0..APPLICATIONS {
        let applicant = firm.applicant(&server, &format!("139{number:08}")).await;
        last = firm.submitted(&server, &applicant, 0).await;
    }
    let token = firm.log_in(&server, "executive", 200).await.text("/access_token");
    if on_postgres() {
        all.push(session(&server, &token).await);
        all.push(one(&server, &token, &last).await);
    }
    all.push(page(&server, &token, &last).await);
    server.stop().await;
}

async fn session(server: &Server, token: &str) -> Ratio {
    let body = server.with_token(token).get("/v1/session", 200).await.body.to_string().into_bytes();
    let (_, key) = server.app.tokens.signing_key(server.app.clock.now()).expect("a key");
    let (bare, handle) = baseline::start(&key, body, server.app.config.http_workers);
    let mut ratio = Ratio::new("GET /v1/session ÷ the same route on a bare server that verifies one signature", 0.7);
    for _ in 0..ROUNDS {
        let first = load::repeat(&server.url, load::get(&server.url, "/v1/session", token)).await;
        let second = load::repeat(&bare, load::get(&bare, "/v1/session", token)).await;
        ratio.round(first, second);
    }
    handle.stop(false).await;
    ratio
}

async fn one(server: &Server, token: &str, id: &str) -> Ratio {
    let path = format!("/v1/applications/{id}");
    let (recorder, url) = recorded(server).await;
    let through = super::support::Caller::new(&url, Some(token.to_owned()));
    through.get(&path, 200).await;
    recorder.take();
    through.get(&path, 200).await;
    let asked = recorder.take();
    println!("one application by id: {} statements", asked.len());
    let pgbench = Pgbench::new(&server.db_url(), &[script(&asked, &Changing { since_ms: u64::MAX, key: "" })]);
    let mut ratio = Ratio::new("one application by id ÷ its statements in pgbench", 0.5);
    for _ in 0..ROUNDS {
        let first = load::repeat(&server.url, load::get(&server.url, &path, token)).await;
        ratio.round(first, pgbench.rate().await);
    }
    ratio
}

async fn page(server: &Server, token: &str, id: &str) -> Ratio {
    let (page, one) = ("/v1/applications?limit=20", format!("/v1/applications/{id}"));
    let seen = server.with_token(token).get(page, 200).await;
    assert_eq!(seen.body["items"].as_array().map(Vec::len), Some(20), "a whole page");
    let (database, limit) = if on_postgres() { ("PostgreSQL", 0.35) } else { ("SQLite", 0.2) };
    let mut ratio = Ratio::new(format!("a page of 20 applications ÷ one ({database})"), limit);
    for _ in 0..ROUNDS {
        let first = load::repeat(&server.url, load::get(&server.url, page, token)).await;
        let second = load::repeat(&server.url, load::get(&server.url, &one, token)).await;
        ratio.round(first, second);
    }
    ratio
}
