//! Canaries in customers' records, and in what people write of them: sources, documents, purposes, reasons.

use serde_json::{Value, json};

use super::Cage;
use crate::support::Caller;

impl Cage {
    /// A person on record, with canaries in everything that is theirs.
    async fn on_record(&self, who: &Caller, path: &str) -> String {
        who.post(path, &self.customer(), 201).await.text("/id")
    }

    fn customer(&self) -> Value {
        let mint = &self.mint;
        json!({
            "kind": "person", "name": mint.name("customer"), "id_number": mint.id_number("customer's ID number"),
            "phone": mint.phone("customer's phone"), "address": mint.words("customer's address"), "class": "farmer",
            "class_source": mint.words("source of a class"),
        })
    }

    /// Customers with all that can be said of them, by the firm's people and by a channel's.
    pub(super) async fn customers(&self) {
        let (mint, firm) = (&self.mint, &self.firm);
        let (clerk, approver, channel) = (firm.staff("clerk"), firm.staff("executive"), firm.staff("channel"));
        let (one, two) = (self.on_record(&clerk, "/v1/customers").await, self.on_record(&clerk, "/v1/customers").await);
        let path = format!("/v1/customers/{one}");
        let change = json!({
            "name": mint.name("customer, changed"), "phone": mint.phone("customer's phone, changed"),
            "address": mint.words("customer's address, changed"), "class": "other",
            "class_source": mint.words("source of a class, changed"),
        });
        clerk.patch(&path, 1, &change, 200).await;
        let why = json!({ "reason": mint.words("reason of a look at a customer") });
        firm.staff("investigator").post(&format!("{path}/reveal"), &why, 200).await;
        let relation = json!({ "other": two, "kind": "spouse", "source": "declared", "valid_from": "2020-01-01",
            "document": mint.words("document of a relation") });
        let relation = clerk.post(&format!("{path}/relations"), &relation, 201).await.text("/id");
        let end = json!({ "last_day": "2025-01-01", "reason": mint.words("reason of an end") });
        clerk.act(&format!("/v1/relations/{relation}/end"), 1, &end, 200).await;
        clerk.get(&format!("{path}/hints"), 200).await;
        // A channel, its own customer, and a share.
        let made = clerk.post("/v1/channels", &json!({ "name": "示例渠道", "kind": "partner" }), 201).await.text("/id");
        let member = json!({ "staff": firm.staff_id("channel") });
        firm.staff("administrator").post(&format!("/v1/channels/{made}/members"), &member, 201).await;
        self.on_record(&channel, "/v1/channel/customers").await;
        let share = json!({ "channel": made, "purpose": mint.words("purpose of a share"), "document": mint.words("document of a share") });
        let share = approver.post(&format!("{path}/shares"), &share, 201).await.text("/id");
        let shown = channel.get(&format!("/v1/channel/customers/{one}"), 200).await;
        for (what, text) in mint.all().iter().filter(|(what, _)| what.starts_with("customer")) {
            assert!(!shown.body.to_string().contains(text.as_str()), "{what} is masked");
        }
        let why = json!({ "reason": mint.words("reason of a withdrawal of a share") });
        approver.act(&format!("/v1/customer-shares/{share}/revoke"), 1, &why, 200).await;
        self.misplaced_customers(&clerk, &path).await;
    }

    /// What is refused, and what is looked for.
    async fn misplaced_customers(&self, clerk: &Caller, path: &str) {
        let mint = &self.mint;
        let known = self.customer();
        clerk.post("/v1/customers", &known, 201).await;
        clerk.post("/v1/customers", &known, 409).await;
        let mut wrong = self.customer();
        wrong["region"] = json!(mint.words("address as a region"));
        wrong["kind"] = json!("enterprise");
        clerk.post("/v1/customers", &wrong, 422).await;
        wrong["class"] = json!(mint.name("name as a class"));
        clerk.post("/v1/customers", &wrong, 422).await;
        clerk.patch(path, 2, &json!({ "phone": mint.id_number("number as a phone") }), 422).await;
        for sought in
            [mint.name("name of a customer sought"), mint.phone("phone sought"), mint.id_number("number sought")]
        {
            clerk.get(&format!("/v1/customers?q={sought}"), 200).await;
        }
        clerk.get(&format!("/v1/customers?kind={}", mint.name("name as a kind of customer")), 400).await;
        clerk.get(&format!("{path}/group?kinds={}", mint.name("name as a kind of relation")), 400).await;
    }
}
