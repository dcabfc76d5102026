//! Keys change while people work, and nobody notices (promise 15): the keys of access tokens, tenants' data keys, and the master
//! key. What is asked meanwhile of two replicas is all answered.

use std::cell::Cell;
use std::rc::Rc;

use api::platform::access::operator_tx;
use api::platform::keys::MasterKey;
use api::platform::rekey::{KEPT, PLACES, Place, reseal};
use chrono::Duration;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use tokio::sync::watch;
use uuid::Uuid;

use crate::support::{Caller, Firm, Replica, Server, on_postgres, zhidan};

/// Somebody who works on and on at both replicas: reads, writes what is sealed, and fetches a new token now and then.
struct Worker {
    stop: Rc<Cell<bool>>,
    asked: watch::Receiver<u32>,
    task: actix_web::rt::task::JoinHandle<u32>,
}

impl Worker {
    /// Begins with one person of a firm.
    async fn begin(server: &Server, replica: &Replica, firm: &Firm) -> Self {
        let mut session = firm.log_in(server, "clerk", 200).await;
        let (urls, stop) = ([server.url.clone(), replica.url.clone()], Rc::new(Cell::new(false)));
        let stopped = Rc::clone(&stop);
        let (tell, asked) = watch::channel(0);
        let task = actix_web::rt::spawn(async move {
            let mut count = 0;
            while !stopped.get() {
                for url in &urls {
                    let caller = Caller::new(url, Some(session.text("/access_token")));
                    caller.get("/v1/session", 200).await;
                    count += 1;
                    tell.send_replace(count);
                    let body = json!({ "refresh_token": session.text("/refresh_token") });
                    session = Caller::new(url, None).post("/v1/sessions/refresh", &body, 200).await;
                }
            }
            count
        });
        Self { stop, asked, task }
    }

    /// Waits until both replicas were asked since: the clock does not run away from a request that is on its way.
    async fn goes_on(&mut self) {
        let enough = *self.asked.borrow() + 4;
        // one that has ended says why at its end
        let _ = self.asked.wait_for(|asked| *asked >= enough).await;
    }

    /// Ends; says how often both were asked. Whatever went wrong has ended the test.
    async fn end(self) -> u32 {
        self.stop.set(true);
        self.task.await.expect("every answer was as it should be")
    }
}

/// What every process does twice a second.
async fn look(server: &Server, replica: &Replica) {
    for app in [&server.app, replica.app()] {
        app.tokens.refresh(&app.db, &app.config.master_key, app.clock.now()).await.expect("the keys are read");
    }
}

async fn kids(server: &Server) -> Vec<String> {
    let keys: Value = server.anyone().get("/.well-known/jwks.json", 200).await.body;
    let keys = keys["keys"].as_array().expect("keys").clone();
    keys.iter().map(|key| key["kid"].as_str().expect("a name").to_owned()).collect()
}

#[actix_web::test]
async fn tokens_change_their_key_and_nobody_is_logged_out() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "tokens").await;
    let replica = server.replica().await;
    let old = firm.staff("clerk");
    let first = kids(&server).await;
    assert_eq!(first.len(), 1);
    let mut worker = Worker::begin(&server, &replica, &firm).await;
    let ran = zhidan(server.settings(), &["keys", "rotate-tokens"]).await;
    assert!(ran.code == 0 && ran.out.contains("signs access tokens from"), "{ran:?}");
    look(&server, &replica).await;
    let both = kids(&server).await;
    assert_eq!((both.len(), &both[0]), (2, &first[0]), "the next is known before it signs");
    // the replica's clock comes to the instant at which the new one signs; then past the last token of the old one
    for seconds in [60, 70] {
        server.app.clock.advance(Duration::seconds(seconds));
        look(&server, &replica).await;
        worker.goes_on().await;
        let session = firm.log_in(&server, "reviewer", 200).await;
        Caller::new(&replica.url, Some(session.text("/access_token"))).get("/v1/session", 200).await;
    }
    old.get("/v1/session", 200).await;
    for _ in 0..4 {
        server.app.clock.advance(Duration::seconds(180));
        look(&server, &replica).await;
        worker.goes_on().await;
    }
    assert_eq!(kids(&server).await, both[1..], "the old one has ended");
    assert!(worker.end().await > 4);
    replica.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn a_key_in_wrong_hands_is_withdrawn_at_once() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "stolen").await;
    let replica = server.replica().await;
    let session = firm.log_in(&server, "clerk", 200).await;
    let token = session.text("/access_token");
    let before = kids(&server).await;
    assert_eq!(zhidan(server.settings(), &["keys", "rotate-tokens", "--now"]).await.code, 0);
    look(&server, &replica).await;
    for url in [&server.url, &replica.url] {
        Caller::new(url, Some(token.clone())).get("/v1/session", 401).await;
    }
    let body = json!({ "refresh_token": session.text("/refresh_token") });
    let fresh = server.anyone().post("/v1/sessions/refresh", &body, 200).await;
    Caller::new(&replica.url, Some(fresh.text("/access_token"))).get("/v1/session", 200).await;
    let after = kids(&server).await;
    assert!(after.len() == 1 && after != before, "{before:?} {after:?}");
    let listed = zhidan(server.settings(), &["keys", "list"]).await.out;
    assert!(listed.contains(&format!("key {}, withdrawn", before[0])), "{listed}");
    assert!(listed.contains(&format!("key {}, signs", after[0])), "{listed}");
    replica.stop().await;
    server.stop().await;
}

