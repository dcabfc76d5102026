//! Every state of a listing × every action × who acts: what the domain's table allows is done, all else is refused and
//! changes nothing.

use serde_json::{Value, json};

use super::machines::machine;
use crate::support::{Caller, Firm, Server};

const STATES: [&str; 5] = ["draft", "published", "reserved", "sold", "withdrawn"];
const ACTIONS: [&str; 7] = ["change", "publish", "reserve", "release", "sell", "withdraw", "redraft"];

/// Where an action leads from a state, whoever takes it; a sale is recorded by staff alone.
fn leads_to(state: &str, action: &str) -> Option<&'static str> {
    Some(match (state, action) {
        ("draft", "change") | ("withdrawn", "redraft") => "draft",
        ("draft", "publish") | ("published", "change") | ("reserved", "release") => "published",
        ("published", "reserve") => "reserved",
        ("published" | "reserved", "sell") => "sold",
        ("draft" | "published" | "reserved", "withdraw") => "withdrawn",
        _ => return None,
    })
}

struct Market<'a> {
    server: &'a Server,
    staff: Caller,
    owner: Caller,
    stranger: Caller,
}

/// A listing and an enquiry about it, where one could be made.
#[derive(Clone)]
struct Offer {
    listing: String,
    enquiry: String,
}

impl Market<'_> {
    async fn version(&self, offer: &Offer) -> i64 {
        self.staff.get(&format!("/v1/listings/{}", offer.listing), 200).await.version.expect("a version")
    }

    /// A listing in a state, of a machine of its own.
    async fn make(&self, state: &str) -> Offer {
        let id = machine(self.server, &self.staff, &json!({ "owner_phone": "13900000001" })).await;
        let new = json!({ "title": "示例", "description": "示例", "price_fen": 9_000_000 });
        let listing = self.owner.post(&format!("/v1/my/equipment/{id}/listings"), &new, 201).await.text("/id");
        let mut offer = Offer { listing, enquiry: "enq_01jd8m1f5ne6xa9q2t4k7v3b8c".into() };
        if state == "draft" {
            return offer;
        }
        self.step(&self.staff, "/v1", &offer, "publish", 200).await;
        let ask = json!({ "question": "示例" });
        let asked = self.stranger.post(&format!("/v1/offers/{}/enquiries", offer.listing), &ask, 201).await;
        offer.enquiry = asked.text("/id");
        match state {
            "reserved" => self.step(&self.staff, "/v1", &offer, "reserve", 200).await,
            "sold" => self.step(&self.staff, "/v1", &offer, "sell", 200).await,
            "withdrawn" => self.step(&self.staff, "/v1", &offer, "withdraw", 200).await,
            _ => Value::Null,
        };
        offer
    }

    async fn step(&self, who: &Caller, place: &str, offer: &Offer, action: &str, expected: u16) -> Value {
        let version = self.version(offer).await;
        let path = format!("{place}/listings/{}", offer.listing);
        let answer = match action {
            "change" => who.patch(&path, version, &json!({ "price_fen": 8_000_000 }), expected).await,
            "reserve" => {
                who.act(&format!("{path}/reserve"), version, &json!({ "enquiry": offer.enquiry }), expected).await
            }
            "sell" => {
                let sale = json!({ "price_fen": 7_000_000, "document": "合同1号" });
                who.act(&format!("{path}/sell"), version, &sale, expected).await
            }
            _ => who.act(&format!("{path}/{action}"), version, &json!({}), expected).await,
        };
        answer.body
    }

    /// Takes every action in a state and says what is not as it should be.
    async fn try_all(&self, state: &str, hat: &str) {
        let (who, place) = match hat {
            "staff" => (&self.staff, "/v1"),
            "owner" => (&self.owner, "/v1/my"),
            _ => (&self.stranger, "/v1/my"),
        };
        let mut offer = self.make(state).await;
        if hat != "stranger" {
            let shown = who.get(&format!("{place}/listings/{}", offer.listing), 200).await;
            let may: Vec<&str> = ACTIONS
                .into_iter()
                .filter(|action| leads_to(state, action).is_some() && (hat == "staff" || *action != "sell"))
                .collect();
            assert_eq!(shown.body["allowed_actions"], json!(may), "{state} {hat}");
        }
        for action in ACTIONS {
            if action == "sell" && hat != "staff" {
                continue;
            }
            let expected = match leads_to(state, action) {
                _ if hat == "stranger" => 404,
                Some(_) => 200,
                // what was never asked about has no enquiry to be reserved for
                None if action == "reserve" && state == "draft" => 422,
                None => 409,
            };
            let answer = self.step(who, place, &offer, action, expected).await;
            if expected == 200 {
                assert_eq!(answer["state"], leads_to(state, action).expect("a state"), "{state} {action} {hat}");
                offer = self.make(state).await;
            } else {
                let shown = self.staff.get(&format!("/v1/listings/{}", offer.listing), 200).await;
                assert_eq!(shown.text("/state"), state, "{action} by {hat} was refused");
            }
        }
    }
}

#[actix_web::test]
async fn every_step_is_taken_by_those_who_may_and_by_nobody_else() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "market").await;
    let (owner, stranger) =
        (firm.applicant(&server, "13900000001").await, firm.applicant(&server, "13900000002").await);
    let market = Market { server: &server, staff: firm.staff("clerk"), owner, stranger };
    for state in STATES {
        for hat in ["staff", "owner", "stranger"] {
            market.try_all(state, hat).await;
        }
    }
    server.stop().await;
}
