//! Thresholds of a kind of machine: its machines have them unless they have their own, whenever they came, and follow when
//! these change or end.

use serde_json::{Value, json};

use super::machines::{self, version};
use super::usage::a_day;
use super::workshop::{Workshop, days_ago};
use crate::support::{Answer, Caller, Server};

const LATHES: &str = "/v1/equipment-categories/lathe/thresholds";

/// Thresholds by which a machine works from so many milliwatts.
fn from(working_from_mw: i64) -> Value {
    json!({ "off_below_mw": 5_000, "working_from_mw": working_from_mw, "hysteresis_per_mille": 0 })
}

/// What holds for a machine, and whose it is.
async fn holding(who: &Caller, machine: &str) -> (String, String) {
    let list = who.get(&format!("/v1/equipment/{machine}/thresholds"), 200).await;
    let now = list.text("/in_force");
    let is_now = |one: &&Value| one["id"].as_str().unwrap_or("standard") == now;
    let of = list.body["items"].as_array().and_then(|all| all.iter().find(is_now)).expect("among them")["of"].clone();
    (now, of.as_str().expect("whose").to_owned())
}

/// Has machines follow their kind, and then the days counted that this changes.
async fn follow(server: &Server, workshop: &Workshop) {
    for _ in 0..2 {
        workshop.count(server).await;
    }
}

async fn end(chief: &Caller, thresholds: &str, version: i64, expected: u16) -> Answer {
    chief.act(&format!("/v1/thresholds/{thresholds}/end"), version, &json!({}), expected).await
}

#[actix_web::test]
async fn machines_without_their_own_follow_their_kind() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "kinds").await;
    let (chief, clerk, own) =
        (workshop.firm.staff("post_guarantee"), workshop.firm.staff("clerk"), workshop.machine.clone());
    let day = days_ago(&server, 2);
    workshop.send(&server, &a_day(&workshop, day)).await;
    workshop.count(&server).await;
    let before = workshop.day(day).await;
    let pump = machines::machine(&server, &clerk, &json!({ "category": "pump" })).await;
    let set = chief.post(LATHES, &from(920_000), 201).await;
    assert_eq!(
        (set.text("/of"), set.text("/state"), set.text("/origin")),
        ("category".into(), "in_force".into(), "set".into())
    );
    // a new one has them at once, those there are soon
    let new = machines::machine(&server, &clerk, &json!({})).await;
    let kind = (set.text("/id"), "category".to_owned());
    assert_eq!(holding(&chief, &new).await, kind);
    follow(&server, &workshop).await;
    assert_eq!(holding(&chief, &own).await, kind);
    assert_eq!(holding(&chief, &pump).await, ("standard".into(), "standard".into()));
    // the past is counted by them, and kept as it was
    let after = workshop.day(day).await;
    assert_eq!(after["seconds"]["working"], 240 * 60, "{after:#}");
    let standard = format!("/v1/equipment/{own}/days?thresholds=standard");
    assert_eq!(workshop.reader().get(&standard, 200).await.body["days"][0]["seconds"], before["seconds"]);
    let kinds = machines::life(&chief, &own).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "threshold_changed").count(), 1, "{kinds:?}");
    // set anew, the old ones are superseded, and the machines follow
    let anew = chief.post(LATHES, &from(930_000), 201).await.text("/id");
    follow(&server, &workshop).await;
    let list = chief.get(LATHES, 200).await;
    let items = list.body["items"].as_array().expect("items");
    let states: Vec<&str> = items.iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!((list.text("/in_force"), states), (anew.clone(), vec!["in_force", "superseded", "superseded"]));
    for machine in [&own, &new] {
        assert_eq!(holding(&chief, machine).await, (anew.clone(), "category".into()));
    }
    // ended, the standard ones hold for all of them, and for those to come
    end(&chief, &anew, 2, 409).await;
    assert_eq!(end(&chief, &anew, 1, 200).await.text("/state"), "superseded");
    assert_eq!(end(&chief, &anew, 2, 409).await.code(), "illegal_transition");
    follow(&server, &workshop).await;
    let last = machines::machine(&server, &clerk, &json!({})).await;
    for machine in [&own, &new, &last] {
        assert_eq!(holding(&chief, machine).await, ("standard".into(), "standard".into()));
    }
    assert_eq!(workshop.day(day).await["seconds"], before["seconds"]);
    assert_eq!(chief.get(LATHES, 200).await.text("/in_force"), "standard");
    server.stop().await;
}

