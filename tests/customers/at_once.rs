//! Two at once: of two who record the same person, relation or share, one does.

use reqwest::Method;
use serde_json::{Value, json};

use super::{person, recorded};
use crate::support::{Caller, Firm, Server, db_count};

/// Sends two requests at once; gives their statuses, the lower first.
async fn at_once(one: (&Caller, &str, &Value), two: (&Caller, &str, &Value)) -> [u16; 2] {
    let send = |(who, path, body): (&Caller, &str, &Value)| {
        let key = uuid::Uuid::now_v7().to_string();
        who.request(Method::POST, path).header("Idempotency-Key", key).json(body).send()
    };
    let (one, two) = futures_util::future::join(send(one), send(two)).await;
    let mut statuses = [one, two].map(|answer| answer.expect("an answer").status().as_u16());
    statuses.sort_unstable();
    statuses
}

#[actix_web::test]
async fn of_two_who_record_the_same_at_once_one_does() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "twice").await;
    let (clerk, officer, approver) = (firm.staff("clerk"), firm.staff("investigator"), firm.staff("executive"));
    for order in 1..=5 {
        let body = person(order);
        let statuses = at_once((&clerk, "/v1/customers", &body), (&officer, "/v1/customers", &body)).await;
        assert_eq!(statuses, [201, 409], "{order}");
    }
    assert_eq!(db_count(&server, &firm, "customers").await, 5);
    assert_eq!(db_count(&server, &firm, "customer_classes").await, 5);
    let made = clerk.post("/v1/channels", &json!({ "name": "示例渠道", "kind": "bank" }), 201).await.text("/id");
    for order in (11..=19).step_by(2) {
        // Either way round: the two rows are locked in one order all the same.
        let (one, two) = (recorded(&clerk, order).await, recorded(&clerk, order + 1).await);
        let at = |id: &str| format!("/v1/customers/{id}/relations");
        let spouse =
            |other: &str| json!({ "other": other, "kind": "spouse", "source": "declared", "valid_from": "2025-06-01" });
        let (first, second) = (spouse(&two), spouse(&one));
        let statuses = at_once((&clerk, &at(&one), &first), (&officer, &at(&two), &second)).await;
        assert_eq!(statuses, [201, 422], "{order}");
        let (path, share) = (format!("/v1/customers/{one}/shares"), json!({ "channel": made, "purpose": "联合尽调" }));
        assert_eq!(at_once((&approver, &path, &share), (&approver, &path, &share)).await, [201, 422], "{order}");
    }
    assert_eq!(db_count(&server, &firm, "customer_relations").await, 5);
    assert_eq!(db_count(&server, &firm, "customer_shares").await, 5);
    server.stop().await;
}
