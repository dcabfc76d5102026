//! Third parties hear of an alarm when it is raised and when it is over, whoever ends it.

use serde_json::json;

use super::alarms::{alarms, chief, idle_rule, passes, watched};
use crate::support::Server;
use crate::webhooks::sink::{Call, Sink};

#[actix_web::test]
async fn an_alarm_is_told_when_it_comes_and_when_it_goes() {
    let mut sink = Sink::open();
    let server = Server::start_with(&[("ZHIDAN_OUTSIDE__ALLOWED", &sink.place)]).await;
    let (workshop, keeper) = watched(&server, "told-alarms").await;
    let body = json!({ "url": sink.url(), "events": ["alarm.raised", "alarm.cleared"] });
    let admin = workshop.firm.staff("administrator");
    let secret = admin.post("/v1/webhook-endpoints", &body, 201).await.text("/secret");
    idle_rule(&workshop, &keeper, &json!({})).await;
    passes(&server, &workshop, 80, 20.0).await;
    let found = alarms(&server, &workshop).await;
    let calls = sink.calls();
    let raised: Vec<_> =
        calls.iter().filter(|call| call.json()["data"]["alarm"] == found[0]["id"]).map(Call::event).collect();
    assert_eq!(raised, ["alarm.raised"]);
    let said = calls.iter().find(|call| call.json()["data"]["alarm"] == found[0]["id"]).expect("the call");
    assert!(said.is_signed_by(&secret));
    let data = &said.json()["data"];
    assert_eq!((&data["equipment"], &data["kind"]), (&json!(workshop.machine), &json!("idle_too_long")));
    assert!(data["raised_at"].is_string() && data["cleared_at"].is_null());
    // somebody closes it
    let again = chief(&server, &workshop).await;
    let path = format!("/v1/alarms/{}", found[0]["id"].as_str().expect("an id"));
    for step in ["acknowledge", "clear"] {
        let version = again.get(&path, 200).await.version.expect("a version");
        again.act(&format!("{path}/{step}"), version, &json!({}), 200).await;
    }
    server.work().await;
    let calls: Vec<_> =
        sink.calls().into_iter().filter(|call| call.json()["data"]["alarm"] == found[0]["id"]).collect();
    assert_eq!(calls.iter().map(Call::event).collect::<Vec<_>>(), ["alarm.cleared"]);
    assert!(calls[0].json()["data"]["cleared_at"].is_string());
    server.stop().await;
}
