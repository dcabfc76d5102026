//! What is counted: seconds in each state, whatever the order in which readings came, by whatever thresholds.

use serde_json::{Value, json};

use super::workshop::{Workshop, days_ago, start_of};
use crate::support::Server;

/// A day of a workshop: off until eight, standing by to nine, working to noon, a gap of two hours, working to six, off.
pub fn a_day(workshop: &Workshop, day: chrono::NaiveDate) -> Vec<Value> {
    [(0..480, 0.4), (480..540, 20.0), (540..720, 900.0), (840..1080, 950.0), (1080..1440, 0.4)]
        .into_iter()
        .flat_map(|(minutes, power)| workshop.minutes(day, minutes, power))
        .collect()
}

/// The last day of a day's month.
fn month_end(day: chrono::NaiveDate) -> chrono::NaiveDate {
    use chrono::{Datelike, Months};
    let first = day.with_day(1).expect("a first").checked_add_months(Months::new(1)).expect("the next month");
    first.pred_opt().expect("its eve")
}

#[actix_web::test]
async fn a_day_is_counted_second_by_second() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "counted").await;
    let day = days_ago(&server, 2);
    workshop.send(&server, &a_day(&workshop, day)).await;
    workshop.count(&server).await;
    let seen = workshop.day(day).await;
    // a reading stands three intervals where none follows: three minutes into the gap
    assert_eq!(seen["seconds"]["off"], 480 * 60 + 360 * 60, "{seen:#}");
    assert_eq!(seen["seconds"]["standby"], 60 * 60, "{seen:#}");
    assert_eq!(seen["seconds"]["working"], 180 * 60 + 120 + 240 * 60, "{seen:#}");
    assert_eq!(seen["unknown_s"], 120 * 60 - 120, "{seen:#}");
    let known = 86_400.0 - (120.0 * 60.0 - 120.0);
    let utilisation = seen["utilisation"].as_f64().expect("a share");
    assert!((utilisation - (420.0 * 60.0 + 120.0) / known).abs() < 1e-6, "{utilisation}");
    let bands: Vec<(i64, Option<&str>)> = seen["bands"]
        .as_array()
        .expect("bands")
        .iter()
        .map(|band| (band["from_s"].as_i64().expect("a second"), band["state"].as_str()))
        .collect();
    let expected = [
        (0, Some("off")),
        (480 * 60, Some("standby")),
        (540 * 60, Some("working")),
        (722 * 60, None),
        (840 * 60, Some("working")),
        (1080 * 60, Some("off")),
    ];
    assert_eq!(bands, expected);
    let hours = seen["hours"].as_array().expect("hours");
    assert_eq!(hours.len(), 24);
    assert_eq!(hours[9]["seconds"]["working"], 3600);
    // 0.9 kW for an hour
    assert!((hours[9]["energy_kwh"].as_f64().expect("energy") - 0.9).abs() < 0.001, "{:#}", hours[9]);
    server.stop().await;
}

#[actix_web::test]
async fn shuffled_doubled_and_late_readings_give_the_same_bytes() {
    let server = Server::start().await;
    let (one, other) = (Workshop::open(&server, "order-a").await, Workshop::open(&server, "order-b").await);
    let day = days_ago(&server, 2);
    one.send(&server, &a_day(&one, day)).await;
    one.count(&server).await;
    // every second reading backwards, then all of them thrice, the morning a day late
    let all = a_day(&other, day);
    let (late, rest): (Vec<_>, Vec<_>) = all.iter().cloned().enumerate().partition(|(number, _)| number % 7 == 0);
    let late: Vec<Value> = late.into_iter().map(|(_, reading)| reading).collect();
    let rest: Vec<Value> = rest.into_iter().rev().map(|(_, reading)| reading).collect();
    for _ in 0..2 {
        for some in rest.chunks(111) {
            other.send(&server, some).await;
        }
        other.count(&server).await;
    }
    other.send(&server, &late).await;
    other.send(&server, &all).await;
    other.count(&server).await;
    let bare = |mut seen: Value| {
        seen.as_object_mut().expect("a day").remove("computed_at");
        seen.to_string()
    };
    assert_eq!(bare(one.day(day).await), bare(other.day(day).await));
    server.stop().await;
}

