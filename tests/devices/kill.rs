//! What was acknowledged stays, once: senders note each acknowledgement, the product is killed in the middle of taking
//! readings in and started again, and every reading that was acknowledged must be there, and none twice. On SQLite one
//! process is killed, on PostgreSQL one of three replicas. `ZHIDAN_KILLS` says how often.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use super::support::{Plant, Signed, Source, message, reading};
use crate::limits::support::{Draws, count, db_rows_at};
use crate::support::{Caller, Place, Server, Serving, on_postgres};

pub(super) const SENDERS: usize = 4;
const BATCH: i64 = 50;
/// How long a sender waits before it tries again, unless it hears earlier that something was started anew.
const PATIENCE: Duration = Duration::from_millis(200);
const DEVICES: [&str; SENDERS] = ["lathe", "press", "saw", "pump"];

/// What senders and the one who kills share.
pub(super) struct World {
    source: Source,
    begun: DateTime<Utc>,
    pub urls: watch::Sender<Vec<String>>,
    pub acknowledged: watch::Sender<usize>,
    pub over: Cell<bool>,
    pub journal: RefCell<Vec<(usize, i64)>>,
}

impl World {
    /// Sends a batch until it is acknowledged, each time signed anew.
    async fn surely(&self, client: &reqwest::Client, body: &Value, turn: usize) {
        let bytes = body.to_string().into_bytes();
        let mut changes = self.urls.subscribe();
        for attempt in turn.. {
            let urls = self.urls.borrow().clone();
            let request = client.post(format!("{}{}", urls[attempt % urls.len()], self.source.path));
            let request = Signed::now(&self.source.secret).on(request, "", &bytes).body(bytes.clone());
            let answer = match request.send().await {
                Ok(answer) => Some((answer.status().as_u16(), answer.text().await)),
                Err(_) => None,
            };
            match answer {
                Some((200 | 202, Ok(_))) => return,
                Some((status, text)) if status < 500 && !matches!(status, 200 | 202 | 429) => {
                    panic!("{status}: {text:?}")
                }
                // killed, or its database was busy: the others may go on, or it comes back
                _ => drop(tokio::time::timeout(PATIENCE, changes.changed()).await),
            }
        }
    }

    fn at(&self, number: i64) -> DateTime<Utc> {
        self.begun + chrono::Duration::microseconds(number)
    }
}

pub(super) async fn sender(world: Rc<World>, number: usize) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut next = 0;
    while !world.over.get() {
        let some: Vec<i64> = (next..next + BATCH).collect();
        let all: Vec<Value> = some.iter().map(|at| reading(DEVICES[number], world.at(*at), *at as f64)).collect();
        world.surely(&client, &message(&all), number).await;
        world.journal.borrow_mut().extend(some.iter().map(|at| (number, world.at(*at).timestamp_micros())));
        world.acknowledged.send_modify(|count| *count += some.len());
        next += BATCH;
    }
}

/// A firm with a source and four sockets, left to processes.
pub(super) async fn prepared() -> (Place, World, Uuid, String) {
    let server = Server::start().await;
    let plant = Plant::make(&server, "killed").await;
    for device in DEVICES {
        plant.socket(device, 0).await;
    }
    let (tenant, url) = (plant.firm.tenant, server.db_url());
    let world = World {
        source: plant.source.clone(),
        begun: Utc::now() - chrono::Duration::hours(1),
        urls: watch::Sender::new(vec![]),
        acknowledged: watch::Sender::new(0),
        over: Cell::new(false),
        journal: RefCell::new(vec![]),
    };
    (server.leave().await, world, tenant, url)
}

pub(super) async fn started(settings: &[(String, String)]) -> Serving {
    let settings = settings.to_vec();
    actix_web::rt::task::spawn_blocking(move || Serving::start_unheard(&settings)).await.expect("it starts")
}

pub(super) fn urls(running: &[Serving]) -> Vec<String> {
    running.iter().map(|one| format!("http://{}", one.address)).collect()
}

/// Every acknowledged reading is there, and nothing is there twice; gives how many there are.
pub(super) async fn assert_kept(world: &World, url: &str, tenant: Uuid) -> usize {
    let sql = "SELECT s.device, r.at_us, CAST(count(*) AS BIGINT) FROM readings r JOIN sockets s \
               ON s.tenant_id = r.tenant_id AND s.id = r.socket_id WHERE r.tenant_id = $tenant GROUP BY s.device, r.at_us";
    // those that are acknowledged while the tables are read may not be in what is read
    let noted = world.journal.borrow().clone();
    let rows = db_rows_at(url, tenant, sql, |row| ((row.text(0), row.whole(1)), row.whole(2))).await;
    let kept: HashMap<(String, i64), i64> = rows.into_iter().collect();
    assert!(kept.values().all(|count| *count == 1), "something is there twice");
    let is_lost = |(_, (number, at)): &(usize, &(usize, i64))| !kept.contains_key(&(DEVICES[*number].to_owned(), *at));
    let lost: Vec<usize> = noted.iter().enumerate().filter(is_lost).map(|(place, _)| place).collect();
    assert!(lost.is_empty(), "of {} acknowledged readings those noted as {lost:?} are lost", noted.len());
    kept.len()
}

#[actix_web::test]
async fn no_acknowledged_reading_is_lost_by_a_kill() {
    let kills = count("ZHIDAN_KILLS", 2, 100);
    let most = count("ZHIDAN_ACKS_PER_KILL", 1_000, 3_000) as i64;
    let mut draws = Draws::new(count("ZHIDAN_SEED", 1, 1) as u64);
    let (place, world, tenant, url) = prepared().await;
    let mut settings = place.settings("127.0.0.1:0");
    for name in ["HTTP__RATE_PER_MINUTE", "TELEMETRY__RATE_PER_SECOND", "TELEMETRY__BURST"] {
        settings.push((format!("ZHIDAN_{name}"), "1000000".into()));
    }
    let mut running = vec![];
    for _ in 0..if on_postgres() { 3 } else { 1 } {
        running.push(started(&settings).await);
    }
    world.urls.send_replace(urls(&running));
    let world = Rc::new(world);
    let senders: Vec<_> = (0..SENDERS).map(|number| actix_web::rt::spawn(sender(Rc::clone(&world), number))).collect();
    let mut heard = world.acknowledged.subscribe();
    for _ in 0..kills {
        let enough = *world.acknowledged.borrow() + usize::try_from(draws.within(most / 3, most)).expect("a number");
        heard.wait_for(|now| *now >= enough).await.expect("the senders go on");
        let which = usize::try_from(draws.within(0, running.len() as i64 - 1)).expect("an index");
        // SIGKILL, and its end is waited for
        drop(running.swap_remove(which));
        if !running.is_empty() {
            world.urls.send_replace(urls(&running));
        }
        running.push(started(&settings).await);
        world.urls.send_replace(urls(&running));
        assert_kept(&world, &url, tenant).await;
    }
    world.over.set(true);
    for sender in senders {
        sender.await.expect("a sender ends well");
    }
    let kept = assert_kept(&world, &url, tenant).await;
    let acknowledged = world.journal.borrow().len();
    assert_eq!(kept, acknowledged, "whatever was sent again is there once");
    let anyone = Caller::new(&world.urls.borrow()[0], None);
    anyone.get("/health", 200).await;
    println!("{kills} kills, {acknowledged} acknowledged readings, none lost, none twice");
    drop(running);
    place.remove().await;
}
