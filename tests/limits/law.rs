//! The law and the firm's own rules over HTTP: figures before and after, the bound met exactly and passed by one fen.

use serde_json::{Value, json};

use super::support::{Books, act, amount, grant_body};
use crate::support::{Answer, Server};

/// Enters a parameter from today on and has it approved.
async fn enter(server: &Server, books: &Books, value: Value) {
    let today = domain::time::TenantZone::default().date_of(server.app.clock.now());
    let body = json!({ "value": value, "effective_from": today, "source": "示例" });
    let id = books.finance.post("/v1/parameters", &body, 201).await.text("/id");
    books.executive.act(&format!("/v1/parameters/{id}/approve"), 1, &json!({}), 200).await;
}

async fn net_assets(server: &Server, books: &Books, amount_fen: i64) {
    enter(server, books, json!({ "kind": "net_assets", "amount_fen": amount_fen })).await;
}

/// What a refusal or a what-if says of one rule: before, after, bound, room, and whether it is broken.
fn figure(answer: &Answer, rule: &str) -> (i64, i64, i64, i64, bool) {
    let figures = answer.body["figures"].as_array().unwrap_or_else(|| panic!("no figures: {:#}", answer.body));
    let found = figures.iter().find(|one| one["rule"] == rule).unwrap_or_else(|| panic!("no {rule}: {figures:#?}"));
    let number = |name: &str| found[name].as_i64().expect("a number");
    (number("before_fen"), number("after_fen"), number("bound_fen"), number("room_fen"), found["broken"] == true)
}

#[actix_web::test]
async fn one_client_may_have_a_tenth_of_net_assets_and_not_a_fen_more() {
    let server = Server::start().await;
    let books = Books::open(&server, "tenth").await;
    let limit = books.limit(&server, "13900000001", 80_000_000).await;
    let reservation = books.reserve(&limit, 80_000_000).await;
    books.draw(&reservation, 20_000_000).await;
    // a small enterprise weighs 75 %: 15 million fen are booked, and 30 million are the bound
    net_assets(&server, &books, 300_000_000).await;
    let draw = format!("/v1/reservations/{reservation}/draw");
    let refused = books.finance.post(&draw, &amount(20_000_001), 409).await;
    assert_eq!(refused.code(), "limit_rules_broken");
    assert_eq!(figure(&refused, "one_client"), (15_000_000, 30_000_001, 30_000_000, 15_000_000, true));
    let asked = json!({ "operation": "draw", "reservation": reservation, "amount_fen": 20_000_001 });
    let told = books.executive.post("/v1/limits/what-if", &asked, 200).await;
    assert_eq!(
        (told.body["allowed"].as_bool(), told.text("/problem/code")),
        (Some(false), "limit_rules_broken".into())
    );
    assert_eq!(figure(&told, "one_client"), figure(&refused, "one_client"));
    let asked = json!({ "operation": "draw", "reservation": reservation, "amount_fen": 20_000_000 });
    let told = books.executive.post("/v1/limits/what-if", &asked, 200).await;
    assert_eq!(told.body["allowed"], true);
    assert_eq!(figure(&told, "one_client"), (15_000_000, 30_000_000, 30_000_000, 0, false));
    // the what-if had no effect, so that the same draw passes now, and the next fen does not
    books.draw(&reservation, 20_000_000).await;
    books.finance.post(&draw, &amount(2), 409).await;
    // less net assets still: nothing more is drawn, and what is drawn can be repaid
    net_assets(&server, &books, 100_000_000).await;
    books.finance.post(&draw, &amount(1), 409).await;
    server.stop().await;
}

#[actix_web::test]
async fn without_net_assets_nothing_of_the_law_can_be_judged() {
    let server = Server::start().await;
    let books = Books::open(&server, "none").await;
    let approval = books.approval(&server, "13900000001", 0).await;
    net_assets(&server, &books, 0).await;
    let refused = books.executive.post("/v1/limits", &grant_body(&server, &approval, 1_000, true), 409).await;
    assert_eq!(refused.code(), "limit_rules_broken");
    net_assets(&server, &books, 100_000_000_000).await;
    books.grant(&server, &approval, 1_000, true).await;
    server.stop().await;
}

#[actix_web::test]
async fn promises_to_one_client_add_up() {
    let server = Server::start().await;
    let books = Books::open(&server, "promises").await;
    // two applications of one enterprise, 30 million fen each as it weighs: the bound is between one and both
    net_assets(&server, &books, 500_000_000).await;
    let (first, second) =
        (books.approval(&server, "13900000001", 0).await, books.approval(&server, "13900000002", 0).await);
    let made = books.executive.post("/v1/limits", &grant_body(&server, &first, 40_000_000, true), 201).await;
    assert_eq!(figure(&made, "one_client"), (0, 30_000_000, 50_000_000, 20_000_000, false));
    let refused = books.executive.post("/v1/limits", &grant_body(&server, &second, 40_000_000, true), 409).await;
    assert_eq!(figure(&refused, "one_client"), (30_000_000, 60_000_000, 50_000_000, 20_000_000, true));
    // drawing what was promised uses the promise up and adds nothing to it
    let reservation = books.reserve(&made.text("/limit/id"), 40_000_000).await;
    books.draw(&reservation, 40_000_000).await;
    let again = books.executive.post("/v1/limits", &grant_body(&server, &second, 40_000_000, true), 409).await;
    assert_eq!(figure(&again, "one_client"), figure(&refused, "one_client"));
    server.stop().await;
}