#[actix_web::test]
async fn other_thresholds_count_the_past_anew_and_keep_what_was() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "thresholds").await;
    let day = days_ago(&server, 2);
    workshop.send(&server, &a_day(&workshop, day)).await;
    workshop.count(&server).await;
    let before = workshop.day(day).await;
    let chief = workshop.firm.staff("post_guarantee");
    let path = format!("/v1/equipment/{}/thresholds", workshop.machine);
    let wrong = json!({ "off_below_mw": 5_000, "working_from_mw": 1_000 });
    assert_eq!(chief.post(&path, &wrong, 422).await.text("/errors/0/pointer"), "/working_from_mw");
    let body = json!({ "off_below_mw": 5_000, "working_from_mw": 920_000, "hysteresis_per_mille": 0 });
    let set = chief.post(&path, &body, 201).await;
    assert_eq!(set.text("/state"), "in_force");
    workshop.count(&server).await;
    let after = workshop.day(day).await;
    // the morning's 900 W no longer count as work
    assert_eq!(after["seconds"]["working"], 240 * 60, "{after:#}");
    let days = |thresholds: &str| format!("/v1/equipment/{}/days?thresholds={thresholds}", workshop.machine);
    let kept = workshop.reader().get(&days("standard"), 200).await;
    assert_eq!(kept.body["days"][0]["seconds"], before["seconds"]);
    assert_eq!(workshop.reader().get(&days(&set.text("/id")), 200).await.body["days"][0]["seconds"], after["seconds"]);
    let states: Vec<String> = workshop.reader().get(&path, 200).await.body["items"]
        .as_array()
        .expect("thresholds")
        .iter()
        .map(|one| one["state"].as_str().expect("a state").to_owned())
        .collect();
    assert_eq!(states, ["in_force", "superseded"]);
    server.stop().await;
}

#[actix_web::test]
async fn learned_thresholds_wait_for_a_person() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "learned").await;
    let chief = workshop.firm.staff("post_guarantee");
    let path = format!("/v1/equipment/{}/thresholds", workshop.machine);
    let learn = format!("{path}/learn");
    assert_eq!(chief.post(&learn, &json!({}), 409).await.code(), "nothing_to_learn");
    for ago in 1..=3 {
        workshop.send(&server, &a_day(&workshop, days_ago(&server, ago))).await;
    }
    workshop.count(&server).await;
    let suggestion = chief.post(&learn, &json!({ "days": 14 }), 201).await;
    assert_eq!(suggestion.text("/state"), "suggested");
    assert!(!suggestion.text("/explanation").is_empty());
    let from = suggestion.body["thresholds"]["working_from_mw"].as_i64().expect("a threshold");
    assert!((20_000..900_000).contains(&from), "between standing by and working: {from}");
    let decide = |verb: &str| format!("/v1/thresholds/{}/{verb}", suggestion.text("/id"));
    workshop.firm.staff("clerk").act(&decide("confirm"), 1, &json!({}), 403).await;
    chief.act(&decide("confirm"), 2, &json!({}), 409).await;
    assert_eq!(chief.act(&decide("confirm"), 1, &json!({}), 200).await.text("/state"), "in_force");
    assert_eq!(chief.act(&decide("reject"), 2, &json!({}), 409).await.code(), "already_decided");
    workshop.count(&server).await;
    let seen = workshop.day(days_ago(&server, 2)).await;
    assert_eq!(seen["seconds"]["working"], 180 * 60 + 120 + 240 * 60, "{seen:#}");
    server.stop().await;
}

