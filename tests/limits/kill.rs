//! What was acknowledged stays, once: clients note each acknowledgement in a journal that is synced to the disk, the product
//! is killed in the middle of its work, started again, and every line of the journal must be in the books exactly once, also
//! when it is sent again under its key. On SQLite one process is killed, on PostgreSQL one of three replicas; where
//! `ZHIDAN_KILL_DATABASE` names a command that kills the database and starts it again, that. `ZHIDAN_KILLS` says how often.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use domain::id::{Id, kind};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::support::{Books, Draws, amount, assert_whole, count, db_rows_at, post_with_key};
use crate::support::{Caller, PASSWORD, Place, Server, Serving, on_postgres};

const CLIENTS: usize = 8;
/// How long a client waits before it tries again, unless it hears earlier that something was started anew.
const PATIENCE: Duration = Duration::from_millis(200);
/// Kills after which the whole ledger is verified, and not only the journal.
const VERIFY_EVERY: usize = 20;

/// An acknowledgement.
struct Line {
    path: String,
    key: String,
    body: Value,
    answer: String,
    operation: Uuid,
}

/// What clients and the one who kills share.
struct World {
    slug: String,
    limit: String,
    /// Where the product listens now; changed whenever something was started anew.
    urls: watch::Sender<Vec<String>>,
    acknowledged: watch::Sender<usize>,
    over: Cell<bool>,
    journal: RefCell<(File, Vec<Line>)>,
    token: RefCell<String>,
}

impl World {
    fn note(&self, line: Line) {
        let mut journal = self.journal.borrow_mut();
        let row = json!({ "key": line.key, "path": line.path, "operation": line.operation });
        writeln!(journal.0, "{row}").expect("the journal is written");
        journal.0.sync_data().expect("the journal is synced");
        journal.1.push(line);
        self.acknowledged.send_modify(|count| *count += 1);
    }

    async fn log_in(&self, url: &str) {
        let body = json!({ "login_name": "finance", "password": PASSWORD });
        let anyone = Caller::new(url, None);
        let request = anyone.request(reqwest::Method::POST, &format!("/v1/t/{}/staff-sessions", self.slug));
        let Ok(answer) = request.json(&body).send().await else { return };
        if let Some(token) =
            answer.json::<Value>().await.ok().and_then(|body| body["access_token"].as_str().map(str::to_owned))
        {
            *self.token.borrow_mut() = token;
        }
    }

    /// Sends a request until it is acknowledged, always under the same key.
    async fn surely(&self, client: &reqwest::Client, path: String, body: Value, turn: usize) -> Value {
        let key = Uuid::now_v7().to_string();
        let mut changes = self.urls.subscribe();
        for attempt in turn.. {
            let urls = self.urls.borrow().clone();
            let url = &urls[attempt % urls.len()];
            let token = self.token.borrow().clone();
            let request = client.post(format!("{url}{path}")).bearer_auth(token).header("Idempotency-Key", &key);
            let answer = match request.json(&body).send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    answer.text().await.ok().map(|text| (status, text))
                }
                Err(_) => None,
            };
            match answer {
                Some((200, answer)) => {
                    let told: Value = serde_json::from_str(&answer).expect("JSON");
                    let operation = told["operation"].as_str().and_then(Id::<kind::LimitOperation>::parse);
                    let operation = operation.expect("an operation").uuid();
                    self.note(Line { path, key, body, answer, operation });
                    return told;
                }
                Some((401, _)) => self.log_in(url).await,
                Some((status, text)) if status < 500 => panic!("{path}: {status}: {text}"),
                // killed, or its database was: the others may go on, or it comes back
                _ => drop(tokio::time::timeout(PATIENCE, changes.changed()).await),
            }
        }
        unreachable!("a range without an end")
    }
}

/// One client: it reserves, draws and repays until the killing is over.
async fn client(world: Rc<World>, number: usize) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    while !world.over.get() {
        let sum = amount(1_000 + number as i64);
        let path = format!("/v1/limits/{}/reserve", world.limit);
        let reserved = world.surely(&client, path, sum.clone(), number).await;
        let path = format!("/v1/reservations/{}/draw", reserved["reservation"]["id"].as_str().expect("an id"));
        let drawn = world.surely(&client, path, sum.clone(), number).await;
        let path = format!("/v1/drawdowns/{}/repay", drawn["drawdown"]["id"].as_str().expect("an id"));
        world.surely(&client, path, sum, number).await;
    }
}

/// The processes, and how they are killed.
struct Fleet {
    settings: Vec<(String, String)>,
    running: Vec<Serving>,
    database: Option<String>,
}

impl Fleet {
    async fn started(settings: &[(String, String)]) -> Serving {
        let settings = settings.to_vec();
        actix_web::rt::task::spawn_blocking(move || Serving::start_unheard(&settings)).await.expect("it starts")
    }

    fn urls(&self) -> Vec<String> {
        self.running.iter().map(|one| format!("http://{}", one.address)).collect()
    }

    /// Kills one process, or the database, and starts it again.
    async fn kill(&mut self, draws: &mut Draws, urls: &watch::Sender<Vec<String>>) {
        if let Some(command) = self.database.clone() {
            let run = move || Command::new("sh").args(["-c", &command]).status().expect("the command runs");
            assert!(actix_web::rt::task::spawn_blocking(run).await.expect("it ends").success());
        } else {
            let which = usize::try_from(draws.within(0, self.running.len() as i64 - 1)).expect("an index");
            // SIGKILL, and its end is waited for
            drop(self.running.swap_remove(which));
            if !self.running.is_empty() {
                urls.send_replace(self.urls());
            }
            self.running.push(Self::started(&self.settings).await);
        }
        urls.send_replace(self.urls());
    }
}

