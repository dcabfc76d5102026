//! Scores: taken from papers and use, the same again from the same, taken anew when papers change, kept; and monitoring,
//! which begins only where the risk is controllable.

use chrono::Days;
use serde_json::{Value, json};

use super::machines::{ids, life, machine};
use crate::support::{Caller, Firm, Server, db_add_day, today};

async fn score(who: &Caller, machine: &str) -> crate::support::Answer {
    who.post(&format!("/v1/equipment/{machine}/scores"), &json!({}), 201).await
}

/// What two scores of the same must agree in: all but which they are and when they were taken.
fn said(score: &Value) -> Value {
    let mut said = score.clone();
    for own in ["id", "at"] {
        said.as_object_mut().expect("members").remove(own);
    }
    said
}

#[actix_web::test]
async fn the_same_machine_scores_the_same_and_every_score_is_kept() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "scores").await;
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("investigator"));
    let id = machine(&server, &clerk, &json!({})).await;
    clerk.post(&format!("/v1/equipment/{id}/scores"), &json!({}), 403).await;
    let first = score(&scorer, &id).await;
    assert_eq!((first.text("/verdict"), first.text("/cause")), ("controllable".into(), "asked".into()));
    assert_eq!((first.body["with_utilisation"].clone(), first.text("/usage_basis")), (json!(false), "absent".into()));
    let dimensions = first.body["dimensions"].as_array().expect("dimensions");
    assert_eq!(dimensions.len(), 5);
    // what is shown adds up by hand
    let sum: i64 = dimensions
        .iter()
        .map(|one| one["weight_bp"].as_i64().expect("a weight") * one["score_hundredths"].as_i64().expect("a score"))
        .sum();
    assert_eq!(first.body["total_hundredths"].as_i64(), Some((sum + 5_000) / 10_000));
    assert!(first.text("/opinion/verdict").contains("风险可控"));
    let again = score(&scorer, &id).await;
    assert_eq!(said(&again.body), said(&first.body));
    let location = first.headers["location"].to_str().expect("text").to_owned();
    assert_eq!(said(&scorer.get(&location, 200).await.body), said(&first.body));
    let listed = scorer.get(&format!("/v1/equipment/{id}/scores"), 200).await;
    assert_eq!(ids(&listed.body), [again.text("/id"), first.text("/id")]);
    let shown = clerk.get(&format!("/v1/equipment/{id}"), 200).await;
    assert_eq!((shown.text("/score/id"), shown.version), (again.text("/id"), Some(1)));
    // in English where it is asked for
    let english = scorer.request(reqwest::Method::GET, &location).header("Accept-Language", "en");
    let english = scorer.send(english, 200).await;
    assert!(english.text("/opinion/verdict").contains("controllable"), "{:#}", english.body);
    assert_eq!(life(&clerk, &id).await, ["registered", "scored", "scored"]);
    server.stop().await;
}

#[actix_web::test]
async fn changed_papers_are_scored_at_once_and_monitoring_needs_a_controllable_risk() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "watched").await;
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("post_guarantee"));
    let id = machine(&server, &clerk, &json!({ "papers": {} })).await;
    let path = format!("/v1/equipment/{id}");
    let none = json!({});
    let unscored = scorer.act(&format!("{path}/start-monitoring"), 1, &none, 409).await;
    assert_eq!(
        (unscored.code(), unscored.text("/detail")),
        ("not_controllable".into(), "设备还没有评分，请先评分。".into())
    );
    // no score is taken of what nobody asked to be scored
    clerk.patch(&path, 1, &json!({ "papers": { "title": { "invoice": true } } }), 200).await;
    assert_eq!(ids(&scorer.get(&format!("{path}/scores"), 200).await.body), Vec::<String>::new());
    let poor = score(&scorer, &id).await;
    assert_eq!(poor.text("/verdict"), "insufficient");
    assert!(!poor.body["missing"].as_array().expect("figures").is_empty());
    let refused = scorer.act(&format!("{path}/start-monitoring"), 2, &none, 409).await;
    assert_eq!(refused.code(), "not_controllable");
    // the refusal says what would change it
    let change = poor.text("/opinion/changes/0");
    assert!(refused.text("/detail").contains(&change), "{change} in {:#}", refused.body);
    let better = json!({ "papers": super::machines::papers(&server) });
    let changed = clerk.patch(&path, 2, &better, 200).await;
    assert_eq!((changed.text("/score/verdict"), changed.version), ("controllable".into(), Some(3)));
    let listed = scorer.get(&format!("{path}/scores"), 200).await;
    assert_eq!((listed.text("/items/0/cause"), listed.text("/items/1/cause")), ("papers".into(), "asked".into()));
    // other fields are no reason to score
    clerk.patch(&path, 3, &json!({ "name": "示例二" }), 200).await;
    assert_eq!(ids(&scorer.get(&format!("{path}/scores"), 200).await.body).len(), 2);
    clerk.act(&format!("{path}/start-monitoring"), 4, &none, 403).await;
    let watched = scorer.act(&format!("{path}/start-monitoring"), 4, &none, 200).await;
    assert_eq!((watched.text("/monitoring"), watched.text("/monitoring_label")), ("on".into(), "监控中".into()));
    assert_eq!(ids(&clerk.get("/v1/equipment?monitoring=on", 200).await.body), std::slice::from_ref(&id));
    let twice = scorer.act(&format!("{path}/start-monitoring"), 5, &none, 409).await;
    assert_eq!(twice.code(), "illegal_transition");
    let why = json!({ "reason": "停产" });
    let stopped = scorer.act(&format!("{path}/stop-monitoring"), 5, &why, 200).await;
    assert_eq!(stopped.text("/monitoring"), "stopped");
    assert_eq!(scorer.act(&format!("{path}/stop-monitoring"), 6, &why, 409).await.code(), "illegal_transition");
    let expected = [
        "registered",
        "papers_changed",
        "scored",
        "papers_changed",
        "scored",
        "monitoring_started",
        "monitoring_stopped",
    ];
    assert_eq!(life(&clerk, &id).await, expected);
    server.stop().await;
}

