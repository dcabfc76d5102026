//! Late, shuffled, doubled: the same readings leave the same rows, whatever way they come, and several senders at once never
//! wait for each other in a circle.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::support::{Plant, Source, message};
use crate::limits::support::{Cells, Draws, count, db_rows, literal};
use crate::support::{Firm, Server};

pub(super) const DEVICES: [&str; 4] = ["lathe", "press", "saw", "pump"];
pub(super) const BATCH: usize = 40;

/// A day of four devices that say power in one message and everything else in others, at the same instants.
pub(super) fn day(from: DateTime<Utc>) -> Vec<Value> {
    let mut all = vec![];
    for step in 0..96 {
        let at = from + Duration::minutes(15 * step);
        for (number, device) in DEVICES.iter().enumerate() {
            let power = (step * 37 + number as i64 * 11) % 1_000;
            all.push(json!({ "device": device, "at": at, "power_w": power }));
            all.push(json!({ "device": device, "at": at, "relay": power % 3 != 0, "voltage_v": 229 + power % 4 }));
            if step % 4 == 0 {
                all.push(json!({ "device": device, "at": at, "energy_kwh": step as f64 / 4.0 }));
                // two that say different things of one instant, and the order in which they were sent
                all.push(json!({ "device": device, "at": at, "sequence": 1, "power_w": power + 1 }));
            }
        }
    }
    all
}

pub(super) fn shuffled(mut all: Vec<Value>, draws: &mut Draws) -> Vec<Value> {
    for at in (1..all.len()).rev() {
        all.swap(at, usize::try_from(draws.within(0, at as i64)).expect("an index"));
    }
    all
}

async fn send(plant: &Plant, source: &Source, all: &[Value]) {
    for some in all.chunks(BATCH) {
        let told = plant.send_to(source, message(some).to_string().into_bytes(), 200).await;
        assert_eq!(told.body["quarantined"], 0, "{:#}", told.body);
    }
}

/// Everything that is kept of a source but when it came, as text.
pub(super) async fn rows(server: &Server, firm: &Firm, source: &str) -> Vec<String> {
    let source = domain::id::Id::<domain::id::kind::Source>::parse(source).expect("an id").uuid();
    let text = |column: &str| format!("COALESCE(CAST({column} AS TEXT), '-')");
    let flag = |column: &str| format!("CASE WHEN {column} IS NULL THEN '-' WHEN {column} THEN 'on' ELSE 'off' END");
    let columns = [
        "s.device".to_owned(),
        text("r.at_us"),
        text("r.sequence"),
        text("r.content"),
        text("r.power_mw"),
        text("r.voltage_mv"),
        text("r.current_ma"),
        text("r.energy_total_mwh"),
        text("r.energy_added_mwh"),
        flag("r.relay_on"),
        flag("r.online"),
    ]
    .join(" || '|' || ");
    let source = literal(source);
    let sql = format!(
        "SELECT {columns} FROM readings r JOIN sockets s ON s.tenant_id = r.tenant_id AND s.id = r.socket_id \
         WHERE r.tenant_id = $tenant AND s.source_id = {source} ORDER BY s.device, r.at_us, r.sequence, r.content"
    );
    let mut found = db_rows(server, firm, &sql, |row: &dyn Cells| row.text(0)).await;
    let sql = format!(
        "SELECT s.device || '|' || CAST(d.day AS TEXT) FROM dirty_days d JOIN sockets s ON s.tenant_id = d.tenant_id \
         AND s.id = d.socket_id WHERE d.tenant_id = $tenant AND s.source_id = {source} ORDER BY s.device, d.day"
    );
    found.extend(db_rows(server, firm, &sql, |row: &dyn Cells| row.text(0)).await);
    found
}

#[actix_web::test]
async fn the_same_readings_leave_the_same_rows_whatever_way_they_come() {
    let server =
        Server::start_with(&[("ZHIDAN_TELEMETRY__RATE_PER_SECOND", "1000000"), ("ZHIDAN_TELEMETRY__BURST", "1000000")])
            .await;
    let first = count("ZHIDAN_FIRST_SEED", 1, 1) as u64;
    for seed in first..first + count("ZHIDAN_SEEDS", 1, 32) as u64 {
        by_seed(&server, seed).await;
    }
    server.stop().await;
}

async fn by_seed(server: &Server, seed: u64) {
    let plant = Plant::make(server, &format!("order-{seed}")).await;
    let mut draws = Draws::new(seed);
    let all = day(Utc::now() - Duration::hours(30));
    let distinct = all.len();
    let mut sources = vec![plant.source.clone()];
    for _ in 0..2 {
        sources.push(plant.source("own", "hmac", &Value::Null).await);
    }
    for source in &sources {
        for device in DEVICES {
            plant.socket_of(source, device, 0).await;
        }
    }
    send(&plant, &sources[0], &all).await;
    // backwards, each three times, in any order
    let thrice: Vec<Value> = all.iter().chain(all.iter().rev()).chain(&all).cloned().collect();
    send(&plant, &sources[1], &shuffled(thrice.clone(), &mut draws)).await;
    // by four at once
    let parts: Vec<Vec<Value>> = (0..4).map(|_| shuffled(thrice.clone(), &mut draws)).collect();
    let plant = std::rc::Rc::new(plant);
    let senders: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let (plant, source) = (std::rc::Rc::clone(&plant), sources[2].clone());
            actix_web::rt::spawn(async move { send(&plant, &source, &part).await })
        })
        .collect();
    for sender in senders {
        sender.await.expect("a sender ends well");
    }
    let first = rows(server, &plant.firm, &sources[0].id).await;
    assert_eq!(first.iter().filter(|row| row.matches('|').count() > 2).count(), distinct);
    assert!(first.len() > distinct, "days are marked");
    for (number, source) in sources.iter().enumerate().skip(1) {
        assert_eq!(rows(server, &plant.firm, &source.id).await, first, "source {number}, seed {seed}");
    }
}
