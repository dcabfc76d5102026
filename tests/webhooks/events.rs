//! What third parties are told: every event of the story, signed, once, in the form that the document says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Hooks;
use super::sink::{Call, Sink};
use crate::support::{LimitFirm, db_count};

/// What a call says that is not as the document has it.
fn unlike_the_document(document: &Value, call: &Call) -> Option<String> {
    let said = call.json();
    let event = call.event();
    let content = &document["webhooks"][&event]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let find = |schema: &Value| {
        let pointer = schema["$ref"].as_str()?.strip_prefix('#')?;
        document.pointer(pointer).cloned()
    };
    let Some(schema) = find(content) else { return Some(format!("{event} has no schema")) };
    let names = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    if schema["properties"]["type"]["enum"] != json!([event]) || names(&said) != names(&schema["properties"]) {
        return Some(format!("{event} is not {schema}"));
    }
    let data = find(&schema["properties"]["data"])?;
    if names(&said["data"]) != names(&data["properties"]) {
        return Some(format!("{event} says {}, the document {}", said["data"], data["properties"]));
    }
    said["data"].as_object().expect("an object").iter().find_map(|(name, value)| {
        let words = data["properties"][name]["enum"].as_array()?;
        (!value.is_null() && !words.contains(value)).then(|| format!("{event}.{name} is {value}"))
    })
}