/// Every line of the journal is in the books, once.
async fn assert_kept(world: &World, place_url: &str, tenant: Uuid, draws: &mut Draws) {
    let sql = "SELECT operation_id, CAST(count(*) AS BIGINT) FROM limit_entries WHERE tenant_id = $tenant GROUP BY operation_id";
    let sample: Vec<(String, String, Value, String)> = {
        let journal = world.journal.borrow();
        let lines = &journal.1;
        let mut some: Vec<usize> = (lines.len().saturating_sub(5)..lines.len()).collect();
        some.extend((0..5).map(|_| draws.within(0, lines.len() as i64 - 1) as usize));
        let line = |at: usize| &lines[at];
        some.into_iter().map(line).map(|l| (l.path.clone(), l.key.clone(), l.body.clone(), l.answer.clone())).collect()
    };
    let noted: Vec<Uuid> = world.journal.borrow().1.iter().map(|line| line.operation).collect();
    let kept: HashMap<Uuid, i64> =
        db_rows_at(place_url, tenant, sql, |row| (row.id(0), row.whole(1))).await.into_iter().collect();
    let lost: Vec<&Uuid> = noted.iter().filter(|operation| kept.get(operation) != Some(&1)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged operations are lost or doubled: {lost:?}", lost.len(), noted.len());
    let url = world.urls.borrow()[0].clone();
    world.log_in(&url).await;
    let again = Caller::new(&url, Some(world.token.borrow().clone()));
    for (path, key, body, answer) in sample {
        assert_eq!(post_with_key(&again, &path, &key, &body).await, (200, answer), "{path} again");
    }
}

/// Books with one limit, left to processes.
async fn prepared(draws: &mut Draws) -> (Place, World, Uuid, String, i64) {
    let server = Server::start().await;
    let books = Books::open(&server, "killed").await;
    let limit = books.limit(&server, "13900000321", 50_000_000).await;
    let (tenant, url) = (books.firm.tenant, server.db_url());
    let before = db_rows_at(&url, tenant, ENTRIES, |row| row.whole(0)).await[0];
    let token = books.firm.log_in(&server, "finance", 200).await.text("/access_token");
    let file =
        std::env::temp_dir().join(format!("zhidan-journal-{:x}-{}", draws.within(0, i64::MAX - 1), Uuid::now_v7()));
    let journal = RefCell::new((File::create(file).expect("a journal"), vec![]));
    let (urls, acknowledged) = (watch::Sender::new(vec![]), watch::Sender::new(0));
    let (over, token) = (Cell::new(false), RefCell::new(token));
    let world = World { slug: books.firm.slug.clone(), limit, urls, acknowledged, over, journal, token };
    (server.leave().await, world, tenant, url, before)
}

const ENTRIES: &str = "SELECT CAST(count(*) AS BIGINT) FROM limit_entries WHERE tenant_id = $tenant";

#[actix_web::test]
async fn what_was_acknowledged_before_a_kill_is_there_once() {
    let database = std::env::var("ZHIDAN_KILL_DATABASE").ok().filter(|command| !command.is_empty());
    let in_prove = if database.is_some() {
        20
    } else if on_postgres() {
        100
    } else {
        200
    };
    let kills = count("ZHIDAN_KILLS", 2, in_prove);
    let most = count("ZHIDAN_ACKS_PER_KILL", 60, 150) as i64;
    let mut draws = Draws::new(count("ZHIDAN_SEED", 1, 1) as u64);
    let (place, world, tenant, url, before) = prepared(&mut draws).await;
    let mut settings = place.settings("127.0.0.1:0");
    for name in ["ZHIDAN_HTTP__RATE_PER_MINUTE", "ZHIDAN_HTTP__LOGIN_RATE_PER_MINUTE"] {
        settings.push((name.into(), "1000000".into()));
    }
    let mut fleet = Fleet { settings, running: vec![], database };
    for _ in 0..if on_postgres() { 3 } else { 1 } {
        fleet.running.push(Fleet::started(&fleet.settings).await);
    }
    world.urls.send_replace(fleet.urls());
    let world = Rc::new(world);
    let clients: Vec<_> = (0..CLIENTS).map(|number| actix_web::rt::spawn(client(Rc::clone(&world), number))).collect();
    let mut count = world.acknowledged.subscribe();
    for kill in 1..=kills {
        let enough = *world.acknowledged.borrow() + usize::try_from(draws.within(most / 3, most)).expect("a number");
        count.wait_for(|now| *now >= enough).await.expect("the clients go on");
        fleet.kill(&mut draws, &world.urls).await;
        assert_kept(&world, &url, tenant, &mut draws).await;
        if kill % VERIFY_EVERY == 0 {
            assert_whole(place.settings("127.0.0.1:0")).await;
        }
    }
    world.over.set(true);
    for client in clients {
        client.await.expect("a client ends well");
    }
    assert_kept(&world, &url, tenant, &mut draws).await;
    let acknowledged = world.journal.borrow().1.len();
    let entries = db_rows_at(&url, tenant, ENTRIES, |row| row.whole(0)).await[0] - before;
    assert_eq!(entries, acknowledged as i64, "whatever was sent again had its effect once");
    assert_whole(place.settings("127.0.0.1:0")).await;
    println!("{kills} kills, {acknowledged} acknowledged writes, none lost, none twice");
    drop(fleet);
    place.remove().await;
}
