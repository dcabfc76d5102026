//! What applicants see of their own machines, and that others' do not exist for them.

use serde_json::{Value, json};

use super::machines::{ids, machine};
use crate::support::{Firm, Server};

#[actix_web::test]
async fn an_applicant_sees_their_own_machines_and_nobody_elses() {
    let server = Server::start().await;
    let (firm, away) = (Firm::create(&server, "mine").await, Firm::create(&server, "theirs").await);
    let (owner, other) = (firm.applicant(&server, "13900000001").await, firm.applicant(&server, "13900000002").await);
    let abroad = away.applicant(&server, "13900000001").await;
    let clerk = firm.staff("clerk");
    let more = json!({ "owner_phone": "13900000001", "place": "示例路1号", "name": "一号车床" });
    let id = machine(&server, &clerk, &more).await;
    machine(&server, &clerk, &json!({})).await;
    let path = format!("/v1/my/equipment/{id}");
    let mine = owner.get("/v1/my/equipment", 200).await;
    assert_eq!(ids(&mine.body), std::slice::from_ref(&id));
    assert_eq!((mine.text("/items/0/name"), &mine.body["items"][0]["score"]), ("一号车床".into(), &Value::Null));
    assert_eq!(mine.body["items"][0]["allowed_actions"], json!(["offer"]));
    let scored = firm.staff("investigator").post(&format!("/v1/equipment/{id}/scores"), &json!({}), 201).await;
    let seen = owner.get(&path, 200).await;
    assert_eq!((seen.text("/place"), seen.text("/score/id")), ("示例路1号".into(), scored.text("/id")));
    assert_eq!(seen.text("/opinion"), scored.text("/opinion/verdict"));
    assert_eq!(seen.body["papers"]["basic"]["maker"], "示例机床");
    assert!(seen.body.get("officer").is_none() && seen.body.get("customer").is_none(), "{:#}", seen.body);
    assert_eq!(owner.get(&format!("{path}/value"), 200).await.body["steps"].as_array().map(Vec::len), Some(7));
    for who in [&other, &abroad] {
        assert_eq!(who.get("/v1/my/equipment", 200).await.body["items"], json!([]));
        for part in ["", "/value"] {
            who.get(&format!("{path}{part}"), 404).await;
        }
        let new = json!({ "title": "示例", "description": "示例" });
        who.post(&format!("{path}/listings"), &new, 404).await;
    }
    owner.get(&format!("/v1/equipment/{id}"), 403).await;
    clerk.get(&path, 403).await;
    // offered, it says so; encumbered, it cannot be
    let new = json!({ "title": "示例", "description": "示例" });
    let listing = owner.post(&format!("{path}/listings"), &new, 201).await;
    let seen = owner.get(&path, 200).await;
    assert_eq!((seen.text("/listing/id"), seen.text("/listing/state")), (listing.text("/id"), "draft".into()));
    assert_eq!(seen.body["allowed_actions"], json!([]));
    owner.act(&format!("/v1/my/listings/{}/withdraw", listing.text("/id")), 1, &json!({}), 200).await;
    let pledge = json!({ "document": "合同1号", "reason": "反担保" });
    firm.staff("post_guarantee").act(&format!("/v1/equipment/{id}/encumber"), 1, &pledge, 200).await;
    let seen = owner.get(&path, 200).await;
    assert_eq!((&seen.body["encumbered"], &seen.body["allowed_actions"]), (&json!(true), &json!([])));
    assert_eq!(owner.post(&format!("{path}/listings"), &new, 409).await.code(), "equipment_encumbered");
    // taken from them, it is no longer theirs
    clerk.patch(&format!("/v1/equipment/{id}"), 2, &json!({ "owner_phone": null }), 200).await;
    owner.get(&path, 404).await;
    assert_eq!(owner.get("/v1/my/equipment", 200).await.body["items"], json!([]));
    server.stop().await;
}