#[actix_web::test]
async fn its_own_come_first_and_their_end_gives_the_kinds_back() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "owns").await;
    let (chief, own) = (workshop.firm.staff("post_guarantee"), workshop.machine.clone());
    let path = format!("/v1/equipment/{own}/thresholds");
    let kind = chief.post(LATHES, &from(920_000), 201).await.text("/id");
    follow(&server, &workshop).await;
    let first = chief.post(&path, &from(600_000), 201).await.text("/id");
    let second = chief.post(&path, &from(700_000), 201).await;
    // the kind's go on for others, whatever one machine has
    assert_eq!(chief.get(LATHES, 200).await.text("/in_force"), kind);
    let list = chief.get(&path, 200).await;
    let shown: Vec<(Value, Value)> = list.body["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| (one["of"].clone(), one["state"].clone()))
        .collect();
    let row = |of: &str, state: &str| (json!(of), json!(state));
    assert_eq!(
        shown,
        [
            row("machine", "in_force"),
            row("machine", "superseded"),
            row("category", "in_force"),
            row("standard", "superseded")
        ]
    );
    assert_eq!(holding(&chief, &own).await, (second.text("/id"), "machine".into()));
    let anew = chief.post(LATHES, &from(930_000), 201).await.text("/id");
    follow(&server, &workshop).await;
    assert_eq!(holding(&chief, &own).await, (second.text("/id"), "machine".into()));
    assert_eq!(end(&chief, &first, 2, 409).await.code(), "illegal_transition");
    end(&chief, &second.text("/id"), 1, 200).await;
    // at once, without any job
    assert_eq!(holding(&chief, &own).await, (anew, "category".into()));
    server.stop().await;
}

#[actix_web::test]
async fn a_machine_of_another_kind_follows_that() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "moves").await;
    let (chief, clerk) = (workshop.firm.staff("post_guarantee"), workshop.firm.staff("clerk"));
    let lathes = chief.post(LATHES, &from(920_000), 201).await.text("/id");
    let pumps = chief.post("/v1/equipment-categories/pump/thresholds", &from(300_000), 201).await.text("/id");
    let id = machines::machine(&server, &clerk, &json!({})).await;
    assert_eq!(holding(&chief, &id).await, (lathes, "category".into()));
    let path = format!("/v1/equipment/{id}");
    let category = async |code: &str| {
        clerk.patch(&path, version(&clerk, &path).await, &json!({ "category": code }), 200).await;
    };
    category("pump").await;
    assert_eq!(holding(&chief, &id).await, (pumps.clone(), "category".into()));
    category("loom").await;
    assert_eq!(holding(&chief, &id).await, ("standard".into(), "standard".into()));
    let own = chief.post(&format!("{path}/thresholds"), &from(400_000), 201).await.text("/id");
    category("pump").await;
    assert_eq!(holding(&chief, &id).await, (own, "machine".into()));
    let changed = machines::life(&chief, &id).await;
    assert_eq!(changed.iter().filter(|kind| *kind == "threshold_changed").count(), 3, "{changed:?}");
    server.stop().await;
}

#[actix_web::test]
async fn those_of_a_kind_are_set_by_those_who_see_all() {
    let server = Server::start().await;
    let workshop = Workshop::open(&server, "reach").await;
    let chief = workshop.firm.staff("post_guarantee");
    let set = chief.post(LATHES, &from(920_000), 201).await.text("/id");
    let elsewhere = Workshop::open(&server, "elsewhere").await;
    assert_eq!(elsewhere.reader().get(LATHES, 200).await.text("/in_force"), "standard");
    end(&elsewhere.firm.staff("post_guarantee"), &set, 1, 404).await;
    chief.post("/v1/equipment-categories/ship/thresholds", &from(1), 404).await;
    chief.get("/v1/equipment-categories/ship/thresholds", 404).await;
    let wrong = chief.post(LATHES, &json!({ "off_below_mw": 5, "working_from_mw": 1 }), 422).await;
    assert_eq!(wrong.text("/errors/0/pointer"), "/working_from_mw");
    let department = workshop.firm.default_department().await;
    let hire = crate::support::Hire {
        login_name: "scorer",
        role: "investigator",
        department: &department,
        scope: "department",
    };
    let (scorer, _) = workshop.firm.hire(&server, &hire).await;
    assert_eq!(scorer.post(LATHES, &from(900_000), 403).await.code(), "forbidden");
    end(&scorer, &set, 1, 403).await;
    scorer.get(LATHES, 200).await;
    workshop.firm.staff("clerk").post(LATHES, &from(900_000), 403).await;
    server.stop().await;
}