#[actix_web::test]
async fn every_step_is_told_signed_and_once() {
    let (mut all, mut some) = (Sink::open(), Sink::open());
    let hooks = Hooks::open_with("told", &[&all, &some]).await;
    let asks = json!({ "url": some.url(), "events": ["limit.drawn", "limit.repaid"], "description": "银行" });
    hooks.admin.post("/v1/webhook-endpoints", &asks, 201).await;
    let books = LimitFirm::of(&hooks.server, hooks.firm.clone(), 0).await;
    let reservation = books.reserve(&books.first.limit, 10_000).await;
    let drawn = books.draw(&reservation, 10_000).await;
    books.repay(&drawn.text("/drawdown/id"), 4_000).await;
    let repaid = books.repay(&drawn.text("/drawdown/id"), 6_000).await.text("/operation");
    let why = json!({ "reason": "记错" });
    books.staff("executive").post(&format!("/v1/limit-operations/{repaid}/correct"), &why, 200).await;
    hooks.something_happens().await;
    hooks.server.work().await;
    let calls = all.calls();
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let wrong: Vec<_> = calls.iter().filter_map(|call| unlike_the_document(&document, call)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(calls.iter().all(|call| call.is_signed_now_by(&hooks.secret)), "{calls:#?}");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    calls.iter().for_each(|call| *counts.entry(call.event()).or_default() += 1);
    let expected = [
        ("application.approved", 1),
        ("application.submitted", 1),
        ("equipment.scored", 1),
        ("limit.corrected", 1),
        ("limit.drawn", 1),
        ("limit.granted", 1),
        ("limit.repaid", 2),
    ];
    assert_eq!(counts, expected.map(|(event, count)| (event.to_owned(), count)).into());
    let asked: Vec<_> = some.calls().iter().map(Call::event).collect();
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked.iter().all(|event| event.starts_with("limit.")), "{asked:?}");
    let told = calls.iter().find(|call| call.event() == "limit.drawn").expect("the drawing").json();
    let data = &told["data"];
    assert_eq!((&data["amount_fen"], &data["drawn_fen"]), (&json!(10_000), &json!(10_000)));
    assert_eq!(data["drawdown"], drawn.body["drawdown"]["id"]);
    assert_eq!(hooks.server.work().await, 0);
    assert!(all.calls().is_empty(), "once");
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_call_is_what_the_specification_says() {
    let mut sink = Sink::open();
    let hooks = Hooks::open("called", &sink).await;
    let queued = hooks.tried().await;
    assert_eq!((queued.text("/state"), queued.body["attempts"].clone()), ("queued".to_owned(), json!(0)));
    hooks.server.work().await;
    let calls = sink.calls();
    let [call] = calls.as_slice() else { panic!("one call, not {calls:#?}") };
    assert_eq!(call.line, "POST /hook?key=1 HTTP/1.1");
    assert_eq!(call.headers["content-type"], "application/json");
    assert!(call.headers["user-agent"].starts_with("zhidan/"));
    assert_eq!(call.id(), queued.text("/message"));
    assert!(call.is_signed_now_by(&hooks.secret));
    assert!(!call.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "not under another secret");
    let changed = Call { body: call.body.replace("webhook.test", "webhook.tost"), ..call.clone() };
    assert!(!changed.is_signed_by(&hooks.secret), "not with another body");
    let said = call.json();
    assert_eq!(said["data"], json!({ "endpoint": hooks.endpoint }));
    assert!(!call.body.contains(' '), "without blanks");
    let shown = hooks.deliveries().await.remove(0);
    assert_eq!(
        (&shown["state"], &shown["attempts"], &shown["last_status"]),
        (&json!("delivered"), &json!(1), &json!(204))
    );
    assert!(shown["last_ms"].is_i64() && shown["ended_at"].is_string() && shown["next_at"].is_null());
    hooks.server.stop().await;
}

#[actix_web::test]
async fn what_does_not_come_about_is_not_told() {
    let mut sink = Sink::open();
    let hooks = Hooks::open("undone", &sink).await;
    let books = LimitFirm::of(&hooks.server, hooks.firm.clone(), 0).await;
    hooks.server.work().await;
    sink.calls();
    let rows = async || {
        let messages = db_count(&hooks.server, &hooks.firm, "webhook_messages").await;
        let jobs = db_count(&hooks.server, &hooks.firm, "jobs WHERE kind = 'webhooks.send'").await;
        (messages, db_count(&hooks.server, &hooks.firm, "webhook_deliveries").await, jobs)
    };
    let reservation = books.reserve(&books.first.limit, 10_000).await;
    let before = rows().await;
    assert!(before.0 > 0);
    // the same operation, in a transaction that does not commit
    let draw = json!({ "operation": "draw", "reservation": reservation, "amount_fen": 10_000 });
    let judged = books.staff("finance").post("/v1/limits/what-if", &draw, 200).await;
    assert!(judged.body.is_object());
    let too_much = json!({ "amount_fen": 10_001, "reason": "银行放款", "document": "放款通知书-1" });
    books.staff("finance").post(&format!("/v1/reservations/{reservation}/draw"), &too_much, 409).await;
    assert_eq!(rows().await, before);
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    books.draw(&reservation, 10_000).await;
    let after = rows().await;
    assert_eq!((after.0, after.1, after.2), (before.0 + 1, before.1 + 1, before.2 + 1));
    hooks.server.stop().await;
}

#[actix_web::test]
async fn a_firm_is_told_of_its_own_and_one_without_an_address_keeps_nothing() {
    let (mut sink, mut other) = (Sink::open(), Sink::open());
    let hooks = Hooks::open_with("apart", &[&sink, &other]).await;
    let away = crate::support::Firm::create(&hooks.server, "away").await;
    let score = async |firm: &crate::support::Firm| {
        let keeper = firm.staff("post_guarantee");
        let machine = json!({ "name": "示例车床", "category": "lathe" });
        let machine = keeper.post("/v1/equipment", &machine, 201).await.text("/id");
        keeper.post(&format!("/v1/equipment/{machine}/scores"), &json!({}), 201).await;
    };
    score(&away).await;
    assert_eq!(db_count(&hooks.server, &away, "webhook_messages").await, 0);
    let admin = away.staff("administrator");
    admin.post("/v1/webhook-endpoints", &json!({ "url": other.url() }), 201).await;
    score(&away).await;
    hooks.server.work().await;
    assert!(sink.calls().is_empty());
    assert_eq!(other.calls().len(), 1);
    let theirs = hooks.deliveries().await;
    assert!(theirs.is_empty(), "{theirs:#?}");
    for path in [hooks.path(""), hooks.path("/deliveries")] {
        admin.get(&path, 404).await;
    }
    hooks.server.stop().await;
}
