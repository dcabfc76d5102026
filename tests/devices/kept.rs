//! How long what sockets said is kept: as long as is set, and what was set aside as long as nobody has decided.

use api::platform::jobs::plan;
use chrono::{Duration, Utc};
use serde_json::json;

use sqlx::Executor;

use super::support::{Plant, fates, message, reading};
use super::workshop::{Workshop, days_ago, said, start_of};
use crate::support::{Server, db_count, db_try, on_postgres};

#[actix_web::test]
async fn readings_go_when_they_are_older_than_is_set_and_what_was_decided_a_quarter_later() {
    let server = Server::start_with(&[("ZHIDAN_TELEMETRY__RETENTION_DAYS", "400")]).await;
    let (plant, other) = (Plant::make(&server, "kept").await, Plant::make(&server, "kept-too").await);
    for plant in [&plant, &other] {
        plant.socket("lathe", 0).await;
    }
    let now = Utc::now();
    // two in a month of long ago, and two of now whose place in their partition may be the same
    let ages = [Duration::days(399), Duration::days(397), Duration::hours(2), Duration::hours(1)];
    let all: Vec<_> = ages.iter().map(|age| reading("lathe", now - *age, 1.0)).collect();
    assert_eq!(fates(&plant.send(&message(&all), 200).await.body), ["stored"; 4]);
    plant.send(&message(&[reading("saw", now, 1.0), reading("pump", now, 1.0)]), 200).await;
    let saw = json!({ "source": plant.source.id, "device": "saw" });
    plant.admin.post("/v1/quarantined-readings/dismiss", &saw, 200).await;
    let rows = async |plant: &Plant, table: &str| db_count(&server, &plant.firm, table).await;
    let purge = async |days: i64| {
        server.app.clock.advance(Duration::days(days));
        plan(&server.app, &api::jobs::SCHEDULE[..1]).await.expect("a plan");
        server.work().await;
    };
    purge(0).await;
    assert_eq!(rows(&plant, "readings").await, 4);
    // a few days more than is set, and on PostgreSQL the rest of the month
    purge(40).await;
    assert_eq!((rows(&plant, "readings").await, rows(&plant, "quarantined_readings").await), (2, 2));
    purge(51).await;
    assert_eq!((rows(&plant, "readings").await, rows(&plant, "quarantined_readings").await), (2, 1));
    let open = "quarantined_readings WHERE device = 'pump'";
    purge(400).await;
    assert_eq!((rows(&plant, "readings").await, rows(&plant, open).await), (0, 1));
    assert_eq!(rows(&other, "readings").await, 0);
    server.stop().await;
}

#[actix_web::test]
async fn old_readings_are_thinned_out_and_the_days_counted_from_them_stay() {
    let settings = [("ZHIDAN_TELEMETRY__THIN_MINUTES", "30"), ("ZHIDAN_TELEMETRY__FULL_DAYS", "400")];
    let server = Server::start_with(&settings).await;
    let workshop = Workshop::open(&server, "thinned").await;
    let day = days_ago(&server, 20);
    let mut all = workshop.minutes(day, 0..1440, 900.0);
    let at = said(start_of(day) + Duration::minutes(100));
    let device = &workshop.device;
    all.push(json!({ "device": device, "at": at, "online": true }));
    all.push(json!({ "device": device, "at": at, "relay": true }));
    all.extend((0..10).map(|n| json!({ "device": device, "at": at, "sequence": 1 + n, "energy_added_kwh": 0.001 })));
    for some in all.chunks(500) {
        workshop.send(&server, some).await;
    }
    workshop.count(&server).await;
    let before = workshop.day(day).await;
    let night = async |days: i64| {
        server.app.clock.advance(Duration::days(days));
        plan(&server.app, &api::jobs::SCHEDULE).await.expect("a plan");
        server.work().await;
    };
    let rows = async || db_count(&server, &workshop.firm, "readings").await;
    night(370).await;
    assert_eq!(rows().await, 1_452, "390 days old");
    night(20).await;
    assert_eq!(rows().await, 48 + 12, "one in half an hour, and what happened or was added");
    night(1).await;
    assert_eq!(rows().await, 60);
    let session = workshop.firm.log_in(&server, "investigator", 200).await;
    let reader = server.with_token(&session.text("/access_token"));
    let after = reader.get(&format!("/v1/equipment/{}/days/{day}", workshop.machine), 200).await.body;
    assert_eq!(after, before);
    server.stop().await;
}

#[actix_web::test]
async fn months_of_readings_go_at_once_and_no_young_one_ever() {
    if !on_postgres() {
        println!("not run: only PostgreSQL keeps readings by the month");
        return;
    }
    let server = Server::start().await;
    let plant = Plant::make(&server, "months").await;
    let mut owner = server.db_owner().await;
    // the first instant of January 2023, and of February
    let old =
        "CREATE TABLE readings_2023_01 PARTITION OF readings FOR VALUES FROM (1672531200000000) TO (1675209600000000)";
    owner.execute(old).await.expect("an old month");
    owner.execute("GRANT ALL ON readings_2023_01 TO PUBLIC").await.expect("a right");
    let insert = format!(
        "INSERT INTO readings (tenant_id, socket_id, at_us, sequence, content, received_us) \
         VALUES ('{tenant}', '{tenant}', 1672531200000001, 0, 0, 0)",
        tenant = plant.firm.tenant
    );
    db_try(&server, &plant.firm, &insert).await.expect("an old reading");
    let parts = async || {
        let sql = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'readings'::regclass";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut server.db_owner().await).await.expect("a count")
    };
    let before = parts().await;
    plan(&server.app, &api::jobs::SCHEDULE[..1]).await.expect("a plan");
    server.work().await;
    assert_eq!(parts().await, before - 1);
    assert_eq!(db_count(&server, &plant.firm, "readings").await, 0);
    // whoever serves cannot take away what is younger than readings may be late
    let far = "SELECT drop_readings_before(9223372036854775807)";
    db_try(&server, &plant.firm, far).await.expect("it is asked");
    assert!(parts().await > 12);
    server.stop().await;
}

#[actix_web::test]
async fn what_is_counted_after_all_is_counted_however_old_it_is() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "after-all").await;
    let day = days_ago(&server, 20);
    server.app.clock.advance(Duration::days(395));
    let all = workshop.minutes(day, 600..660, 900.0);
    let told = workshop.send(&server, &all).await;
    assert_eq!(told.body["quarantined"], 60, "{:#}", told.body);
    let session = workshop.firm.log_in(&server, "administrator", 200).await;
    let admin = server.with_token(&session.text("/access_token"));
    let asked = json!({ "source": workshop.source(), "device": workshop.device, "channel": 0 });
    admin.post("/v1/quarantined-readings/replay", &asked, 202).await;
    server.work().await;
    workshop.count(&server).await;
    let session = workshop.firm.log_in(&server, "investigator", 200).await;
    let reader = server.with_token(&session.text("/access_token"));
    let seen = reader.get(&format!("/v1/equipment/{}/days/{day}", workshop.machine), 200).await;
    assert_eq!(seen.body["readings"], 60, "{:#}", seen.body);
    server.stop().await;
}
