//! Circulation: what is offered must be the owner's and free, readers see what it rests on, and questions find answers.

use serde_json::json;

use super::machines::{ids, life, machine, pairs, problems, version};
use crate::support::{Caller, Firm, Server};

async fn listed(owner: &Caller, machine: &str) -> String {
    let new = json!({ "title": " 转让车床 ", "description": "可看样", "price_fen": 9_000_000 });
    let made = owner.post(&format!("/v1/my/equipment/{machine}/listings"), &new, 201).await;
    assert_eq!((made.text("/title"), made.text("/state")), ("转让车床".into(), "draft".into()));
    made.text("/id")
}

#[actix_web::test]
async fn an_offer_rests_on_score_use_and_value_and_tells_nobody_whose_it_is() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "offers").await;
    let (owner, buyer) = (firm.applicant(&server, "13900000001").await, firm.applicant(&server, "13900000002").await);
    let clerk = firm.staff("clerk");
    let more = json!({ "owner_phone": "13900000001", "place": "示例路1号", "region": "340600" });
    let id = machine(&server, &clerk, &more).await;
    firm.staff("investigator").post(&format!("/v1/equipment/{id}/scores"), &json!({}), 201).await;
    let listing = listed(&owner, &id).await;
    assert_eq!(buyer.get("/v1/offers", 200).await.body["items"], json!([]));
    buyer.get(&format!("/v1/offers/{listing}"), 404).await;
    let published = owner.act(&format!("/v1/my/listings/{listing}/publish"), 1, &json!({}), 200).await;
    assert!(published.body["published_at"].is_string() && published.body["value"]["steps"].is_array());
    let offers = buyer.get("/v1/offers", 200).await;
    assert_eq!(ids(&offers.body), std::slice::from_ref(&listing));
    assert_eq!(
        (offers.text("/items/0/support/score/verdict"), offers.text("/items/0/machine/maker")),
        ("controllable".into(), "示例机床".into())
    );
    assert_eq!(offers.text("/items/0/machine/region_name"), "安徽省淮北市");
    let offer = buyer.get(&format!("/v1/offers/{listing}"), 200).await;
    assert_eq!(
        (offer.text("/description"), &offer.body["value"]["value_fen"]),
        ("可看样".into(), &published.body["value"]["value_fen"])
    );
    let text = offer.body.to_string();
    assert!(!text.contains("示例路") && !text.contains("SN-0001") && !text.contains("eqp_"), "{text}");
    // one machine, one listing that lasts
    let new = json!({ "title": "示例", "description": "示例" });
    let second = clerk.post(&format!("/v1/equipment/{id}/listings"), &new, 409).await;
    assert_eq!(second.code(), "listing_open");
    let reason = json!({ "reason": "报废" });
    let retired = clerk.act(&format!("/v1/equipment/{id}/retire"), 1, &reason, 409).await;
    assert_eq!(retired.code(), "illegal_transition");
    assert_eq!(
        ids(&clerk.get(&format!("/v1/listings?state=published&equipment={id}"), 200).await.body),
        std::slice::from_ref(&listing)
    );
    assert_eq!(clerk.get("/v1/listings?state=draft", 200).await.body["items"], json!([]));
    clerk.get("/v1/listings?equipment=x", 400).await;
    let shown = firm.staff("reviewer").get(&format!("/v1/listings/{listing}"), 200).await;
    assert_eq!(shown.body["allowed_actions"], json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn only_what_is_priced_and_the_owners_own_and_free_is_offered() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "titles").await;
    let owner = firm.applicant(&server, "13900000001").await;
    let (clerk, keeper) = (firm.staff("clerk"), firm.staff("post_guarantee"));
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let path = format!("/v1/equipment/{id}");
    let draft = json!({ "title": "示例", "description": "示例" });
    let made = owner.post(&format!("/v1/my/equipment/{id}/listings"), &draft, 201).await;
    let mine = format!("/v1/my/listings/{}", made.text("/id"));
    let unpriced = owner.act(&format!("{mine}/publish"), 1, &json!({}), 422).await;
    assert_eq!(problems(&unpriced.body), pairs(&[("/price_fen", "range")]));
    for (body, expected) in [
        (json!({ "price_fen": 0 }), vec![("/price_fen", "range")]),
        (json!({ "title": "", "description": " " }), vec![("/title", "required"), ("/description", "required")]),
    ] {
        assert_eq!(problems(&owner.patch(&mine, 1, &body, 422).await.body), pairs(&expected), "{body}");
    }
    assert_eq!(owner.patch(&mine, 1, &json!({}), 422).await.code(), "nothing_to_change");
    owner.patch(&mine, 1, &json!({ "price_fen": 9_000_000 }), 200).await;
    for (title, clear) in [
        (json!({ "ownership": "leased" }), json!({ "ownership": "owned" })),
        (json!({ "disputed": true }), json!({ "disputed": false })),
        (json!({ "registry": "encumbered" }), json!({ "registry": "ours" })),
    ] {
        clerk.patch(&path, version(&clerk, &path).await, &json!({ "papers": { "title": title } }), 200).await;
        let refused = owner.act(&format!("{mine}/publish"), 2, &json!({}), 409).await;
        assert_eq!(refused.code(), "title_not_clear", "{title}");
        clerk.patch(&path, version(&clerk, &path).await, &json!({ "papers": { "title": clear } }), 200).await;
    }
    owner.act(&format!("{mine}/publish"), 2, &json!({}), 200).await;
    let pledge = json!({ "document": "合同1号", "reason": "反担保" });
    keeper.act(&format!("{path}/encumber"), version(&clerk, &path).await, &pledge, 200).await;
    // what secures a guarantee is offered to nobody
    let buyer = firm.applicant(&server, "13900000002").await;
    assert_eq!(buyer.get("/v1/offers", 200).await.body["items"], json!([]));
    let offer = mine.replace("/v1/my/listings", "/v1/offers");
    buyer.get(&offer, 404).await;
    buyer.post(&format!("{offer}/enquiries"), &json!({ "question": "示例" }), 404).await;
    let sale = json!({ "price_fen": 1, "document": "合同2号" });
    let staffs = mine.replace("/v1/my", "/v1");
    assert_eq!(clerk.act(&format!("{staffs}/sell"), 3, &sale, 409).await.code(), "equipment_encumbered");
    assert_eq!(owner.patch(&mine, 3, &json!({ "price_fen": 1 }), 409).await.code(), "equipment_encumbered");
    assert_eq!(owner.get(&mine, 200).await.body["allowed_actions"], json!(["withdraw"]));
    owner.act(&format!("{mine}/withdraw"), 3, &json!({}), 200).await;
    assert_eq!(owner.act(&format!("{mine}/redraft"), 4, &json!({}), 409).await.code(), "equipment_encumbered");
    keeper.act(&format!("{path}/free"), version(&clerk, &path).await, &json!({ "reason": "结清" }), 200).await;
    owner.act(&format!("{mine}/redraft"), 4, &json!({}), 200).await;
    let kinds = life(&clerk, &id).await;
    assert_eq!(kinds[kinds.len() - 4..], ["listed", "encumbered", "withdrawn", "freed"]);
    server.stop().await;
}

