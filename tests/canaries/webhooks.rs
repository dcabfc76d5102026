//! Canaries in what staff write of third parties, and what third parties are told of all the others.

use serde_json::json;

use super::Cage;
use super::search::Heap;
use crate::webhooks::sink::Sink;

impl Cage {
    /// A third party that is told of everything; its answer names somebody too.
    pub(super) async fn third_party(&self, sink: &Sink) {
        let (mint, admin) = (&self.mint, self.firm.staff("administrator"));
        let url = format!("{}&who={}", sink.url(), mint.phone("phone in an address that is told"));
        let description = format!("联系人{}", mint.name("whom to ask about an address"));
        let made = admin.post("/v1/webhook-endpoints", &json!({ "url": url, "description": description }), 201).await;
        let answer: &'static str = mint.name("name in an answer").leak();
        sink.say(&[crate::webhooks::sink::Say::Status(500, "", answer)]);
        let path = format!("/v1/webhook-endpoints/{}", made.text("/endpoint/id"));
        admin.post(&format!("{path}/test"), &json!({}), 202).await;
        self.server.work().await;
        let shown = admin.get(&format!("{path}/deliveries"), 200).await;
        assert_eq!(shown.text("/items/0/excerpt"), answer, "what is hidden is there for who may see it");
    }
}

/// What a third party was told.
pub(super) fn told(sink: &mut Sink) -> Heap {
    let bodies: Vec<_> = sink.calls().into_iter().map(|call| call.body).collect();
    ("what third parties were told".to_owned(), bodies.join("\n"))
}