#[actix_web::test]
async fn views_say_what_a_machine_did_and_does() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "views").await;
    let day = days_ago(&server, 1);
    workshop.send(&server, &a_day(&workshop, day)).await;
    let now = server.app.clock.now();
    let running: Vec<Value> =
        (0..10).map(|minute| workshop.reading(now - chrono::Duration::minutes(minute), 880.0)).collect();
    workshop.send(&server, &running).await;
    let reader = workshop.reader();
    let machine = format!("/v1/equipment/{}", workshop.machine);
    let live = reader.get(&format!("{machine}/state"), 200).await;
    assert_eq!((live.text("/state"), live.text("/state_label")), ("working".into(), "工作".into()));
    assert_eq!(live.body["power_w"], 880.0);
    assert_eq!(reader.get("/v1/equipment-states", 200).await.body["items"][0]["state"], "working");
    workshop.count(&server).await;
    let month = day.format("%Y-%m");
    let fleet = reader.get(&format!("/v1/equipment-utilisation?month={month}"), 200).await;
    let working = fleet.body["items"][0]["seconds"]["working"].as_i64().expect("seconds");
    assert!(working >= 420 * 60 + 120, "{:#}", fleet.body);
    // what is kept of the month is what its days come to
    let (first, last) = (format!("{month}-01"), days_ago(&server, 0).min(month_end(day)));
    let days = reader.get(&format!("{machine}/days?from={first}&to={last}"), 200).await;
    for figure in ["seconds", "unknown_s", "ahead_s", "utilisation", "error", "energy_kwh"] {
        assert_eq!(fleet.body["items"][0][figure], days.body["total"][figure], "{figure}");
    }
    assert_eq!(fleet.body["items"][0]["days"].as_u64(), days.body["days"].as_array().map(|days| days.len() as u64));
    let hours = reader.get(&format!("{machine}/hours?month={month}"), 200).await;
    let days = hours.body["days"].as_array().expect("days");
    let of_day = days.iter().find(|one| one["day"] == day.to_string()).expect("the day");
    assert_eq!(of_day["hours"][10]["utilisation"], 1.0);
    let heat = reader.get(&format!("{machine}/heat-map?from={day}&to={day}"), 200).await;
    let fields = heat.body["fields"].as_array().expect("fields");
    assert_eq!(fields.len(), 7 * 24);
    let busy = fields.iter().filter(|field| field["utilisation"] == 1.0).count();
    assert_eq!(busy, 8, "nine to twelve and two minutes more, and two to six");
    let shifts =
        json!({ "shifts": [{ "name": "白班", "weekdays": [1, 2, 3, 4, 5, 6, 7], "from_min": 540, "to_min": 720 }] });
    let keeper = workshop.firm.staff("clerk");
    let version = keeper.get(&machine, 200).await.version.expect("a version");
    keeper.put(&format!("{machine}/shifts"), version, &shifts, 200).await;
    let used = reader.get(&format!("{machine}/shift-use?from={day}&to={day}"), 200).await;
    assert_eq!(used.body["items"][0]["utilisation"], 1.0, "{:#}", used.body);
    let book = reader.get(&format!("{machine}/days/export?format=csv"), 200).await;
    assert!(book.body.is_null() || book.body.is_string());
    let chief = workshop.firm.staff("clerk");
    let version = chief.get(&machine, 200).await.version.expect("a version");
    chief.patch(&machine, version, &json!({ "name": "=HYPERLINK(1)" }), 200).await;
    let path = format!("/v1/equipment-utilisation/export?month={month}&format=csv");
    let file = reader.request(reqwest::Method::GET, &path).send().await.expect("a file");
    let lines = file.text().await.expect("lines");
    let days = fleet.body["items"][0]["days"].as_i64().expect("days");
    assert!(lines.contains(&format!(",'=HYPERLINK(1),{days},")), "{lines}");
    reader.get(&format!("{machine}/days?to={}", days_ago(&server, 0).succ_opt().expect("tomorrow")), 400).await;
    let far = start_of(days_ago(&server, 500));
    assert!(far < now);
    server.stop().await;
}
