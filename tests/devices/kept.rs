//! How long what sockets said is kept: as long as is set, and what was set aside as long as nobody has decided.

use api::platform::jobs::plan;
use chrono::{Duration, Utc};
use serde_json::json;

use super::support::{Plant, fates, message, reading};
use crate::support::{Server, db_count};

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
    purge(2).await;
    assert_eq!(rows(&plant, "readings").await, 3);
    purge(1).await;
    assert_eq!((rows(&plant, "readings").await, rows(&plant, "quarantined_readings").await), (2, 2));
    purge(88).await;
    assert_eq!((rows(&plant, "readings").await, rows(&plant, "quarantined_readings").await), (2, 1));
    let open = "quarantined_readings WHERE device = 'pump'";
    purge(400).await;
    assert_eq!((rows(&plant, "readings").await, rows(&plant, open).await), (0, 1));
    assert_eq!(rows(&other, "readings").await, 0);
    server.stop().await;
}