/// The first bytes of every value of a column that the product sealed for a firm.
async fn db_heads(server: &Server, firm: &Firm, place: &Place) -> Vec<Vec<u8>> {
    let (table, column) = (place.table, place.column);
    let sql = format!("SELECT {column} AS value FROM {table} WHERE {column} IS NOT NULL");
    let values: Vec<Vec<u8>> = if on_postgres() {
        let mut db: PgConnection = server.db_owner().await;
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(AssertSqlSafe(bind)).await.expect("the tenant");
        let rows = db.fetch_all(AssertSqlSafe(sql)).await.expect("rows");
        rows.iter().map(|row| bytes(row.try_get("value").ok(), row.try_get("value").ok())).collect()
    } else {
        let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
        let rows = db.fetch_all(AssertSqlSafe(sql)).await.expect("rows");
        rows.iter().map(|row| bytes(row.try_get("value").ok(), row.try_get("value").ok())).collect()
    };
    values.into_iter().filter(|value| !value.is_empty()).map(|value| value[..3].to_vec()).collect()
}

/// A value as it lies there: bytes, or a text of hexadecimal digits.
fn bytes(raw: Option<Vec<u8>>, text: Option<String>) -> Vec<u8> {
    let digits = text.and_then(|text| hex::decode(text).ok());
    digits.or(raw).expect("bytes")
}

/// Closes anew once what older keys closed; says how many values.
async fn round(server: &Server, firm: &Firm) -> u64 {
    let mut changed = 0;
    for place in &PLACES {
        let mut after = Uuid::nil();
        loop {
            let tx = operator_tx(&server.app, firm.tenant, "keys").await.expect("a transaction");
            let done = reseal(tx, place, after).await.unwrap_or_else(|error| panic!("{place:?}: {error}"));
            changed += done.changed;
            let Some(last) = done.last else { break };
            after = last;
        }
    }
    changed
}

/// The head of what the second data key closed: a format, and the key's number.
const SECOND: [u8; 3] = [2, 0, 2];

