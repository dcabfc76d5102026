//! What belongs to a guarantee stays as long as it lasts, then blocked as long as the law asks, and then goes by itself.

use chrono::{Days, Duration};
use serde_json::json;

use super::{Farmer, approve, became, opened};
use crate::canaries::search::found;
use crate::support::{Firm, LimitFirm, Server, person_form, today, zhidan};

const AMOUNT: i64 = 4_000_000;

#[actix_web::test]
async fn what_was_approved_is_blocked_until_its_period_is_over_and_then_erased() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "blocked").await;
    let farmer = Farmer::is_approved(&server, &firm, AMOUNT).await;
    let customers = firm.staff("clerk").get("/v1/customers", 200).await;
    let customer = format!("/v1/customers/{}", customers.text("/items/0/id"));
    let until = today(&server) + Days::new(3_650);
    let gone = farmer.leaves(&server, &firm).await;
    for class in ["applications", "documents", "scores", "customers"] {
        assert_eq!(became(&gone.body["outcome"], class), [("blocked".to_owned(), json!(until))], "{class}");
    }
    assert_eq!(became(&gone.body["outcome"], "account")[0].0, "erased");
    assert_eq!(became(&gone.body["outcome"], "limits"), [("kept".to_owned(), json!(until))]);
    // it is kept, and nobody sees it
    let officer = firm.staff("investigator");
    officer.get(&format!("/v1/applications/{}", farmer.id), 404).await;
    officer.post(&format!("/v1/applications/{}/reveal", farmer.id), &json!({ "reason": "查看" }), 404).await;
    officer.get(&customer, 404).await;
    officer.post(&format!("{customer}/reveal"), &json!({ "reason": "查看" }), 404).await;
    assert_eq!(firm.staff("clerk").get("/v1/customers", 200).await.body["items"], json!([]));
    let number = farmer.mint.all().into_iter().find(|(what, _)| what == "ID number").expect("it").1;
    assert!(!found(&opened(&server, &firm).await, &number).is_empty());
    // nothing new is begun with it
    let executive = firm.staff("executive");
    let approval = executive.get("/v1/limit-approvals?open=true&limit=100", 200).await.text("/items/0/id");
    let day = today(&server);
    let order = json!({
        "approval": approval, "amount_fen": AMOUNT, "revolving": false, "valid_from": day, "valid_to": day + Days::new(365),
        "reason": "按批复授信",
    });
    executive.post("/v1/limits", &order, 404).await;
    // until the period is over
    server.app.clock.advance(Duration::days(3_649));
    purge(&server).await;
    assert!(!found(&opened(&server, &firm).await, &number).is_empty());
    server.app.clock.advance(Duration::days(2));
    purge(&server).await;
    let heaps = opened(&server, &firm).await;
    for (what, canary) in farmer.mint.all() {
        assert_eq!(found(&heaps, &canary), Vec::<&str>::new(), "{what}");
    }
    let verified = zhidan(server.settings(), &["audit", "verify", "--tenant", &firm.slug]).await;
    assert_eq!(verified.code, 0, "{verified:?}");
    server.stop().await;
}

#[actix_web::test]
async fn who_comes_again_is_a_customer_again() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "returning").await;
    let farmer = Farmer::is_approved(&server, &firm, AMOUNT).await;
    let clerk = firm.staff("clerk");
    let before = clerk.get("/v1/customers", 200).await.text("/items/0/id");
    farmer.leaves(&server, &firm).await;
    assert_eq!(clerk.get("/v1/customers", 200).await.body["items"], json!([]));
    let number = farmer.mint.all().into_iter().find(|(what, _)| what == "ID number").expect("it").1;
    server.app.clock.advance(Duration::seconds(61));
    let anew = firm.applicant(&server, &farmer.phone).await;
    let id = firm.person_submitted(&server, &anew, &person_form(&number)).await;
    approve(&firm, &id, AMOUNT).await;
    assert_eq!(clerk.get("/v1/customers", 200).await.text("/items/0/id"), before);
    // nor does the night take it back
    purge(&server).await;
    assert_eq!(clerk.get("/v1/customers", 200).await.text("/items/0/id"), before);
    // what was blocked of the first time stays so
    firm.staff("investigator").get(&format!("/v1/applications/{}", farmer.id), 404).await;
    server.stop().await;
}

async fn purge(server: &Server) {
    assert_eq!(api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE[..1]).await.expect("a plan"), 1);
    server.work().await;
}

#[actix_web::test]
async fn a_limit_that_is_open_keeps_its_application_in_use() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "lasting").await;
    let firm = &books.firm;
    let farmer = Farmer::is_approved(&server, firm, AMOUNT).await;
    books.grant(&server, &farmer.id, AMOUNT, &json!({})).await;
    let gone = farmer.leaves(&server, firm).await;
    for class in ["applications", "customers"] {
        assert_eq!(became(&gone.body["outcome"], class), [("in_use".to_owned(), json!(null))], "{class}");
    }
    // those who look after the guarantee go on seeing it; the account is closed all the same
    let case = format!("/v1/applications/{}", farmer.id);
    firm.staff("investigator").get(&case, 200).await;
    farmer.caller.get("/v1/session", 401).await;
    let request = format!("/v1/privacy-requests/{}", gone.text("/request"));
    let seen = firm.staff("security_officer").get(&request, 200).await;
    assert_eq!((seen.body["by_person"].clone(), seen.text("/state")), (json!(true), "done".to_owned()));
    assert_eq!(seen.body["outcome"], gone.body["outcome"]);
    server.stop().await;
}
