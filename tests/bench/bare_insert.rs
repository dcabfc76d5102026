//! The least that taking a reading in can cost: a bare server that verifies the same signature and inserts one row in a
//! transaction of its tenant; and, on SQLite, prepared inserts by one thread.

use std::net::TcpListener;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::{Datelike, Days, NaiveDate};
use domain::id::{Id, kind};
use serde::Deserialize;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgPool, Row};
use uuid::Uuid;

use super::load::CONNECTIONS;
use super::support::Server;

struct State {
    pool: PgPool,
    secret: String,
    tenant: Uuid,
    socket: Uuid,
}

#[derive(Deserialize)]
struct Sent {
    at_us: i64,
    power_mw: i64,
}

/// Starts it over the same database, as the role that owns nothing.
pub async fn start(
    server: &Server,
    secret: String,
    tenant: Uuid,
    socket: Uuid,
) -> (String, actix_web::dev::ServerHandle) {
    let pool =
        PgPoolOptions::new().max_connections(CONNECTIONS as u32).connect(&server.db_url()).await.expect("a pool");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let state = web::Data::new(State { pool, secret, tenant, socket });
    let running = HttpServer::new(move || App::new().app_data(state.clone()).route("/insert", web::post().to(insert)))
        .workers(2)
        .tcp_nodelay(true)
        .disable_signals()
        .listen(listener)
        .expect("it listens")
        .run();
    let handle = running.handle();
    actix_web::rt::spawn(running);
    (url, handle)
}

async fn insert(request: HttpRequest, body: web::Bytes, state: web::Data<State>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, state.secret.as_bytes());
    let mut text = format!("{}.{}.", header("zhidan-timestamp"), header("zhidan-nonce")).into_bytes();
    text.extend_from_slice(&body);
    let tag = hex::decode(header("zhidan-signature").trim_start_matches("v1=")).unwrap_or_default();
    if aws_lc_rs::hmac::verify(&key, &text, &tag).is_err() {
        return HttpResponse::Unauthorized().finish();
    }
    let sent: Sent = serde_json::from_slice(&body).expect("a reading");
    let bind = format!("BEGIN; SELECT set_config('app.tenant_id', '{}', true)", state.tenant);
    let mut tx = state.pool.begin_with(AssertSqlSafe(bind)).await.expect("a transaction");
    let sql = "INSERT INTO readings (tenant_id, socket_id, at_us, sequence, content, power_mw, received_us) \
               VALUES ($1, $2, $3, 0, 7, $4, $3) ON CONFLICT DO NOTHING";
    let query = sqlx::query(sql).bind(state.tenant).bind(state.socket).bind(sent.at_us + 250_000).bind(sent.power_mw);
    query.execute(&mut *tx).await.expect("a row");
    tx.commit().await.expect("it commits");
    HttpResponse::Ok().content_type("application/json").body("{}")
}

/// Inserts rows into a fresh file of the same kind, one prepared statement a row, a transaction for each batch; gives rows a
/// second.
pub async fn sqlite(tenant: Uuid, sockets: &[Uuid], readings: &[(usize, i64)], batch: usize) -> f64 {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
    let file = std::env::temp_dir().join(format!("zhidan-bare-{}.db", Uuid::now_v7().simple()));
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = sqlx::SqliteConnection::connect_with(&options).await.expect("a file");
    let table = include_str!("../../migration/src/devices/telemetry.sql");
    let table = table.split("CREATE TABLE readings").nth(1).and_then(|rest| rest.split(") $PARTITIONED").next());
    let columns = table.expect("the table").replace("$UUID", "BLOB");
    db.execute(AssertSqlSafe(format!("CREATE TABLE readings{columns}) WITHOUT ROWID"))).await.expect("the table");
    let sql = "INSERT INTO readings (tenant_id, socket_id, at_us, sequence, content, power_mw, voltage_mv, current_ma, \
               energy_total_mwh, relay_on, received_us) VALUES (?, ?, ?, 0, 7, ?, 228400, 3217, 1204500000, 1, ?)";
    let begun = std::time::Instant::now();
    for some in readings.chunks(batch) {
        let mut tx = db.begin().await.expect("a transaction");
        for (socket, at_us) in some {
            let query = sqlx::query(sql).bind(tenant).bind(sockets[*socket]).bind(at_us);
            query.bind(400_000 + at_us % 700).bind(at_us).execute(&mut *tx).await.expect("a row");
        }
        tx.commit().await.expect("it commits");
    }
    let rate = readings.len() as f64 / begun.elapsed().as_secs_f64();
    db.close().await.expect("it closes");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    rate
}

/// A month of days of some machines, as the counting writes them.
pub async fn db_days(server: &Server, tenant: Uuid, machines: &[String], within: NaiveDate) {
    let mut db = server.db_owner().await;
    let first = within.with_day(1).expect("a first day");
    let month = first.iter_days().take_while(|day| day.month() == first.month()).count() as u64;
    let hours: Vec<_> = (0..24).map(|_| serde_json::json!([[0, 1200, 600, 1700, 100], 0, 0, 812_345])).collect();
    let spans: Vec<_> = (0..48).map(|n| serde_json::json!([n * 1800, (n + 1) * 1800, n % 4])).collect();
    let (hours, spans) = (serde_json::json!(hours), serde_json::json!(spans));
    db.execute(AssertSqlSafe(format!("SELECT set_config('app.tenant_id', '{tenant}', false)")))
        .await
        .expect("a tenant");
    for machine in machines {
        let id = Id::<kind::Equipment>::parse(machine).expect("an id").uuid();
        let last = first.checked_add_days(Days::new(month - 1)).expect("a last day");
        let sql = format!(
            "INSERT INTO equipment_days (tenant_id, equipment_id, day, thresholds_id, seconds_offline, seconds_off, \
             seconds_standby, seconds_working, seconds_overload, seconds_unknown, seconds_ahead, error_ppm, energy_mwh, \
             energy_basis, spans, hours, readings, computed_at) SELECT '{tenant}', '{id}', day::date, \
             '00000000-0000-0000-0000-000000000000', 0, 28800, 14400, 40800, 2400, 0, 0, 9000, 19496280, 'power', \
             '{spans}', '{hours}', 1440, now() FROM generate_series('{first}'::date, '{last}'::date, '1 day') AS day"
        );
        db.execute(AssertSqlSafe(sql)).await.expect("days");
    }
    // what the product writes with each day
    let known = "(seconds_offline + seconds_off + seconds_standby + seconds_working + seconds_overload)";
    let sums = format!(
        "INSERT INTO equipment_months SELECT tenant_id, date_trunc('month', day)::date, equipment_id, thresholds_id, count(*), \
         sum(seconds_offline), sum(seconds_off), sum(seconds_standby), sum(seconds_working), sum(seconds_overload), \
         sum(seconds_unknown), sum(seconds_ahead), sum(error_ppm::bigint * {known}), sum(energy_mwh) FROM equipment_days \
         GROUP BY 1, 2, 3, 4"
    );
    db.execute(AssertSqlSafe(sums)).await.expect("months");
    let count = db.fetch_one("SELECT count(*) FROM equipment_days").await.expect("a count");
    assert_eq!(count.get::<i64, _>(0) as u64, month * machines.len() as u64);
}