#[actix_web::test]
async fn a_sale_is_recorded_with_what_was_paid() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "sales").await;
    let (owner, buyer) = (firm.applicant(&server, "13900000001").await, firm.applicant(&server, "13900000002").await);
    let clerk = firm.staff("clerk");
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let listing = listed(&owner, &id).await;
    owner.act(&format!("/v1/my/listings/{listing}/publish"), 1, &json!({}), 200).await;
    let ask = json!({ "question": "还在吗？" });
    let enquiry = buyer.post(&format!("/v1/offers/{listing}/enquiries"), &ask, 201).await.text("/id");
    let unknown = json!({ "enquiry": "enq_01jd8m1f5ne6xa9q2t4k7v3b8c" });
    let path = format!("/v1/listings/{listing}");
    let none = clerk.act(&format!("{path}/reserve"), 2, &unknown, 422).await;
    assert_eq!(problems(&none.body), pairs(&[("/enquiry", "unknown")]));
    let kept = clerk.act(&format!("{path}/reserve"), 2, &json!({ "enquiry": enquiry }), 200).await;
    assert_eq!((kept.text("/state"), kept.text("/reserved_for")), ("reserved".into(), enquiry.clone()));
    // what is kept for somebody is offered to nobody else
    assert_eq!(buyer.get("/v1/offers", 200).await.body["items"], json!([]));
    buyer.post(&format!("/v1/offers/{listing}/enquiries"), &ask, 404).await;
    for sale in [json!({ "price_fen": 0, "document": "合同" }), json!({ "price_fen": 5, "document": "" })] {
        clerk.act(&format!("{path}/sell"), 3, &sale, 422).await;
    }
    let sale = json!({ "price_fen": 8_800_000, "document": "转让合同3号" });
    owner.act(&format!("{path}/sell"), 3, &sale, 403).await;
    let sold = clerk.act(&format!("{path}/sell"), 3, &sale, 200).await;
    assert_eq!((sold.text("/state"), sold.body["sold_fen"].clone()), ("sold".into(), json!(8_800_000)));
    assert_eq!((sold.text("/reserved_for"), sold.body["allowed_actions"].clone()), (enquiry, json!([])));
    assert!(sold.body["ended_at"].is_string());
    let told = clerk.get(&format!("/v1/equipment/{id}/life?limit=100"), 200).await;
    let last = told.body["items"].as_array().and_then(|rows| rows.last().cloned()).expect("a row");
    assert_eq!((last["subject"].clone(), last["kind"].clone()), (json!(listing), json!("sold")));
    assert!(last["text"].as_str().is_some_and(|text| text.ends_with("8.8万元")), "{last}");
    // the machine can be offered anew, by whoever owns it then
    let hand = json!({ "owner_phone": "13900000002" });
    let machine_path = format!("/v1/equipment/{id}");
    clerk.patch(&machine_path, version(&clerk, &machine_path).await, &hand, 200).await;
    owner.get(&format!("/v1/my/listings/{listing}"), 404).await;
    listed(&buyer, &id).await;
    server.stop().await;
}