#[actix_web::test]
async fn related_clients_count_together() {
    let server = Server::start().await;
    let books = Books::open(&server, "group").await;
    let (first, second) =
        (books.approval(&server, "13900000001", 0).await, books.approval(&server, "13900000002", 1).await);
    let one = books.grant(&server, &first, 40_000_000, true).await;
    let other = books.grant(&server, &second, 40_000_000, true).await;
    let customer = async |limit: &str| books.executive.get(&format!("/v1/limits/{limit}"), 200).await.text("/customer");
    let (a, b) = (customer(&one).await, customer(&other).await);
    let reserved = books.reserve(&other, 40_000_000).await;
    books.draw(&books.reserve(&one, 40_000_000).await, 40_000_000).await;
    // 15 % of 300 million are 45 million: each alone has 30 million, within no one's tenth… so the tenth is met by both
    net_assets(&server, &books, 300_000_000).await;
    let draw = format!("/v1/reservations/{reserved}/draw");
    let officer = books.firm.staff("investigator");
    let related = json!({ "other": b, "kind": "controller", "source": "registry", "valid_from": "2020-01-01" });
    officer.post(&format!("/v1/customers/{a}/relations"), &related, 201).await;
    let refused = books.finance.post(&draw, &amount(20_000_001), 409).await;
    assert_eq!(figure(&refused, "client_group"), (30_000_000, 45_000_001, 45_000_000, 15_000_000, true));
    assert!(!figure(&refused, "one_client").4, "{:#}", refused.body);
    books.finance.post(&draw, &amount(20_000_000), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn none_for_the_controlling_shareholder_and_no_more_than_a_ceiling() {
    let server = Server::start().await;
    let books = Books::open(&server, "art17").await;
    let approval = books.approval(&server, "13900000001", 0).await;
    let limit = books.grant(&server, &approval, 10_000_000, true).await;
    let shown = books.executive.get(&format!("/v1/limits/{limit}"), 200).await;
    let ceiling = json!({
        "kind": "ceiling", "dimension": "product", "subject": shown.text("/product"), "measure": "nominal",
        "bound_fen": 5_000_000,
    });
    enter(&server, &books, ceiling).await;
    let reservation = books.reserve(&limit, 10_000_000).await;
    let draw = format!("/v1/reservations/{reservation}/draw");
    let refused = books.finance.post(&draw, &amount(5_000_001), 409).await;
    assert_eq!(figure(&refused, "product_ceiling"), (0, 5_000_001, 5_000_000, 5_000_000, true));
    assert!(refused.body["figures"].to_string().contains(&shown.text("/product")), "{:#}", refused.body);
    books.finance.post(&draw, &amount(5_000_000), 200).await;

    let customer = format!("/v1/customers/{}", shown.text("/customer"));
    let officer = books.firm.staff("investigator");
    let version = officer.get(&customer, 200).await.version.expect("a version");
    officer.patch(&customer, version, &json!({ "controlling_party": true }), 200).await;
    let refused = books.executive.post("/v1/limits", &grant_body(&server, &approval, 1_000, true), 409).await;
    assert!(figure(&refused, "controlling_party").4, "{:#}", refused.body);
    server.stop().await;
}

#[actix_web::test]
async fn an_approval_and_its_limit_happen_together_or_not_at_all() {
    let server = Server::start().await;
    let books = Books::open(&server, "both").await;
    let applicant = books.firm.applicant(&server, "13900000001").await;
    let id = books.reviewed(&server, &applicant, 0).await;
    net_assets(&server, &books, 100_000_000).await;
    let terms =
        json!({ "amount_fen": 80_000_000, "term_months": 12, "conditions": [], "limit": { "revolving": true } });
    let refused = act(&books.executive, &id, "approve", &terms, 409).await;
    assert_eq!(figure(&refused, "one_client"), (0, 60_000_000, 10_000_000, 10_000_000, true));
    assert_eq!(books.executive.get(&format!("/v1/applications/{id}"), 200).await.text("/state"), "approving");
    assert_eq!(applicant.get("/v1/my/limits", 200).await.body["items"], json!([]));
    net_assets(&server, &books, 10_000_000_000).await;
    act(&books.executive, &id, "approve", &terms, 200).await;
    let mine = applicant.get("/v1/my/limits", 200).await;
    assert_eq!(mine.body["items"][0]["granted_fen"], 80_000_000);
    server.stop().await;
}
