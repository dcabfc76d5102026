//! Much at once: who floods slows only itself, and memory does not grow with what was taken in. CI sends a little; `ZHIDAN_PROVE`
//! sends for ten minutes, and at twenty times what a source may.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::kill::started;
use super::support::{Plant, Signed, Source, message, reading};
use crate::limits::support::count;
use crate::support::{Place, Server, Serving};

const DEVICES: [&str; 4] = ["lathe", "press", "saw", "pump"];

/// Firms with a source and four sockets each, left to a process.
async fn prepared(slugs: &[&str]) -> (Place, Vec<Source>) {
    let server = Server::start().await;
    let mut sources = vec![];
    for slug in slugs {
        let plant = Plant::make(&server, slug).await;
        for device in DEVICES {
            plant.socket(device, 0).await;
        }
        sources.push(plant.source.clone());
    }
    (server.leave().await, sources)
}

/// A sender with one connection.
struct Sender<'a> {
    client: reqwest::Client,
    url: String,
    source: &'a Source,
}

impl<'a> Sender<'a> {
    fn of(serving: &Serving, source: &'a Source) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { client, url: format!("http://{}{}", serving.address, source.path), source }
    }

    /// Sends one message and gives the status of its answer.
    async fn send(&self, readings: &[Value]) -> u16 {
        let bytes = message(readings).to_string().into_bytes();
        let request = Signed::now(&self.source.secret).on(self.client.post(&self.url), "", &bytes).body(bytes);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        answer.bytes().await.expect("its body");
        status
    }
}

fn some(from: DateTime<Utc>, first: i64, count: i64) -> Vec<Value> {
    let at = |n: i64| from + chrono::Duration::milliseconds(100 * n);
    (first..first + count).map(|n| reading(DEVICES[n as usize % DEVICES.len()], at(n), (n % 900) as f64)).collect()
}

#[actix_web::test]
async fn memory_does_not_grow_with_what_was_taken_in() {
    const EACH: i64 = 500;
    let seconds = count("ZHIDAN_LOAD_SECONDS", 6, 600) as u64;
    let (place, sources) = prepared(&["flat"]).await;
    let mut settings = place.settings("127.0.0.1:0");
    for name in ["TELEMETRY__RATE_PER_SECOND", "TELEMETRY__BURST"] {
        settings.push((format!("ZHIDAN_{name}"), "1000000".into()));
    }
    let serving = started(&settings).await;
    let sender = Sender::of(&serving, &sources[0]);
    let from = Utc::now() - chrono::Duration::days(380);
    let begun = Instant::now();
    let (mut sent, mut held) = (0, vec![]);
    // a busy machine takes its time: three samples of each third at least
    while begun.elapsed() < Duration::from_secs(seconds) || held.len() < 9 {
        assert_eq!(sender.send(&some(from, sent, EACH)).await, 200);
        sent += EACH;
        held.push(serving.resident_kib());
    }
    // caches and pools are filled in the first third
    let third = held.len() / 3;
    let most = |some: &[u64]| some.iter().copied().max().expect("a sample");
    let (middle, last) = (most(&held[third..2 * third]), most(&held[2 * third..]));
    println!("{sent} readings in {seconds} s; resident at most {middle} KiB in the middle, {last} KiB at the end");
    assert!(last <= middle + middle / 20 + 24 * 1_024, "{middle} KiB, then {last} KiB");
    drop(serving);
    place.remove().await;
}

#[actix_web::test]
async fn who_floods_slows_only_itself() {
    let proves = count("ZHIDAN_FLOOD", 0, 1) == 1;
    let messages = count("ZHIDAN_MESSAGES", 60, 1_500);
    let (place, sources) = prepared(&["loud", "quiet"]).await;
    let mut settings = place.settings("127.0.0.1:0");
    settings.push(("ZHIDAN_TELEMETRY__RATE_PER_SECOND".into(), "20".into()));
    settings.push(("ZHIDAN_TELEMETRY__BURST".into(), "20".into()));
    let serving = started(&settings).await;
    let quiet = Sender::of(&serving, &sources[1]);
    let from = Utc::now() - chrono::Duration::days(30);
    // as often as it may
    let taken = async |first: i64| {
        let (mut pace, mut times) = (tokio::time::interval(Duration::from_millis(60)), vec![]);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for number in 0..messages {
            pace.tick().await;
            let sent = Instant::now();
            assert_eq!(quiet.send(&some(from, first + number as i64 * 10, 10)).await, 200, "the quiet one is served");
            times.push(sent.elapsed());
        }
        times.sort_unstable();
        times[(times.len() * 99).div_ceil(100) - 1]
    };
    let alone = taken(0).await;
    let over = std::rc::Rc::new(std::cell::Cell::new(false));
    let floods: Vec<_> = (0..4)
        .map(|number| {
            let (over, source) = (std::rc::Rc::clone(&over), sources[0].clone());
            let url = serving.address.clone();
            actix_web::rt::spawn(async move {
                let client = reqwest::Client::builder().no_proxy().build().expect("a client");
                let loud = Sender { client, url: format!("http://{url}{}", source.path), source: &source };
                let (mut refused, mut stored) = (0, 0);
                // four of these are twenty times what it may
                let (mut pace, mut sent) = (tokio::time::interval(Duration::from_millis(10)), 0_i64);
                while !over.get() {
                    pace.tick().await;
                    sent += 1;
                    match loud.send(&some(from, number * 10_000_000 + sent * 10, 10)).await {
                        200 => stored += 1,
                        429 => refused += 1,
                        other => panic!("{other}"),
                    }
                }
                (stored, refused)
            })
        })
        .collect();
    let together = taken(1_000_000).await;
    over.set(true);
    let (mut stored, mut refused) = (0, 0);
    for flood in floods {
        let (one, other) = flood.await.expect("a flood ends well");
        stored += one;
        refused += other;
    }
    println!("alone p99 {alone:?}, beside a flood {together:?}; of the flood {stored} stored, {refused} refused");
    assert!(refused > stored, "{stored} stored, {refused} refused");
    if proves {
        assert!(together <= alone * 2, "{alone:?} alone, {together:?} beside a flood");
    }
    drop(serving);
    place.remove().await;
}
