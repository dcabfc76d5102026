//! Readings: stored through the signed webhook against a binary COPY of the same rows; one by one against a bare server that
//! checks the same signature and inserts; doubled and late ones against those in order; and what is shown of a month.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use chrono::{Duration, NaiveDate};
use domain::id::{Id, kind};
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use super::bare_insert;
use super::load;
use super::ratio::{ROUNDS, Ratio};
use super::reads::server;
use super::support::{Caller, Firm, Server, on_postgres};
use super::workshop::{days_ago, said, start_of};

/// Readings of one message.
const BATCH: usize = 1_000;
/// Readings stored in each side of a round.
const ROWS: usize = 40_000;
/// Messages of one reading in each side of a round.
const SINGLES: usize = 2_000;
/// Sockets that send.
const SOCKETS: usize = 20;

/// A firm with sockets that send, and what they have sent so far.
struct Sender {
    url: String,
    path: String,
    secret: String,
    firm: Firm,
    sockets: Vec<Uuid>,
    day: NaiveDate,
    sent: usize,
}

/// Measures.
pub async fn measure(all: &mut Vec<Ratio>) {
    let server = server().await;
    let mut sender = Sender::of(&server).await;
    if on_postgres() {
        batches(all, &server, &mut sender).await;
        singles(all, &server, &mut sender).await;
        doubled(all, &mut sender).await;
        late(all, &mut sender).await;
        months(all, &server).await;
    } else {
        into_sqlite(all, &mut sender).await;
    }
    server.stop().await;
}

impl Sender {
    async fn of(server: &Server) -> Self {
        let firm = Firm::create(server, "telemetry").await;
        let keeper = firm.staff("post_guarantee");
        let source = json!({ "name": "网关", "format": "own", "verification": "hmac" });
        let source = keeper.post("/v1/telemetry-sources", &source, 201).await;
        let (id, secret) = (source.text("/source/id"), source.text("/secret"));
        let mut sockets = vec![];
        for number in 0..SOCKETS {
            let socket = json!({ "source": id, "device": format!("plug-{number}"), "channel": 0 });
            let socket = keeper.post("/v1/sockets", &socket, 201).await.text("/id");
            sockets.push(Id::<kind::Socket>::parse(&socket).expect("an id").uuid());
        }
        let path = format!("/v1/t/{}/telemetry/{id}", firm.slug);
        Self { url: server.url.clone(), path, secret, firm, sockets, day: days_ago(server, 300), sent: 0 }
    }

    /// The next readings that nobody has seen yet, a second apart; so many after one another are of one socket, as a gateway
    /// sends them.
    fn fresh(&mut self, count: usize, each: usize) -> Vec<(usize, i64)> {
        let start = start_of(self.day).timestamp_micros() + self.sent as i64 * 1_000_000;
        self.sent += count;
        (0..count).map(|n| (n / each % SOCKETS, start + n as i64 * 1_000_000)).collect()
    }

    /// Readings as one signed message.
    fn message(&self, readings: &[(usize, i64)]) -> Vec<u8> {
        let items: Vec<_> = readings
            .iter()
            .map(|(socket, at_us)| {
                let at = chrono::DateTime::from_timestamp_micros(*at_us).expect("an instant");
                let power = 400.0 + (at_us / 1_000_000 % 700) as f64;
                json!({
                    "device": format!("plug-{socket}"), "at": said(at), "power_w": power, "voltage_v": 228.4,
                    "current_a": 3.217, "energy_kwh": 1_204.5, "relay": true,
                })
            })
            .collect();
        let body = json!({ "readings": items }).to_string();
        let timestamp = chrono::Utc::now().timestamp().to_string();
        signed(&self.url, &self.path, &self.secret, &timestamp, body.as_bytes())
    }

    fn messages(&self, readings: &[(usize, i64)], each: usize) -> Vec<Vec<u8>> {
        readings.chunks(each).map(|some| self.message(some)).collect()
    }

    /// Sends readings and says how many were stored in a second.
    async fn send(&self, readings: &[(usize, i64)], each: usize) -> f64 {
        let messages = self.messages(readings, each);
        load::each(&self.url, messages).await * each as f64
    }
}