#[actix_web::test]
async fn questions_are_answered_by_the_owner_or_staff_and_seen_by_nobody_else() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "questions").await;
    let applicant = async |phone: &str| firm.applicant(&server, phone).await;
    let (owner, buyer, other) =
        (applicant("13900000001").await, applicant("13900000002").await, applicant("13900000003").await);
    let clerk = firm.staff("clerk");
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let listing = listed(&owner, &id).await;
    owner.act(&format!("/v1/my/listings/{listing}/publish"), 1, &json!({}), 200).await;
    let ask_at = format!("/v1/offers/{listing}/enquiries");
    let own = owner.post(&ask_at, &json!({ "question": "示例" }), 422).await;
    assert_eq!(problems(&own.body), pairs(&[("/question", "own_machine")]));
    buyer.post(&ask_at, &json!({ "question": " " }), 422).await;
    let asked = buyer.post(&ask_at, &json!({ "question": "可以看样吗？" }), 201).await;
    assert_eq!((asked.text("/state"), asked.text("/from")), ("open".into(), "139******02".into()));
    let enquiry = asked.text("/id");
    let about = format!("/v1/my/listings/{listing}/enquiries");
    assert_eq!(owner.get(&about, 200).await.text("/items/0/question"), "可以看样吗？");
    assert_eq!(clerk.get(&format!("/v1/listings/{listing}/enquiries"), 200).await.text("/items/0/id"), enquiry);
    buyer.get(&about, 404).await;
    assert_eq!(other.get("/v1/my/enquiries", 200).await.body["items"], json!([]));
    let answer = json!({ "answer": "工作日可以" });
    let mine = format!("/v1/my/enquiries/{enquiry}");
    for who in [&buyer, &other] {
        who.act(&format!("{mine}/answer"), 1, &answer, 404).await;
    }
    other.act(&format!("{mine}/close"), 1, &json!({}), 404).await;
    let answered = owner.act(&format!("{mine}/answer"), 1, &answer, 200).await;
    assert_eq!((answered.text("/state"), answered.text("/answer")), ("answered".into(), "工作日可以".into()));
    assert_eq!(owner.act(&format!("{mine}/answer"), 1, &answer, 409).await.code(), "stale");
    // anew, by staff
    let again = clerk.act(&format!("/v1/enquiries/{enquiry}/answer"), 2, &json!({ "answer": "周末也可以" }), 200).await;
    assert_eq!(again.text("/answer"), "周末也可以");
    assert_eq!(buyer.get("/v1/my/enquiries", 200).await.text("/items/0/answer"), "周末也可以");
    let closed = buyer.act(&format!("{mine}/close"), 3, &json!({}), 200).await;
    assert_eq!(closed.text("/state"), "closed");
    for (who, path) in [(&buyer, format!("{mine}/close")), (&clerk, format!("/v1/enquiries/{enquiry}/close"))] {
        assert_eq!(who.act(&path, 4, &json!({}), 409).await.code(), "illegal_transition");
    }
    assert_eq!(owner.act(&format!("{mine}/answer"), 4, &answer, 409).await.code(), "illegal_transition");
    let keep = json!({ "enquiry": enquiry });
    let over = owner.act(&format!("/v1/my/listings/{listing}/reserve"), 2, &keep, 409).await;
    assert_eq!(over.code(), "illegal_transition");
    // not without end
    for _ in 0..5 {
        buyer.post(&ask_at, &json!({ "question": "再问" }), 201).await;
    }
    assert_eq!(buyer.post(&ask_at, &json!({ "question": "再问" }), 422).await.code(), "too_many_items");
    assert_eq!(life(&clerk, &id).await.iter().filter(|kind| *kind == "enquired").count(), 6);
    server.stop().await;
}
