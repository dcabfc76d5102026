//! What an applicant sees of their limits and does with them, and what they do not.

use serde_json::json;

use super::support::{APPROVED, Books, act, amount};
use crate::support::{Caller, Server};

/// An applicant whose application was approved with a limit; gives them and the limit.
async fn granted(server: &Server, books: &Books) -> (Caller, String) {
    let applicant = books.firm.applicant(server, "13900000001").await;
    let id = books.reviewed(server, &applicant, 0).await;
    let terms = json!({ "amount_fen": APPROVED, "term_months": 12, "conditions": [], "limit": { "revolving": true } });
    act(&books.executive, &id, "approve", &terms, 200).await;
    let limit = applicant.get("/v1/my/limits", 200).await.text("/items/0/id");
    (applicant, limit)
}

#[actix_web::test]
async fn an_applicant_draws_again_within_what_is_free() {
    let server = Server::start().await;
    let books = Books::open(&server, "mine").await;
    let (applicant, limit) = granted(&server, &books).await;
    let seen = applicant.get("/v1/my/limits", 200).await;
    assert_eq!((seen.text("/items/0/id"), seen.text("/items/0/free")), (limit.clone(), "80万元".into()));
    assert_eq!(seen.body["items"][0]["allowed_actions"], json!(["reserve"]));
    let ask = |fen: i64| json!({ "amount_fen": fen, "purpose": "采购" });
    let path = format!("/v1/my/limits/{limit}/reserve");
    applicant.post(&path, &ask(APPROVED + 1), 409).await;
    let asked = applicant.post(&path, &ask(APPROVED), 201).await;
    let reservation = asked.text("/id");
    let seen = applicant.get("/v1/my/limits", 200).await;
    assert_eq!(
        (seen.body["items"][0]["free_fen"].as_i64(), &seen.body["items"][0]["allowed_actions"]),
        (Some(0), &json!([]))
    );
    // staff draw what the bank paid, the rest is the applicant's to take back
    books.draw(&reservation, 20_000_000).await;
    let released = applicant.post(&format!("/v1/my/reservations/{reservation}/release"), &json!({}), 200).await;
    assert_eq!(
        (released.text("/state"), released.body["released_fen"].as_i64()),
        ("closed".into(), Some(APPROVED - 20_000_000))
    );
    let detail = applicant.get(&format!("/v1/my/limits/{limit}"), 200).await;
    assert_eq!(detail.body["drawdowns"][0]["outstanding_fen"], 20_000_000);
    assert_eq!(detail.body["free_fen"], APPROVED - 20_000_000);
    let wrong = applicant.post(&path, &json!({ "amount_fen": 1, "purpose": "" }), 422).await;
    assert_eq!(wrong.text("/errors/0/pointer"), "/purpose");
    server.stop().await;
}

#[actix_web::test]
async fn another_applicants_limits_do_not_exist() {
    let server = Server::start().await;
    let books = Books::open(&server, "others").await;
    let (owner, limit) = granted(&server, &books).await;
    let other = books.firm.applicant(&server, "13900000002").await;
    assert_eq!(other.get("/v1/my/limits", 200).await.body["items"], json!([]));
    other.get(&format!("/v1/my/limits/{limit}"), 404).await;
    let ask = json!({ "amount_fen": 1_000, "purpose": "采购" });
    other.post(&format!("/v1/my/limits/{limit}/reserve"), &ask, 404).await;
    let by_staff = books.reserve(&limit, 1_000).await;
    let own = owner.post(&format!("/v1/my/limits/{limit}/reserve"), &ask, 201).await.text("/id");
    for (who, reservation) in [(&other, &own), (&other, &by_staff), (&owner, &by_staff)] {
        who.post(&format!("/v1/my/reservations/{reservation}/release"), &json!({}), 404).await;
    }
    owner.post(&format!("/v1/limits/{limit}/reserve"), &amount(1), 403).await;
    server.stop().await;
}
