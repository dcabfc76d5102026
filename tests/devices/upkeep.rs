//! Maintenance that is recorded, and values that are kept: both stand in a machine's life, and nothing is written for a look.

use chrono::Days;
use reqwest::Method;
use serde_json::{Value, json};

use super::machines::{ids, life, machine, pairs, problems};
use super::pictures::{add, pdf};
use crate::support::{Firm, Server, today};

#[actix_web::test]
async fn maintenance_stands_in_the_life_and_the_papers_name_the_latest() {
    let server = Server::start().await;
    let (firm, away) = (Firm::create(&server, "upkeep").await, Firm::create(&server, "elsewhere").await);
    let owner = firm.applicant(&server, "13900000001").await;
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("investigator"));
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let (path, mine) = (format!("/v1/equipment/{id}"), format!("/v1/my/equipment/{id}"));
    let (today, done) = (today(&server), format!("{path}/maintenance"));
    let rows = [
        (json!({ "done_on": today + Days::new(1), "work": "换油" }), vec![("/done_on", "maintenance")]),
        (json!({ "done_on": today - Days::new(401), "work": "换油" }), vec![("/done_on", "maintenance")]),
        (
            json!({ "done_on": today, "work": " ", "cost_fen": -1, "document": "doc_01jd8m1f5ne6xa9q2t4k7v3b8c" }),
            vec![("/work", "required"), ("/cost_fen", "maintenance"), ("/document", "unknown")],
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(problems(&clerk.post(&done, &body, 422).await.body), pairs(&expected), "{body}");
    }
    // later than what the papers name
    let body = json!({ "done_on": today - Days::new(2), "work": "更换主轴轴承", "cost_fen": 120_000 });
    let key = uuid::Uuid::now_v7().to_string();
    let request = || clerk.request(Method::POST, &done).header("Idempotency-Key", &key).json(&body);
    let entry = clerk.send(request(), 201).await;
    assert_eq!(clerk.send(request(), 201).await.text("/id"), entry.text("/id"), "once, however often it is sent");
    assert_eq!((entry.text("/kind"), entry.body["amount_fen"].clone()), ("maintained".into(), json!(120_000)));
    let day = today - Days::new(2);
    assert_eq!(entry.text("/text"), format!("维护保养：{day}，更换主轴轴承，费用1,200.00元"));
    let last = async || clerk.get(&path, 200).await;
    let shown = last().await;
    assert_eq!((shown.text("/papers/use/last_maintained_on"), shown.version), (day.to_string(), Some(2)));
    assert_eq!(shown.body["score"], Value::Null, "no score is taken of what nobody asked to be scored");
    // earlier: told, but the papers stay
    let earlier = json!({ "done_on": today - Days::new(100), "work": "保养" });
    assert_eq!(clerk.post(&done, &earlier, 201).await.body["amount_fen"], Value::Null);
    assert_eq!(last().await.version, Some(2));
    scorer.post(&format!("{path}/scores"), &json!({}), 201).await;
    // an owner's word alone is told, and changes neither the papers nor the score that hangs on them
    let word = json!({ "done_on": today, "work": "换油" });
    let entry = owner.post(&format!("{mine}/maintenance"), &word, 201).await;
    assert_eq!((entry.text("/kind"), entry.text("/by_label")), ("maintained".into(), "申请人".into()));
    let still = last().await;
    assert_eq!((still.text("/papers/use/last_maintained_on"), still.version), (day.to_string(), Some(2)));
    assert_eq!(ids(&scorer.get(&format!("{path}/scores"), 200).await.body).len(), 1);
    // by the owner, with what proves it
    let record = add(&owner, &mine, pdf("maintenance_record")).await.text("/id");
    let body = json!({ "done_on": today, "work": "换油", "document": record });
    let entry = owner.post(&format!("{mine}/maintenance"), &body, 201).await;
    assert_eq!((entry.text("/subject"), entry.text("/by_label")), (record.clone(), "申请人".into()));
    assert_eq!(
        (last().await.text("/papers/use/last_maintained_on"), last().await.version),
        (today.to_string(), Some(3))
    );
    let listed = scorer.get(&format!("{path}/scores"), 200).await;
    assert_eq!((ids(&listed.body).len(), listed.text("/items/0/cause")), (2, "papers".into()));
    let remove = owner.request(Method::DELETE, &format!("{mine}/documents/{record}"));
    assert_eq!(owner.send(remove, 409).await.code(), "document_kept");
    // others do not reach it
    firm.applicant(&server, "13900000002").await.post(&format!("{mine}/maintenance"), &body, 404).await;
    away.staff("clerk").post(&done, &body, 404).await;
    firm.staff("committee").post(&done, &body, 403).await;
    let expected =
        ["registered", "maintained", "maintained", "scored", "maintained", "photo_added", "maintained", "scored"];
    assert_eq!(life(&clerk, &id).await, expected);
    clerk.act(&format!("{path}/retire"), 3, &json!({ "reason": "报废" }), 200).await;
    assert_eq!(owner.post(&format!("{mine}/maintenance"), &body, 409).await.code(), "equipment_retired");
    server.stop().await;
}

#[actix_web::test]
async fn a_value_is_kept_only_where_somebody_asks_for_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "worth").await;
    let owner = firm.applicant(&server, "13900000001").await;
    let clerk = firm.staff("clerk");
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let path = format!("/v1/equipment/{id}");
    let looked = clerk.get(&format!("{path}/value"), 200).await;
    owner.get(&format!("/v1/my/equipment/{id}/value"), 200).await;
    assert_eq!(life(&clerk, &id).await, ["registered"], "a look leaves nothing behind");
    let kept = clerk.post(&format!("{path}/valuations"), &json!({}), 201).await;
    assert_eq!(kept.body["valuation"], looked.body);
    assert_eq!(
        (kept.text("/entry/kind"), &kept.body["entry"]["amount_fen"]),
        ("valued".into(), &looked.body["value_fen"])
    );
    let (worth, day) = (looked.text("/value"), today(&server));
    assert_eq!(kept.text("/entry/text"), format!("二手价值估算：{worth}，截至{day}，市场参数第1版"));
    let told = clerk.get(&format!("{path}/life"), 200).await;
    assert_eq!(told.body["items"][1], kept.body["entry"]);
    // the firm's own act
    owner.post(&format!("{path}/valuations"), &json!({}), 403).await;
    firm.staff("committee").post(&format!("{path}/valuations"), &json!({}), 403).await;
    let bare = machine(&server, &clerk, &json!({ "papers": {} })).await;
    let unknown = clerk.post(&format!("/v1/equipment/{bare}/valuations"), &json!({}), 409).await;
    assert_eq!((unknown.code(), life(&clerk, &bare).await), ("value_unknown".into(), vec!["registered".to_owned()]));
    clerk.act(&format!("{path}/retire"), 1, &json!({ "reason": "报废" }), 200).await;
    assert_eq!(clerk.post(&format!("{path}/valuations"), &json!({}), 409).await.code(), "equipment_retired");
    server.stop().await;
}