#[actix_web::test]
async fn use_takes_part_once_enough_of_it_is_known() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "used").await;
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("investigator"));
    let id = machine(&server, &clerk, &json!({})).await;
    let today = today(&server);
    // today is not over, and the thirty-first day ago does not count
    for back in [0, 31] {
        db_add_day(&server, &firm, &id, today - Days::new(back), (86_400, 0)).await;
    }
    assert_eq!(score(&scorer, &id).await.body["usage"], Value::Null);
    for back in 1..=10 {
        db_add_day(&server, &firm, &id, today - Days::new(back), (36_000, 50_400)).await;
    }
    let few = score(&scorer, &id).await;
    assert_eq!(
        (few.text("/usage_basis"), few.body["with_utilisation"].clone()),
        ("too_much_unknown".into(), json!(false))
    );
    assert_eq!(
        (few.body["usage"]["days_known"].clone(), few.body["usage"]["utilisation_ppm"].clone()),
        (json!(10), json!(416_667))
    );
    for back in 11..=30 {
        db_add_day(&server, &firm, &id, today - Days::new(back), (36_000, 50_400)).await;
    }
    let used = score(&scorer, &id).await;
    assert_eq!((used.text("/usage_basis"), used.body["with_utilisation"].clone()), ("used".into(), json!(true)));
    let usage = &used.body["usage"];
    assert_eq!(
        (usage["from"].clone(), usage["until"].clone()),
        (json!(today - Days::new(30)), json!(today - Days::new(1)))
    );
    assert_eq!((usage["utilisation_ppm"].clone(), usage["variation_per_mille"].clone()), (json!(416_667), json!(0)));
    assert_eq!(usage["unknown_share_ppm"], 0);
    // hours that were seen count for the value
    let value = clerk.get(&format!("/v1/equipment/{id}/value"), 200).await;
    let steps = value.body["steps"].as_array().expect("steps");
    let keys: Vec<_> = steps.iter().map(|step| step["key"].clone()).collect();
    assert_eq!(keys, ["price", "replacement", "age", "hours", "maintenance", "market", "limit"].map(Value::from));
    assert_eq!(steps.last().map(|step| step["amount_after_fen"].clone()), Some(value.body["value_fen"].clone()));
    assert!(steps[3]["reason"].as_str().is_some_and(|text| text.contains("348小时")), "{:#}", steps[3]);
    let bare = machine(&server, &clerk, &json!({ "papers": {} })).await;
    let unknown = clerk.get(&format!("/v1/equipment/{bare}/value"), 409).await;
    assert_eq!((unknown.code(), unknown.text("/detail")), ("value_unknown".into(), "请先填写设备购入价格。".into()));
    server.stop().await;
}

#[actix_web::test]
async fn scorecards_and_market_parameters_are_the_firms_own_versions() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "cards").await;
    let (admin, clerk, scorer) = (firm.staff("administrator"), firm.staff("clerk"), firm.staff("investigator"));
    let id = machine(&server, &clerk, &json!({})).await;
    let before = score(&scorer, &id).await;
    let worth = async || clerk.get(&format!("/v1/equipment/{id}/value"), 200).await;
    let worth_before = worth().await;
    for kind in ["equipment", "equipment_market"] {
        let listed = admin.get(&format!("/v1/scorecards?kind={kind}"), 200).await;
        assert_eq!((ids(&listed.body).len(), listed.body["items"][0]["in_force"].clone()), (1, json!(true)));
        let card = admin.get(&format!("/v1/scorecards/{}", listed.text("/items/0/id")), 200).await;
        let mut body = card.body["body"].clone();
        let wrong = json!({ "kind": kind, "effective_from": today(&server), "body": { "id": "x" } });
        admin.post("/v1/scorecards", &wrong, 422).await;
        match kind {
            "equipment" => body["threshold_hundredths"] = json!(9_999),
            _ => body["categories"]
                .as_array_mut()
                .expect("kinds")
                .iter_mut()
                .for_each(|one| one["market_ppm"] = json!(500_000)),
        }
        let new = json!({ "kind": kind, "effective_from": today(&server), "body": body });
        assert_eq!(admin.post("/v1/scorecards", &new, 201).await.body["version"], 2);
    }
    let after = score(&scorer, &id).await;
    assert_eq!((before.text("/verdict"), after.text("/verdict")), ("controllable".into(), "not_controllable".into()));
    assert_eq!(
        (after.body["scorecard_version"].clone(), after.body["total_hundredths"].clone()),
        (json!(2), before.body["total_hundredths"].clone())
    );
    assert!(after.body["scorecard"] != before.body["scorecard"] && before.text("/scorecard").starts_with("scd_"));
    let kept = scorer.get(&format!("/v1/equipment-scores/{}", before.text("/id")), 200).await;
    assert_eq!(kept.text("/verdict"), "controllable");
    let worth_after = worth().await;
    assert!(worth_after.body["value_fen"].as_i64() < worth_before.body["value_fen"].as_i64());
    assert_eq!(worth_after.body["parameters_version"], 2);
    server.stop().await;
}