/// A message with its signature, as bytes on the wire.
pub fn signed(url: &str, path: &str, secret: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let nonce = Uuid::now_v7().simple().to_string();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let mut text = format!("{timestamp}.{nonce}.").into_bytes();
    text.extend_from_slice(body);
    let tag = hex::encode(aws_lc_rs::hmac::sign(&key, &text).as_ref());
    let host = url.trim_start_matches("http://");
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nZhidan-Timestamp: {timestamp}\r\n\
         Zhidan-Nonce: {nonce}\r\nZhidan-Signature: v1={tag}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

async fn batches(all: &mut Vec<Ratio>, server: &Server, sender: &mut Sender) {
    let mut ratio = Ratio::new("readings a second, signed, 1,000 a message ÷ binary COPY", 0.35);
    let copy = Copy::prepare(server).await;
    for _ in 0..ROUNDS {
        let readings = sender.fresh(ROWS, BATCH);
        let first = sender.send(&readings, BATCH).await;
        // the same rows of sockets that there are not
        ratio.round(first, copy.rate(sender.firm.tenant, &readings).await);
    }
    copy.end(server).await;
    all.push(ratio);
}

async fn singles(all: &mut Vec<Ratio>, server: &Server, sender: &mut Sender) {
    let (bare, handle) = bare_insert::start(server, sender.secret.clone(), sender.firm.tenant, sender.sockets[0]).await;
    let mut ratio =
        Ratio::new("readings a second, signed, one a message ÷ a bare server that verifies and inserts", 0.5);
    for _ in 0..ROUNDS {
        let readings = sender.fresh(SINGLES, 1);
        let first = sender.send(&readings, 1).await;
        let timestamp = chrono::Utc::now().timestamp().to_string();
        let bodies = sender.fresh(SINGLES, 1).into_iter().map(|(_, at_us)| {
            let body = json!({ "at_us": at_us, "power_mw": 400_000 }).to_string();
            signed(&bare, "/insert", &sender.secret, &timestamp, body.as_bytes())
        });
        ratio.round(first, load::each(&bare, bodies.collect()).await);
    }
    handle.stop(false).await;
    all.push(ratio);
}

async fn doubled(all: &mut Vec<Ratio>, sender: &mut Sender) {
    let mut ratio = Ratio::new("readings a second sent again ÷ the first time", 1.0);
    for _ in 0..ROUNDS {
        let readings = sender.fresh(ROWS, BATCH);
        let first = sender.send(&readings, BATCH).await;
        ratio.round(sender.send(&readings, BATCH).await, first);
    }
    all.push(ratio);
}

async fn late(all: &mut Vec<Ratio>, sender: &mut Sender) {
    let mut ratio = Ratio::new("readings a second with each tenth a day late ÷ in order", 0.8);
    for _ in 0..ROUNDS {
        let in_order = sender.fresh(ROWS, BATCH);
        let day_us = Duration::days(1).num_microseconds().expect("a day");
        let mut mixed = sender.fresh(ROWS, BATCH);
        for (number, reading) in mixed.iter_mut().enumerate() {
            if number % 10 == 0 {
                // half a second beside those of the day before
                reading.1 -= day_us - 500_000;
            }
        }
        let second = sender.send(&in_order, BATCH).await;
        ratio.round(sender.send(&mixed, BATCH).await, second);
    }
    all.push(ratio);
}

/// Binary COPY by a role that row security does not hold, through psql over the Unix socket.
struct Copy {
    database: String,
    folder: PathBuf,
}

const COPIER: &str = "zhidan_bench_copy";

impl Copy {
    async fn prepare(server: &Server) -> Self {
        let mut db = server.db_owner().await;
        let make = format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{COPIER}') THEN \
             CREATE ROLE {COPIER} LOGIN BYPASSRLS; END IF; END $$; GRANT INSERT ON readings TO {COPIER}"
        );
        let mut admin = super::support::db_admin().await;
        admin
            .execute(AssertSqlSafe(make.split("; GRANT").next().expect("a statement").to_owned()))
            .await
            .expect("a role");
        db.execute(AssertSqlSafe(format!("GRANT INSERT ON readings TO {COPIER}"))).await.expect("its right");
        let url = server.db_url();
        let database = url.rsplit('/').next().and_then(|name| name.split('?').next()).expect("a name").to_owned();
        let folder = std::env::temp_dir().join(format!("zhidan-copy-{}", Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { database, folder }
    }

    async fn rate(&self, tenant: Uuid, readings: &[(usize, i64)]) -> f64 {
        let file = self.folder.join("rows");
        std::fs::write(&file, copied(tenant, readings)).expect("the rows");
        let mut command = Command::new("psql");
        let host = std::env::var("PGHOST_SOCKET").unwrap_or_else(|_| "/var/run/postgresql".to_owned());
        let copy = format!("\\copy readings FROM '{}' WITH (FORMAT binary)", file.display());
        command.args(["-q", "-h", &host, "-U", COPIER, "-d", &self.database, "-c", &copy]);
        let begun = Instant::now();
        let done =
            actix_web::rt::task::spawn_blocking(move || command.output()).await.expect("psql").expect("psql runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        readings.len() as f64 / begun.elapsed().as_secs_f64()
    }

    async fn end(self, server: &Server) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let mut db = server.db_owner().await;
        db.execute(AssertSqlSafe(format!("REVOKE ALL ON readings FROM {COPIER}"))).await.expect("its right ends");
    }
}

/// Rows of `readings` as PostgreSQL's binary COPY has them.
fn copied(tenant: Uuid, readings: &[(usize, i64)]) -> Vec<u8> {
    let sockets: Vec<Uuid> = (0..SOCKETS).map(|_| Uuid::now_v7()).collect();
    let mut out = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for (socket, at_us) in readings {
        out.write_all(&13_i16.to_be_bytes()).expect("memory");
        let mut field = |bytes: Option<&[u8]>| match bytes {
            Some(bytes) => {
                out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
                out.extend_from_slice(bytes);
            }
            None => out.extend_from_slice(&(-1_i32).to_be_bytes()),
        };
        let power = 400_000 + (at_us / 1_000_000 % 700) * 1_000;
        field(Some(tenant.as_bytes()));
        field(Some(sockets[*socket].as_bytes()));
        field(Some(&at_us.to_be_bytes()));
        field(Some(&0_i32.to_be_bytes()));
        field(Some(&(*at_us as i32).to_be_bytes()));
        field(Some(&power.to_be_bytes()));
        field(Some(&228_400_i64.to_be_bytes()));
        field(Some(&3_217_i64.to_be_bytes()));
        field(Some(&1_204_500_000_i64.to_be_bytes()));
        field(None);
        field(Some(&[1]));
        field(None);
        field(Some(&(at_us + 1_000).to_be_bytes()));
    }
    out.extend_from_slice(&(-1_i16).to_be_bytes());
    out
}

/// SQLite: the same rows by one thread with a prepared statement, a transaction for each thousand, into a file of its own.
async fn into_sqlite(all: &mut Vec<Ratio>, sender: &mut Sender) {
    let mut ratio = Ratio::new("readings a second, signed, 1,000 a message ÷ prepared inserts (SQLite)", 0.3);
    for _ in 0..ROUNDS {
        let readings = sender.fresh(ROWS, BATCH);
        let first = sender.send(&readings, BATCH).await;
        ratio.round(first, bare_insert::sqlite(sender.firm.tenant, &sender.sockets, &readings, BATCH).await);
    }
    all.push(ratio);
}

/// What is shown of a month of hours of one machine, and of a hundred machines by month, against a plain page of twenty.
async fn months(all: &mut Vec<Ratio>, server: &Server) {
    let firm = Firm::create(server, "months").await;
    let maker = firm.staff("investigator");
    let mut machines = vec![];
    for number in 0..100 {
        let body = json!({ "name": format!("车床{number}"), "category": "lathe" });
        machines.push(maker.post("/v1/equipment", &body, 201).await.text("/id"));
    }
    let month = days_ago(server, 40);
    bare_insert::db_days(server, firm.tenant, &machines, month).await;
    let token = firm.log_in(server, "investigator", 200).await.text("/access_token");
    let month = month.format("%Y-%m");
    let get = |path: &str| load::get(&server.url, path, &token);
    let hours = format!("/v1/equipment/{}/hours?month={month}", machines[0]);
    let fleet = format!("/v1/equipment-utilisation?month={month}&limit=100");
    let caller = Caller::new(&server.url, Some(token.clone()));
    assert!(caller.get(&hours, 200).await.body["days"].as_array().is_some_and(|days| days.len() >= 28));
    assert_eq!(caller.get(&fleet, 200).await.body["items"].as_array().map(Vec::len), Some(100));
    let mut one = Ratio::new("a machine's month of hours ÷ a plain page of 20", 0.3);
    let mut many = Ratio::new("100 machines by month ÷ a plain page of 20", 0.3);
    for _ in 0..ROUNDS {
        let plain = load::repeat(&server.url, get("/v1/equipment?limit=20")).await;
        one.round(load::repeat(&server.url, get(&hours)).await, plain);
        many.round(load::repeat(&server.url, get(&fleet)).await, plain);
    }
    all.extend([one, many]);
}