#[actix_web::test]
async fn a_firms_data_key_changes_while_it_works() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "sealed").await;
    let replica = server.replica().await;
    let applicant = firm.applicant(&server, "13900000001").await;
    let application = firm.submitted(&server, &applicant, 0).await;
    server.work().await;
    let path = format!("/v1/applications/{application}");
    let before = firm.staff("executive").get(&path, 200).await;
    let mut worker = Worker::begin(&server, &replica, &firm).await;
    let rotate = async || zhidan(server.settings(), &["keys", "rotate-data", "--tenant", "sealed"]).await;
    let ran = rotate().await;
    assert!(ran.code == 0 && ran.out.contains("sealed: data key 2 seals from"), "{ran:?}");
    assert!(rotate().await.out.contains("data key 2 is there already"));
    // what either seals, before and after, the other reads: no process seals by a key that another has not read
    for number in 2..6 {
        server.app.clock.advance(Duration::seconds(150));
        worker.goes_on().await;
        firm.applicant(&server, &format!("1390000000{number}")).await;
        for url in [&replica.url, &server.url] {
            let session = firm.log_in(&server, "executive", 200).await;
            let caller = Caller::new(url, Some(session.text("/access_token")));
            assert_eq!(caller.get(&path, 200).await.body["form"], before.body["form"], "{number}");
            let session = firm.log_in(&server, "administrator", 200).await;
            Caller::new(url, Some(session.text("/access_token"))).get("/v1/staff", 200).await;
        }
    }
    let phones =
        PLACES.iter().find(|place| place.column == "phone_sealed" && place.table == "applicants").expect("phones");
    let heads = db_heads(&server, &firm, phones).await;
    assert!(heads.contains(&SECOND.to_vec()) && heads.iter().any(|head| head[0] == 1), "{heads:?}");
    assert!(round(&server, &firm).await > 20);
    assert!(worker.end().await > 4);
    // what somebody had locked is met by the next round
    round(&server, &firm).await;
    for place in &PLACES {
        for head in db_heads(&server, &firm, place).await {
            assert_eq!(head, SECOND, "{place:?}");
        }
    }
    let session = firm.log_in(&server, "executive", 200).await;
    let caller = Caller::new(&replica.url, Some(session.text("/access_token")));
    assert_eq!(caller.get(&path, 200).await.body["form"], before.body["form"]);
    // who has an account is still found by the phone
    firm.applicant(&server, "13900000001").await;
    assert_eq!(zhidan(server.settings(), &["audit", "verify"]).await.code, 0);
    replica.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn another_master_key_takes_over_and_the_old_one_is_forgotten() {
    const NEXT: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
    let server = Server::start().await;
    let firm = Firm::create(&server, "master").await;
    let token = firm.log_in(&server, "clerk", 200).await.text("/access_token");
    let told = |key: &str, also: &str| {
        let mut settings = server.settings();
        settings.retain(|(name, _)| name != "ZHIDAN_MASTER_KEY");
        settings.push(("ZHIDAN_MASTER_KEY".to_owned(), key.to_owned()));
        settings.push(("ZHIDAN_MASTER_KEYS_ALSO".to_owned(), also.to_owned()));
        settings
    };
    let old = server.settings().iter().find(|(name, _)| name == "ZHIDAN_MASTER_KEY").expect("a key").1.clone();
    let master = |key: &str, also: &[&str]| MasterKey::with_others(key, also.iter().copied()).expect("keys");
    // first every server learns to open what the next one wraps; then they wrap by it, one after the other
    let learnt = server.replica_told(|config| config.master_key = master(&old, &[NEXT])).await;
    let wraps = server.replica_told(|config| config.master_key = master(NEXT, &[&old])).await;
    let alone = zhidan(told(NEXT, ""), &["keys", "list"]).await;
    assert!(alone.code == 1 && alone.err.contains("ZHIDAN_MASTER_KEYS_ALSO"), "{alone:?}");
    let list = async || zhidan(told(NEXT, &old), &["keys", "list"]).await.out;
    assert_eq!(list().await.matches("not wrapped by the master key in use").count(), 2);
    let ran = zhidan(told(NEXT, &old), &["keys", "rewrap"]).await;
    assert!(ran.code == 0 && ran.out.contains("master: wrapped anew"), "{ran:?}");
    assert_eq!(list().await.matches("not wrapped by the master key in use").count(), 0);
    assert!(zhidan(told(NEXT, &old), &["keys", "rewrap"]).await.out.contains("in use already"));
    let forgot = server.replica_told(|config| config.master_key = master(NEXT, &[])).await;
    for replica in [&learnt, &wraps, &forgot] {
        let caller = Caller::new(&replica.url, Some(token.clone()));
        assert_eq!(caller.get("/v1/session", 200).await.text("/id"), firm.staff_id("clerk"));
        firm.log_in(&server, "clerk", 200).await;
    }
    let verified = zhidan(told(NEXT, ""), &["audit", "verify"]).await;
    assert_eq!(verified.code, 0, "{verified:?}");
    let gone = zhidan(told(&old, ""), &["audit", "verify"]).await;
    assert!(gone.code == 1 && gone.err.contains("another master key"), "{gone:?}");
    for replica in [learnt, wraps, forgot] {
        replica.stop().await;
    }
    server.stop().await;
}

#[test]
fn every_column_of_closed_values_is_closed_anew_or_kept_for_a_reason() {
    let mut known: Vec<(&str, &str)> = PLACES.iter().map(|place| (place.table, place.column)).collect();
    known.extend(KEPT.iter().map(|(table, column, _)| (*table, *column)));
    let mut missing = vec![];
    for (table, body) in crate::schema::tables() {
        for line in body.lines().map(str::trim).filter(|line| line.contains("_sealed $BYTES")) {
            let column = line.split(' ').next().expect("a column");
            if !known.contains(&(table.as_str(), column)) {
                missing.push(format!("{table}.{column}"));
            }
        }
    }
    assert!(missing.is_empty(), "in neither list of platform/rekey/reseal.rs: {missing:?}");
}
