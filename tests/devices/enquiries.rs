//! Enquiries: a reservation ends with the enquiry that it was made for, and both sides hear of what happens, once.

use serde_json::{Value, json};

use super::machines::{life, machine};
use crate::support::{Answer, Caller, Firm, Server};

/// An offer of a machine and somebody who may buy it.
struct Market {
    firm: Firm,
    clerk: Caller,
    owner: Caller,
    buyer: Caller,
    machine: String,
    listing: String,
}

impl Market {
    async fn open(server: &Server, slug: &str) -> Self {
        let firm = Firm::create(server, slug).await;
        let (owner, buyer) = (firm.applicant(server, "13900000001").await, firm.applicant(server, "13900000002").await);
        let clerk = firm.staff("clerk");
        let id = machine(server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
        let new = json!({ "title": "转让车床", "description": "可看样", "price_fen": 9_000_000 });
        let listing = owner.post(&format!("/v1/my/equipment/{id}/listings"), &new, 201).await.text("/id");
        owner.act(&format!("/v1/my/listings/{listing}/publish"), 1, &json!({}), 200).await;
        Self { firm, clerk, owner, buyer, machine: id, listing }
    }

    async fn shown(&self) -> Answer {
        self.clerk.get(&format!("/v1/listings/{}", self.listing), 200).await
    }

    async fn ask(&self) -> String {
        let ask = json!({ "question": "还在吗？" });
        self.buyer.post(&format!("/v1/offers/{}/enquiries", self.listing), &ask, 201).await.text("/id")
    }

    /// Asks, and has the machine kept for it.
    async fn reserved(&self) -> String {
        let enquiry = self.ask().await;
        let version = self.shown().await.version.expect("a version");
        let path = format!("/v1/listings/{}/reserve", self.listing);
        self.clerk.act(&path, version, &json!({ "enquiry": enquiry }), 200).await;
        enquiry
    }
}

/// The events and texts of an inbox that are about enquiries, oldest first.
async fn told(who: &Caller) -> Vec<(String, String)> {
    let inbox = who.get("/v1/my/inbox?limit=100", 200).await;
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let items = inbox.body["items"].as_array().expect("messages");
    let all = items.iter().map(|one| (text(&one["event"]), text(&one["text"])));
    let mut all: Vec<_> = all.filter(|(event, _)| event.starts_with("enquiry_")).collect();
    all.reverse();
    all
}

fn events(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(event, _)| event.as_str()).collect()
}

#[actix_web::test]
async fn a_reservation_ends_with_its_enquiry_whoever_closes_it() {
    let server = Server::start().await;
    let market = Market::open(&server, "lapse").await;
    for (closer, place) in [(&market.clerk, "/v1"), (&market.owner, "/v1/my"), (&market.buyer, "/v1/my")] {
        let (other, enquiry) = (market.ask().await, market.reserved().await);
        // another question about the same machine holds nothing
        market.clerk.act(&format!("/v1/enquiries/{other}/close"), 1, &json!({}), 200).await;
        let kept = market.shown().await;
        assert_eq!((kept.text("/state"), kept.text("/reserved_for")), ("reserved".into(), enquiry.clone()));
        closer.act(&format!("{place}/enquiries/{enquiry}/close"), 1, &json!({}), 200).await;
        let free = market.shown().await;
        assert_eq!((free.text("/state"), &free.body["reserved_for"]), ("published".into(), &Value::Null));
        assert_eq!(free.version, kept.version.map(|version| version + 1));
        market.buyer.get(&format!("/v1/offers/{}", market.listing), 200).await;
    }
    let kinds = life(&market.clerk, &market.machine).await;
    let ends = kinds.iter().filter(|kind| *kind == "listed").count();
    assert_eq!((ends, kinds.iter().filter(|kind| *kind == "reserved").count()), (4, 3), "{kinds:?}");
    let all = market.clerk.get(&format!("/v1/equipment/{}/life?limit=100", market.machine), 200).await;
    let last = all.body["items"].as_array().and_then(|rows| rows.last().cloned()).expect("a row");
    assert!(last["text"].as_str().is_some_and(|text| text.ends_with("取消预订")), "{last}");
    let log = market.firm.staff("auditor").get("/v1/audit-entries?action=listing.close_enquiry", 200).await;
    let released = log.body.to_string().matches("\"listing_released\":true").count();
    assert_eq!(released, 3, "{:#}", log.body);
    server.stop().await;
}

#[actix_web::test]
async fn a_reservation_ends_even_while_the_machine_secures_a_guarantee() {
    let server = Server::start().await;
    let market = Market::open(&server, "pledged").await;
    let enquiry = market.reserved().await;
    let pledge = json!({ "document": "合同1号", "reason": "反担保" });
    let path = format!("/v1/equipment/{}", market.machine);
    let version = market.clerk.get(&path, 200).await.version.expect("a version");
    market.firm.staff("post_guarantee").act(&format!("{path}/encumber"), version, &pledge, 200).await;
    let version = market.shown().await.version.expect("a version");
    let release = format!("/v1/listings/{}/release", market.listing);
    assert_eq!(market.clerk.act(&release, version, &json!({}), 409).await.code(), "equipment_encumbered");
    market.buyer.act(&format!("/v1/my/enquiries/{enquiry}/close"), 1, &json!({}), 200).await;
    assert_eq!(market.shown().await.text("/state"), "published");
    // and it is offered to nobody all the same
    assert_eq!(market.buyer.get("/v1/offers", 200).await.body["items"], json!([]));
    server.stop().await;
}

#[actix_web::test]
async fn both_sides_hear_of_an_enquiry_once() {
    let server = Server::start().await;
    let market = Market::open(&server, "heard").await;
    let number = market.shown().await.text("/number");
    let enquiry = market.ask().await;
    let heard = told(&market.owner).await;
    assert_eq!(events(&heard), ["enquiry_received"]);
    assert!(heard[0].1.contains(&number) && heard[0].1.contains("转让车床"), "{heard:?}");
    // neither what was asked nor by whom
    assert!(!heard[0].1.contains("还在吗") && !heard[0].1.contains("139"), "{heard:?}");
    assert_eq!(told(&market.buyer).await, []);
    let mine = format!("/v1/my/enquiries/{enquiry}");
    market.owner.act(&format!("{mine}/answer"), 1, &json!({ "answer": "在" }), 200).await;
    market.owner.act(&format!("{mine}/answer"), 1, &json!({ "answer": "在的" }), 409).await;
    assert_eq!(events(&told(&market.buyer).await), ["enquiry_answered"]);
    market.clerk.act(&format!("/v1/enquiries/{enquiry}/answer"), 2, &json!({ "answer": "还在" }), 200).await;
    market.clerk.act(&format!("/v1/enquiries/{enquiry}/close"), 3, &json!({}), 200).await;
    assert_eq!(events(&told(&market.buyer).await), ["enquiry_answered", "enquiry_answered", "enquiry_closed"]);
    let taken_back = market.ask().await;
    market.buyer.act(&format!("/v1/my/enquiries/{taken_back}/close"), 1, &json!({}), 200).await;
    assert_eq!(events(&told(&market.owner).await), ["enquiry_received", "enquiry_received", "enquiry_withdrawn"]);
    assert_eq!(told(&market.buyer).await.len(), 3, "nobody is told what they did themselves");
    server.stop().await;
}
